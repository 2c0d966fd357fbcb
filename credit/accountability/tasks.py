"""Celery entry points of accountability files."""

from celery import shared_task

from credit.accountability import services
from crm.kernel import clock


@shared_task(name="accountability.watch")
def watch() -> dict[str, int]:
    """Files are opened and frozen. Runs hourly on beat, and may run at any time."""
    return services.watch(now=clock.now())
