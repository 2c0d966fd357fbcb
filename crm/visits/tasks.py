"""Celery entry points of visits."""

from celery import shared_task

from crm.kernel.outbox import outbox_task
from crm.visits import services


@shared_task(name="visits.settle_coverage")
def settle_coverage() -> int:
    """Find out of which companies no other centre has visits. Runs every hour on beat."""
    return services.settle_coverage()


@outbox_task("visits.follow_companies")
def follow_companies(*, actor_id: int | None, company_ids: list[int]) -> None:
    """Companies were renamed, or others look after them: search follows."""
    services.follow_companies(company_ids=company_ids)
