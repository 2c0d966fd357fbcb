"""Celery entry points of red flags."""

from celery import shared_task

from credit.flags import services
from crm.kernel import clock


@shared_task(name="flags.watch")
def watch() -> int:
    """Late answers go one level up. Runs every ten minutes on beat."""
    return services.watch(now=clock.now())
