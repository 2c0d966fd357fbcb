"""How a feature says that something happened without knowing who cares: one outbox row for each reaction that others contributed."""

from collections.abc import Iterable
from typing import Any

from crm.kernel.contributions import Reaction, of
from crm.kernel.outbox import Outbox, enqueue

INDEX_TASK = "search.index"
INDEXED_AT_ONCE = 500


def announce(event: str, *, actor: Any, written: tuple[str, int] | None = None, **ids: Any) -> None:
    """Enqueue every Reaction to `event`, in the surrounding transaction, with these ids as arguments. One statement.

    `written`: a searchable document (kind, id) that the event wrote, as `reindex` would say.
    """
    rows = [Outbox(task=reaction.task, args=ids, actor=actor) for reaction in of(Reaction) if reaction.event == event]
    if written is not None:
        rows.append(Outbox(task=INDEX_TASK, args={"kind": written[0], "ids": [written[1]]}, actor=actor))
    Outbox.objects.bulk_create(rows)


def reindex(kind: str, ids: Iterable[int], *, actor: Any = None) -> None:
    """Say, in the surrounding transaction, that searchable documents were written, changed, hidden or removed. Takes many at once."""
    listed = sorted(set(ids))
    for start in range(0, len(listed), INDEXED_AT_ONCE):
        enqueue(INDEX_TASK, actor=actor, kind=kind, ids=listed[start : start + INDEXED_AT_ONCE])
