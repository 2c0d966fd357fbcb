"""Visits as documents of full-text search: what is indexed of them, who may find them, and what a hit shows.

Scope token by token as `VisitQuerySet.visible_to`: whom the visit's own post and those who cover the company now reach, and colleagues
who were there, as long as a post of theirs reads visits at all. A visit's reader reads all of its words.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.db.models import F, Prefetch

from crm.companies.models import Coverage
from crm.kernel.searchable import Document, Shown, owned_tokens
from crm.visits.choices import FACTS, NOTES, PLAN_TEXTS, SEARCH_KIND, VisitState
from crm.visits.models import Addendum, Visit
from crm.visits.permissions import can_read_visits

KIND, CODE = SEARCH_KIND, 2
_TEXTS = ("summary", "objective", *FACTS, *NOTES, "next_step", *PLAN_TEXTS, "met", "place_text")


def tokens_of(user: Any) -> Iterator[str]:
    """What further tokens somebody holds now: that of the visits which they went along to."""
    if can_read_visits(user=user):
        yield f"visits:with:{user.pk}"


def scope_of(visit: Visit, covered: Iterable[Coverage]) -> frozenset[str]:
    """Who may find it. `covered` is who looks after its company now; its `bank_attendees` are loaded."""
    there = {f"visits:with:{attendee.user_id}" for attendee in visit.bank_attendees.all()}
    return frozenset(there).union(owned_tokens(visit), *map(owned_tokens, covered))


def documents(ids: Sequence[int]) -> Iterator[Document]:
    """The visits of these ids. Four statements."""
    rows = list(_with_text(Visit.objects.filter(pk__in=ids)).prefetch_related("bank_attendees"))
    covered: defaultdict[int, list[Coverage]] = defaultdict(list)
    for coverage in Coverage.objects.current().filter(company_id__in={row.company_id for row in rows}):
        covered[coverage.company_id].append(coverage)
    for row in rows:
        yield Document(
            kind=KIND,
            id=row.pk,
            version=row.version + row.search_changes,
            title=" ".join(filter(None, (row.company.name_en, row.company.name_zh))),
            body=text_of(row),
            published_at=row.at,
            scope=scope_of(row, covered[row.company_id]),
            companies=(row.company_id,),
        )


def versions() -> Iterable[tuple[int, int]]:
    """(id, version) of every visit, by id."""
    rows = Visit.objects.order_by("pk").values_list("pk", F("version") + F("search_changes"))
    return rows.iterator(chunk_size=10_000)


def visible(user: Any, ids: Sequence[int]) -> dict[int, Shown]:
    """What this person may see of these visits; the operator sees all. Two statements."""
    rows = Visit.objects.all() if user is None else Visit.objects.visible_to(user)
    return {row.pk: _shown(row) for row in _with_text(rows.filter(pk__in=ids)).select_related("owner")}


def text_of(visit: Visit) -> str:
    """All that was written of a visit, what was said first. Its `addenda` are loaded."""
    return " · ".join(filter(None, (*(getattr(visit, name) for name in _TEXTS), *(addendum.text for addendum in visit.addenda.all()))))


def _with_text(rows: Any) -> Any:
    return rows.select_related("company").prefetch_related(Prefetch("addenda", queryset=Addendum.objects.order_by("pk")))


def _shown(visit: Visit) -> Shown:
    labels = (visit.get_kind_display(), visit.get_purpose_display(), visit.get_state_display() if visit.state != VisitState.DONE else "")
    return Shown(
        visit.company.name, visit.get_absolute_url(), text_of(visit), source=visit.owner.name, labels=tuple(map(str, filter(None, labels)))
    )
