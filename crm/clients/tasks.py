"""What clients do after other features' events."""

from crm.clients.services import follow_names
from crm.kernel.outbox import outbox_task


@outbox_task("clients.follow_names")
def take_over_names(*, actor_id: int | None, company_ids: list[int]) -> None:
    """Companies were renamed: keep the order of the client list."""
    follow_names(company_ids=company_ids)
