"""How a feature says that something happened without knowing who cares: one outbox row for each reaction that others contributed."""

from typing import Any

from crm.kernel.contributions import Reaction, of
from crm.kernel.outbox import enqueue


def announce(event: str, *, actor: Any, **ids: Any) -> None:
    """Enqueue every Reaction to `event`, in the surrounding transaction, with these ids as arguments."""
    for reaction in of(Reaction):
        if reaction.event == event:
            enqueue(reaction.task, actor=actor, **ids)
