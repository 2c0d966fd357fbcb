"""What stands on Today: work items by urgency, and the cards of all features."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.kernel.addresses import url_of
from crm.kernel.contributions import ApprovalKind, NavItem, TodayCard, WorkKind, of
from crm.kernel.errors import Sentence
from crm.kernel.prepared import Prepared
from crm.kernel.worklist import WorkItem, WorkState
from crm.staff.stand_in import form_of, stand_in, values_of

ROWS_READ = 40
NEXT_SHOWN = 5
_READ = ("kind", "title", "assignee_id", "due_at", "state", "subject_id", "company__name_en", "company__name_zh")


@dataclass(frozen=True)
class Work:
    """A work item as a row: its kind's looks, and where it leads."""

    item: WorkItem
    label: Sentence
    icon: str
    url: str
    can_tick: bool

    @property
    def is_shared(self) -> bool:
        """It waits in a queue for whoever takes it first."""
        return self.item.assignee_id is None

    @property
    def is_done(self) -> bool:
        """Nothing more to do."""
        return self.item.state != WorkState.OPEN


@dataclass
class DoNow:
    """Open work in groups: late, today, then a few of what comes next."""

    late: list[Work] = field(default_factory=list)
    today: list[Work] = field(default_factory=list)
    following: list[Work] = field(default_factory=list)
    is_cut: bool = False

    @property
    def groups(self) -> list[tuple[Sentence, list[Work]]]:
        """The groups that have rows, each with its heading."""
        named = [(_("Late"), self.late), (_("Today"), self.today), (pgettext_lazy("after today", "Next"), self.following)]
        return [(label, rows) for label, rows in named if rows]


def work_kinds() -> dict[str, WorkKind]:
    """How each kind of work item looks, by kind."""
    return {kind.kind: kind for kind in of(WorkKind)}


def as_work(item: WorkItem) -> Work:
    """One item as a row."""
    return _row(item, work_kinds())


def _row(item: WorkItem, kinds: dict[str, WorkKind]) -> Work:
    kind = kinds.get(item.kind, WorkKind(item.kind, "", "check"))
    if kind.url_name and item.subject_id:
        url = url_of(kind.url_name, item.subject_id)
    else:
        url = item.company.get_absolute_url() if item.company else ""
    return Work(item, kind.label, kind.icon, url, kind.tick is not None)


def open_work(user: Any) -> QuerySet[WorkItem]:
    """One's own work and that of the queues one serves, the most pressing first."""
    return to_do(user).select_related("company").order_by(F("due_at").asc(nulls_last=True), "pk")


def to_do(user: Any) -> QuerySet[WorkItem]:
    """Open work but for requests that wait for a decision (these stand in the inbox of approvals), and for what one asked others to do."""
    items = WorkItem.objects.visible_to(user).open().exclude(kind__in=[kind.kind for kind in of(ApprovalKind)])
    return items.exclude(kind__in=[kind.kind for kind in of(WorkKind) if kind.second_person], created_by_id=user.pk)


_PRESSING: Prepared[WorkItem] = Prepared(lambda form: open_work(stand_in(form)).only(*_READ)[: ROWS_READ + 1])


def do_now(*, user: Any, now: dt.datetime) -> DoNow:
    """What is late, due today and next, in the reader's time zone. One query."""
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0) + dt.timedelta(days=1)
    items = _PRESSING(form_of(user), **values_of(user))
    kinds, found = work_kinds(), DoNow(is_cut=len(items) > ROWS_READ)
    for item in items[:ROWS_READ]:
        row = _row(item, kinds)
        if item.due_at is not None and item.due_at < now:
            found.late.append(row)
        elif item.due_at is not None and item.due_at < midnight:
            found.today.append(row)
        elif len(found.following) < NEXT_SHOWN:
            found.following.append(row)
        else:
            found.is_cut = True
    return found


@dataclass(frozen=True)
class Card:
    """A feature's card with its content."""

    card: TodayCard
    content: Any


def columns(*, user: Any, now: dt.datetime) -> list[list[Card]]:
    """The cards of all features in the second and third column, empty columns left out."""
    stacks: dict[int, list[Card]] = {}
    for card in of(TodayCard):
        if card.shown(user):
            content = card.content(user=user, now=now)
            if content is not None:
                stacks.setdefault(card.column, []).append(Card(card, content))
    return [stacks[column] for column in sorted(stacks)]


def places(user: Any) -> list[NavItem]:
    """Where somebody without cards of their own may begin: the entries of their menu."""
    return [item for item in of(NavItem) if item.url_name != "today:today" and item.shown(user)]
