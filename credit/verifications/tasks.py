"""Celery entry points of verifications."""

from celery import shared_task

from credit.verifications import services
from crm.kernel import clock


@shared_task(name="verifications.watch")
def watch() -> int:
    """Silence after the bank's days settles a verification. Runs every ten minutes on beat."""
    return services.watch(now=clock.now())
