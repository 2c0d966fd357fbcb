"""An effect that shows every repetition: not safe to run twice, so it stands at 1 only where the outbox did it exactly once."""

from crm.kernel.models import Sequence
from crm.kernel.outbox import outbox_task
from tests.proof.witness import YEAR, prefix_of


@outbox_task("witness.count")
def count(*, actor_id: int | None, visit_id: int) -> None:
    """Count once more."""
    Sequence.take(prefix_of(visit_id), YEAR)
