"""Faults that a proof can plant in its own servers, to see that it notices them. Never in the product: only the witness knows them."""

import time
from collections.abc import Callable
from typing import Any

from django.utils import timezone

from crm.kernel import outbox, tasks
from crm.kernel.outbox import Outbox
from crm.web.views import operations

FORGETFUL = "forgetful"
LATE = "late"
_GAP_SECONDS = 0.5


def plant(name: str) -> None:
    """Put one in place."""
    if name == FORGETFUL:
        operations.submit_once = _submit_anew
    elif name == LATE:
        tasks.run = _run_then_say_so
    elif name:
        raise ValueError(f"There is no fault {name}.")


def _submit_anew(key: str, *, actor: Any, operation: str, body: Any, action: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """Does not remember what was sent before."""
    return action()


def _run_then_say_so(row_id: int) -> bool:
    """Marks work as done in a transaction of its own, a moment later."""
    row = Outbox.objects.get(pk=row_id)
    consumer, _ = outbox._consumers[row.task]
    consumer(actor_id=row.actor_id, **row.args)
    time.sleep(_GAP_SECONDS)
    Outbox.objects.filter(pk=row_id).update(done_at=timezone.now())
    return True
