"""Where features of credit say what they asked of people about a live loan, by when, and when it was done.

Covenant tests come the same way: `credit.covenants` registers a `DutySource` of its tests in its contributions, nothing here changes.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from crm.kernel.contributions import of
from crm.kernel.errors import Sentence
from crm.kernel.worklist import WorkItem, WorkState
from crm.staff.models import OrgUnit


@dataclass(frozen=True)
class Scope:
    """Of whom duties are asked for: a client, its company, one live pack, and between which moments they fell due."""

    client_id: int
    company_id: int
    pack_id: int
    centre: OrgUnit
    since: dt.datetime
    until: dt.datetime


@dataclass(frozen=True)
class Duty:
    """One thing that had to be done by a moment. `kind` is one of its source's; `label` is data (a code, a number), not a sentence.

    `by_id` did it, or had to. `is_hushed`: the manager may not learn of it (tipping-off); it is credit's own and counts for nobody's score.
    """

    kind: str
    label: str
    due_at: dt.datetime
    done_at: dt.datetime | None = None
    by_id: int | None = None
    url: str = ""
    is_hushed: bool = False


@dataclass(frozen=True)
class DutySource:
    """A feature that asks for things: `found(scope)` gives what fell due within a scope, in a fixed number of statements.

    It gives nothing from which a draw of a surprise visit that is not revealed could be read (invariant 16). `kinds` are words for them.
    """

    code: str
    kinds: Mapping[str, Sentence] = field(hash=False, compare=False)
    found: Callable[[Scope], Iterable[Duty]] = field(hash=False, compare=False)
    order: int = 0


def gathered(scope: Scope) -> list[Duty]:
    """What all features asked for within a scope, the earliest due first."""
    found = [duty for source in of(DutySource) for duty in source.found(scope) if scope.since <= duty.due_at <= scope.until]
    return sorted(found, key=lambda duty: (duty.due_at, duty.kind, duty.label))


def words_of_kinds() -> dict[str, Sentence]:
    """The words for the kinds of all sources."""
    return {kind: label for source in of(DutySource) for kind, label in source.kinds.items()}


def of_work(
    scope: Scope, *, subject_type: str, subjects: Any, kinds: Iterable[str], names: Mapping[int, str], url: Callable[[int], str]
) -> Iterator[Duty]:
    """Duties that a feature wrote as work items, about subjects whose ids are `subjects` (a query); `names` their labels. One statement.

    What was dropped before it was due was no duty; dropped after that, it was not done.
    """
    rows = WorkItem.objects.filter(subject_type=subject_type, subject_id__in=subjects, kind__in=list(kinds))
    for item in rows.filter(due_at__range=(scope.since, scope.until)).order_by("due_at", "pk"):
        dropped = item.state == WorkState.DROPPED
        if item.due_at is None or item.subject_id is None or (dropped and item.closed_at is not None and item.closed_at <= item.due_at):
            continue
        done_at = item.closed_at if item.state == WorkState.DONE else None
        label = names.get(item.subject_id, "")
        yield Duty(item.kind, label, item.due_at, done_at, item.closed_by_id or item.assignee_id, url(item.subject_id))
