"""Celery entry points of reviews."""

from celery import shared_task

from credit.reviews import services
from crm.kernel import clock


@shared_task(name="reviews.watch")
def watch() -> dict[str, int]:
    """Late answers and silent fact checks. Runs every ten minutes on beat."""
    return services.watch(now=clock.now())
