"""Celery entry points of checklists."""

from celery import shared_task

from credit.checklists import services
from crm.kernel import clock


@shared_task(name="checklists.remind")
def remind() -> int:
    """Papers that are about to expire. Runs every day on beat."""
    return services.remind(now=clock.now())
