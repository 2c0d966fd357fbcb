"""The board of monitoring: clients by class with their quotas, what is to be made today, late records. Counts, never a sealed day."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Q, Sum
from django.utils import timezone

from credit.flags import selectors as flag_selectors
from credit.flags.services import missing_figures
from credit.reviews.choices import Rating
from credit.risk.models import Standing
from credit.surprises import rules
from credit.surprises.choices import Origin, VisitState
from credit.surprises.models import Quota, SurpriseVisit
from credit.surprises.selectors import Progress
from crm.figures.choices import FileKind
from crm.figures.models import LimitUse
from crm.policy import selectors as policy

SHOWN = 20
_WAITING_READ = 10 * SHOWN
_FIGURES_BACK = 14


@dataclass
class Line:
    """One class: clients, live limits in Hong Kong dollars, visits needed and done this year, records late, open flags."""

    risk_class: str
    clients: int = 0
    live: Decimal = Decimal(0)
    needed: int = 0
    done: int = 0
    late: int = 0
    flags: int = 0

    @property
    def due(self) -> int:
        """Still to make this year."""
        return max(0, self.needed - self.done)


@dataclass
class Board:
    """All that the page shows. `missing`: kinds of the core bank's files that are too old to judge by."""

    lines: list[Line]
    total: Line
    today: list[SurpriseVisit] = field(default_factory=list)
    late: list[SurpriseVisit] = field(default_factory=list)
    latest: list[SurpriseVisit] = field(default_factory=list)
    missing: list[FileKind] = field(default_factory=list)


def board(user: Any, *, now: dt.datetime) -> Board:
    """Of the clients whose debt this person follows. Nine statements."""
    today = timezone.localdate(now)
    classes: dict[int, str] = {}
    for client_id, risk in Standing.objects.visible_to(user).order_by().values_list("client_id", "risk_class"):
        classes[client_id] = max(risk, classes.get(client_id, ""))
    progress = progress_of(classes, on=today)
    live = _live(classes, today)
    flags = flag_selectors.seen_counts(user, classes)
    seen = SurpriseVisit.objects.visible_to(user).select_related("client__company", "visitor", "companion")
    is_late = Q(record_due_at__lt=now, state=VisitState.AT_PLACE)
    # Both in one statement, of which the page has twelve.
    waiting = list(seen.filter(is_late | Q(on=today) & ~Q(state=VisitState.CANCELLED)).order_by("on", "begins_at", "pk")[:_WAITING_READ])
    late = [one for one in waiting if one.state == VisitState.AT_PLACE and one.record_due_at and one.record_due_at < now][:SHOWN]
    lines = {rating.value: Line(rating.value) for rating in Rating}
    total = Line("")
    for client_id, risk in classes.items():
        one = progress.get(client_id, Progress(0, 0, 0, 0))
        for line in (lines[risk], total):
            line.clients += 1
            line.live += live.get(client_id, Decimal(0))
            line.needed += one.needed
            line.done += min(one.counted, one.needed) if one.needed else one.counted
            line.flags += flags.get(client_id, 0)
            line.late += sum(visit.client_id == client_id for visit in late)
    return Board(
        list(lines.values()),
        total,
        today=[one for one in waiting if one.on == today][:SHOWN],
        late=late,
        latest=list(seen.filter(state=VisitState.RECORDED).order_by("-on", "-pk")[:SHOWN]),
        missing=missing_figures(on=today),
    )


def progress_of(client_ids: Iterable[int], *, on: dt.date) -> dict[int, Progress]:
    """How far clients are with the visits of the year of a day. Three statements.

    Needed are the windows that began under each frequency of the year: all of the newest, and of older ones what was made of them.
    """
    ids = list(client_ids)
    newest: dict[int, tuple[dt.date, int]] = {}
    for client_id, begins, count in (
        Quota.objects.filter(client__in=ids, from_on__year=on.year).order_by("from_on").values_list("client_id", "from_on", "windows")
    ):
        newest[client_id] = (begins, count)
    drawn: dict[int, int] = {}
    own: dict[int, int] = {}
    before: dict[int, int] = {}
    visits: Any = SurpriseVisit.objects
    for client_id, origin, day in visits.made().in_year(on.year).filter(client__in=ids).values_list("client_id", "origin", "on"):
        held = own if origin == Origin.OWN else drawn
        held[client_id] = held.get(client_id, 0) + 1
        if client_id in newest and day < newest[client_id][0] and origin == Origin.DRAWN:
            before[client_id] = before.get(client_id, 0) + 1
    percent = int(policy.table("surprises.rules", jurisdiction="", on=on)["own_percent"])
    found = {}
    for client_id in {*newest, *drawn, *own}:
        needed = newest.get(client_id, (on, 0))[1] + before.get(client_id, 0)
        made, extra = drawn.get(client_id, 0), own.get(client_id, 0)
        found[client_id] = Progress(needed, made, extra, rules.counted(made, extra, needed, percent))
    return found


def _live(client_ids: Iterable[int], on: dt.date) -> dict[int, Decimal]:
    """Limits of clients on the newest day of figures. Two statements."""
    rows = LimitUse.objects.standing().filter(on__lte=on, on__gt=on - dt.timedelta(days=_FIGURES_BACK))
    newest = rows.order_by("-on").values_list("on", flat=True).first()
    if newest is None:
        return {}
    sums = LimitUse.objects.standing().filter(on=newest, client__in=list(client_ids)).order_by().values_list("client_id")
    return {client_id: Decimal(cents) / 100 for client_id, cents in sums.annotate(Sum("limit_hkd"))}
