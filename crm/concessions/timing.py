"""From when to when a client is told, and until when a level decides, in working time of the centre (domain 5.3, 5.4)."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from crm.concessions.choices import VALUE_KINDS, Level
from crm.kernel.calendars import WorkingCalendar


@dataclass(frozen=True)
class TellWindow:
    """From when and until when the client is told."""

    not_before: dt.datetime
    by: dt.datetime


def closing_time(day: dt.date, calendar: WorkingCalendar) -> dt.datetime:
    """The end of the working day `day`."""
    spans = calendar.spans_on(day)
    return dt.datetime.combine(day, spans[-1][1], calendar.zone).astimezone(dt.UTC)


def tell_window(kind: str, *, decided_at: dt.datetime, refused: bool, calendar: WorkingCalendar, figures: Mapping[str, int]) -> TellWindow:
    """When the client is told of a decision (domain 5.4): value types with a gap, all else and refusals at once, within a working day."""
    day = decided_at.astimezone(calendar.zone).date()
    if kind not in VALUE_KINDS or refused:
        return TellWindow(decided_at, closing_time(calendar.add_working_days(day, figures["no_hold_by_days"]), calendar))
    first = calendar.add_working_days(day, figures["hold_days"])
    not_before = dt.datetime.combine(first, dt.time(figures["hold_hour"]), calendar.zone).astimezone(dt.UTC)
    return TellWindow(not_before, closing_time(calendar.add_working_days(day, figures["by_days"]), calendar))


def decide_by(
    level: Level, *, now: dt.datetime, calendar: WorkingCalendar, hours: Mapping[str, int], days: Mapping[str, int]
) -> dt.datetime:
    """Until when a level decides, in working time of the centre (domain 5.3)."""
    name = level.name if level.name in hours or level.name in days else Level.CREDIT.name
    if name in hours:
        return calendar.add_working_time(now, dt.timedelta(hours=hours[name]))
    today = dt.date(2000, 1, 1)
    whole = sum(
        (dt.datetime.combine(today, closes) - dt.datetime.combine(today, opens) for opens, closes in calendar.spans), dt.timedelta()
    )
    return calendar.add_working_time(now, whole * days[name])
