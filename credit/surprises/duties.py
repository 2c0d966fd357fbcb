"""What surprise visits asked for, for accountability files: windows that are over, first uses, records. Never what is still sealed.

A window counts once the days beyond it are over in which a draw may be made anew: what is due depends on the calendar alone, so nothing
that is planned, owed or revealed changes what anybody reads (invariant 16).
"""

import datetime as dt
from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from credit.accountability.parts import Duty, Scope
from credit.surprises import drawing, selectors
from credit.surprises.choices import Origin
from credit.surprises.models import DrawOrder, Quota, SurpriseVisit
from crm.kernel.addresses import url_of
from crm.kernel.calendars import WorkingCalendar
from crm.visits.rules import closing_time

WINDOW, FIRST_USE, RECORD = "surprise_window", "first_use", "surprise_record"
KINDS = {
    WINDOW: _("Surprise visit in its window"),
    FIRST_USE: _("First use looked at"),
    RECORD: _("Surprise visit recorded"),
}


def found(scope: Scope) -> Iterator[Duty]:
    """Windows and first uses whose days are over, and records of visits that were begun. A fixed number of statements."""
    today = selectors.today_in(scope.centre, scope.until)
    known, calendar = selectors.figures(scope.centre.jurisdiction, today), selectors.calendar_of(scope.centre, scope.until)
    visits = list(SurpriseVisit.objects.filter(client_id=scope.client_id).order_by("begins_at", "pk"))
    made: dict[str, SurpriseVisit] = {}
    for visit in visits:
        if visit.recorded_at is not None and visit.tainted_at is None:
            made.setdefault(visit.window, visit)
    over = _Over(calendar, known.days("redraw_days"))
    quotas = list(Quota.objects.filter(client_id=scope.client_id).order_by("from_on", "pk"))
    for window, label, last in _windows(quotas):
        yield from _duty(scope, over, WINDOW, label, last, made.get(window))
    orders = DrawOrder.objects.filter(client_id=scope.client_id, origin=Origin.FIRST_USE, attempt="1").order_by("until_on", "pk")
    for order in orders:
        yield from _duty(scope, over, FIRST_USE, order.window.removeprefix("use-"), order.until_on, made.get(order.window))
    for visit in visits:
        if visit.record_due_at is not None:
            url = url_of("surprises:visit_detail", visit.pk)
            yield Duty(RECORD, visit.on.isoformat(), visit.record_due_at, visit.recorded_at, visit.visitor_id, url)


class _Over:
    """When a span of days is over for good: as work closes, so many working days after its last."""

    def __init__(self, calendar: WorkingCalendar, days: int) -> None:
        self.calendar, self.days = calendar, days

    def at(self, last: dt.date) -> dt.datetime:
        """The moment."""
        return closing_time(self.calendar.add_working_days(last, self.days), self.calendar)


def _windows(quotas: list[Quota]) -> Iterator[tuple[str, str, dt.date]]:
    """(window, its days, its last day) of the windows that no later frequency cut short."""
    for place, quota in enumerate(quotas):
        begins = quotas[place + 1].from_on if place + 1 < len(quotas) else dt.date.max
        cut = drawing.windows(quota.from_on, dt.date(quota.from_on.year, 12, 31), quota.windows)
        for number, (first, last) in enumerate(cut, start=1):
            ends = dt.date.fromordinal(last)
            if ends < begins:
                yield f"{quota.from_on.isoformat()}/{number}", f"{dt.date.fromordinal(first).isoformat()} – {ends.isoformat()}", ends


def _duty(scope: Scope, over: _Over, kind: str, label: str, last: dt.date, visit: SurpriseVisit | None) -> Iterator[Duty]:
    due_at = over.at(last)
    if due_at > scope.until:
        return
    done_at = visit.recorded_at if visit is not None else None
    url = url_of("surprises:visit_detail", visit.pk) if visit is not None else ""
    yield Duty(kind, label, due_at, done_at, visit.visitor_id if visit is not None else None, url)
