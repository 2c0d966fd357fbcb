"""What waits for a person's decision, what they decided, and the cards and panes that features give for both."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Case, Count, DateTimeField, F, Q, QuerySet, When, Window
from django.utils.html import strip_tags
from django.utils.translation import gettext_lazy as _

from crm.kernel.addresses import url_of
from crm.kernel.contributions import ApprovalAct, ApprovalCard, ApprovalKind, ApprovalPane, WorkKind, of
from crm.kernel.errors import RuleBroken, Sentence
from crm.kernel.prepared import Given, Prepared
from crm.kernel.worklist import WorkItem, WorkItemQuerySet, WorkState
from crm.staff.choices import DECIDING_ROLES
from crm.staff.stand_in import Form, form_of, stand_in, values_of
from crm.web.paging import paginate

PAGE, LONGEST = 25, 200
ORDER = ("due_at",)
NEAREST = 3
MEASURED = 500
_AGES = ((1, _("less than a day")), (3, _("1 to 3 days")), (7, _("3 to 7 days")))
_WEEK = dt.timedelta(days=7)


def kinds() -> dict[str, ApprovalKind]:
    """The kinds of requests, by name, in the order of their pills."""
    return {kind.kind: kind for kind in of(ApprovalKind)}


def decides(user: Any) -> bool:
    """Whether this person holds a post in which requests are decided. No statement."""
    return bool(user.actor.has_role(*DECIDING_ROLES))


def of_decider(user: Any) -> WorkItemQuerySet:
    """Requests of all kinds, waiting or over, that stand in this person's queues."""
    return WorkItem.objects.for_deciders(user).filter(kind__in=list(kinds()))


def waiting(user: Any, *, kind: str = "") -> QuerySet[WorkItem]:
    """Those that wait, of one kind or of all."""
    rows = of_decider(user).open()
    return rows.filter(kind=kind) if kind else rows


def waiting_anywhere() -> bool:
    """Whether any request waits in the whole bank."""
    return WorkItem.objects.open().filter(kind__in=list(kinds())).exists()


def decided(user: Any) -> QuerySet[WorkItem]:
    """Requests that this person closed, as long as they hold a post."""
    if not user.actor.posts:
        return WorkItem.objects.none()
    return WorkItem.objects.filter(closed_by_id=user.pk, state=WorkState.DONE, kind__in=list(kinds()))


@dataclass(frozen=True)
class Row:
    """A request in the list: its work item, its kind, and its card."""

    item: WorkItem
    kind: ApprovalKind
    card: ApprovalCard
    can_choose: bool

    @property
    def line(self) -> str:
        """What is asked as plain text: features put amounts in as the toolkit draws them."""
        return strip_tags(str(self.card.line))

    @property
    def url(self) -> str:
        """Where it is decided."""
        return url_of("approvals:request_detail", self.item.pk)


def rows_of(items: Iterable[WorkItem], user: Any) -> list[Row]:
    """Items as rows, in their order; those whose request the reader may not see are left out. Two statements a kind at most."""
    known = kinds()
    subjects: dict[str, list[int]] = {}
    items = list(items)
    for item in items:
        subjects.setdefault(item.kind, []).append(item.subject_id or 0)
    cards = {name: known[name].cards(user, ids) for name, ids in subjects.items()}
    rows = []
    for item in items:
        card = cards[item.kind].get(item.subject_id or 0)
        if card is not None:
            rows.append(Row(item, known[item.kind], card, card.plain and bool(known[item.kind].together)))
    return rows


@dataclass(frozen=True)
class Pill:
    """A kind in the filter above the list."""

    name: str
    label: Sentence
    count: int
    is_chosen: bool


@dataclass(frozen=True)
class Listing:
    """The left side: the requests nearest to their limit, how many there are of each kind, how many are late, how old they are."""

    rows: list[Row]
    next: str | None
    pills: list[Pill]
    total: int
    late: int
    ages: list[tuple[Sentence, int]]

    @property
    def has_plain(self) -> bool:
        """Whether some of the rows may be decided together."""
        return any(row.can_choose for row in self.rows)


def listing(*, user: Any, now: dt.datetime, kind: str = "", size: int = PAGE) -> Listing:
    """The first `size` requests (200 at most) and the counts of all. One statement for each of the two, and the kinds' for the cards."""
    kind = kind if kind in kinds() else ""
    page = paginate(waiting(user, kind=kind).select_related("company"), ORDER, limit=min(max(size, PAGE), LONGEST))
    sums = _sums(user, now)
    pills = [Pill("", _("All"), sum(row["n"] for row in sums.values()), not kind)]
    pills += [Pill(name, one.label, sums[name]["n"], name == kind) for name, one in kinds().items() if name in sums]
    late = sum(row["late"] for row in sums.values())
    return Listing(rows_of(page.rows, user), page.next, pills, pills[0].count, late, _ages(sums))


def more(*, user: Any, kind: str, cursor: str) -> tuple[list[Row], str | None]:
    """The next rows behind a cursor, and the cursor behind these."""
    page = paginate(waiting(user, kind=kind if kind in kinds() else "").select_related("company"), ORDER, cursor=cursor, limit=PAGE)
    return rows_of(page.rows, user), page.next


def _sums(user: Any, now: dt.datetime) -> dict[str, dict[str, int]]:
    """Counts by kind: all, late, and younger than each of the ages."""
    younger = {f"under_{days}": Count("pk", filter=Q(created_at__gt=now - dt.timedelta(days=days))) for days, _label in _AGES}
    counts: Any = waiting(user).values("kind").order_by().annotate(n=Count("pk"), late=Count("pk", filter=Q(due_at__lt=now)), **younger)
    return {row["kind"]: {name: value for name, value in row.items() if name != "kind"} for row in counts}


def _ages(sums: dict[str, dict[str, int]]) -> list[tuple[Sentence, int]]:
    """How long the requests have waited: how many in each band, empty bands left out."""
    found: list[tuple[Sentence, int]] = []
    before = 0
    for days, label in _AGES:
        until = sum(row[f"under_{days}"] for row in sums.values())
        found.append((label, until - before))
        before = until
    found.append((_("more than 7 days"), sum(row["n"] for row in sums.values()) - before))
    return [(label, count) for label, count in found if count]


@dataclass(frozen=True)
class Request:
    """One request with its pane; no pane where it is over."""

    item: WorkItem
    kind: ApprovalKind
    pane: ApprovalPane | None

    @property
    def is_open(self) -> bool:
        """Whether it still waits."""
        return self.item.state == WorkState.OPEN


def request_of(*, item_id: int, user: Any, now: dt.datetime) -> Request:
    """A request in the reader's queues with what a decider needs. ObjectDoesNotExist where missing or hidden."""
    item = of_decider(user).select_related("company", "closed_by").get(pk=item_id)
    kind = kinds()[item.kind]
    if item.state != WorkState.OPEN:
        if item.subject_id not in kind.cards(user, [item.subject_id or 0]):
            raise WorkItem.DoesNotExist
        return Request(item, kind, None)
    return Request(item, kind, kind.pane(user=user, subject_id=item.subject_id, now=now))


def next_request(*, user: Any, now: dt.datetime, after: WorkItem | None = None, kind: str = "") -> Request | None:
    """The request behind `after` in the order of the list, else the first that waits; None where none does."""
    rows = waiting(user, kind=kind if kind in kinds() else "").order_by(F("due_at").asc(nulls_last=True), "pk").values_list("pk", flat=True)
    found: list[int] = []
    if after is not None:
        found = list(rows.filter(_behind(after))[:NEAREST])
    for item_id in found + [pk for pk in rows[:NEAREST] if pk not in found and (after is None or pk != after.pk)]:
        try:
            return request_of(item_id=item_id, user=user, now=now)
        except ObjectDoesNotExist:
            continue
    return None


def _behind(item: WorkItem) -> Q:
    if item.due_at is None:
        return Q(due_at=None, pk__gt=item.pk)
    return Q(due_at__gt=item.due_at) | Q(due_at=item.due_at, pk__gt=item.pk) | Q(due_at=None)


def act_of(pane: ApprovalPane, code: str) -> ApprovalAct:
    """The act of this code. RuleBroken where the pane does not offer it."""
    act = next((act for act in pane.acts if act.code == code), None)
    if act is None:
        raise RuleBroken(_("That cannot be done with this request."), code="unknown_act")
    return act


def page_of(item: WorkItem) -> str:
    """The request's own page, where its feature says which."""
    known = {kind.kind: kind for kind in of(WorkKind)}.get(item.kind)
    return url_of(known.url_name, item.subject_id) if known and known.url_name and item.subject_id else ""


@dataclass(frozen=True)
class Pace:
    """How this person decided in the last 7 days: how many, and half of them within how long."""

    count: int
    half_within: dt.timedelta | None


def pace(*, user: Any, now: dt.datetime) -> Pace:
    """The last 500 at most. One statement."""
    recent = decided(user).filter(closed_at__gt=now - _WEEK).order_by("-closed_at").values_list("created_at", "closed_at")[:MEASURED]
    spans = [(closed - created).total_seconds() for created, closed in recent if closed is not None]
    return Pace(len(spans), dt.timedelta(seconds=median(spans)) if spans else None)


@dataclass(frozen=True)
class OnToday:
    """The card of Today: how many wait, how many are late, the nearest three."""

    waiting: int
    late: int
    nearest: Sequence[WorkItem]


def on_today(*, user: Any, now: dt.datetime) -> OnToday | None:
    """None where nothing waits. One statement besides that for the desks which the person keeps."""
    nearest = _NEAREST(form_of(user), **values_of(user), now=now)
    return OnToday(nearest[0].total, nearest[0].overdue, nearest) if nearest else None


def _nearest(form: Form) -> QuerySet[Any]:
    late: Any = Given("now", DateTimeField())
    rows = waiting(stand_in(form)).select_related("company").order_by(F("due_at").asc(nulls_last=True), "pk")
    totals = {"total": Window(Count("pk")), "overdue": Window(Count(Case(When(due_at__lt=late, then=1))))}
    return rows.annotate(**totals)[:NEAREST]


_NEAREST: Prepared[Any] = Prepared(_nearest)
