"""Celery entry points of visits."""

from celery import shared_task

from crm.visits import services


@shared_task(name="visits.settle_coverage")
def settle_coverage() -> int:
    """Find out of which companies no other centre has visits. Runs every hour on beat."""
    return services.settle_coverage()
