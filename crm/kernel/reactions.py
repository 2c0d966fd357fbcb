"""How a feature says that something happened without knowing who cares: one outbox row for each reaction that others contributed."""

from collections.abc import Iterable
from typing import Any

from crm.kernel.contributions import Reaction, of
from crm.kernel.outbox import enqueue

INDEX_TASK = "search.index"
INDEXED_AT_ONCE = 500


def announce(event: str, *, actor: Any, **ids: Any) -> None:
    """Enqueue every Reaction to `event`, in the surrounding transaction, with these ids as arguments."""
    for reaction in of(Reaction):
        if reaction.event == event:
            enqueue(reaction.task, actor=actor, **ids)


def reindex(kind: str, ids: Iterable[int], *, actor: Any = None) -> None:
    """Say, in the surrounding transaction, that searchable documents were written, changed, hidden or removed. Takes many at once."""
    listed = sorted(set(ids))
    for start in range(0, len(listed), INDEXED_AT_ONCE):
        enqueue(INDEX_TASK, actor=actor, kind=kind, ids=listed[start : start + INDEXED_AT_ONCE])
