"""What deals do after other features' events. Safe to run twice."""

from django.contrib.auth import get_user_model
from django.utils import timezone

from crm.kernel.outbox import outbox_task
from prospects.deals import services


@outbox_task("deals.on_visit_logged")
def on_visit_logged(*, actor_id: int | None, visit_id: int) -> None:
    """A visit or call was logged: renew the protection of the company's open deals."""
    actor = get_user_model().objects.filter(pk=actor_id).first()
    services.renew_after_visit(visit_id=visit_id, actor=actor, now=timezone.now())


@outbox_task("deals.follow_names")
def follow_names(*, actor_id: int | None, company_ids: list[int]) -> None:
    """Companies were renamed: keep the order of the lists."""
    services.follow_names(company_ids=company_ids)
