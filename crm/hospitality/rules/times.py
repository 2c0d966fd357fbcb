"""Months, quarters and their closing, and when an event may be (domain 4.4 and 4.6)."""

import datetime as dt

from django.utils.translation import gettext_lazy as _

from crm.hospitality.rules.figures import Figures
from crm.kernel.calendars import WorkingCalendar
from crm.kernel.errors import Sentence


def month_of(day: dt.date) -> str:
    """The month whose limit an event uses: "2026-03"."""
    return f"{day:%Y-%m}"


def quarter_of(day: dt.date) -> tuple[dt.date, dt.date]:
    """The first and last day of a day's quarter."""
    first = day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)
    return first, _first_of_next(first.replace(month=first.month + 2)) - dt.timedelta(days=1)


def _first_of_next(day: dt.date) -> dt.date:
    return (day.replace(day=1) + dt.timedelta(days=32)).replace(day=1)


def closes_on(month: str, calendar: WorkingCalendar, *, working_day: int) -> dt.date:
    """The last day on which a month is open: the fifth working day of the next one (domain 4.6)."""
    first = _first_of_next(dt.date.fromisoformat(f"{month}-01"))
    return calendar.add_working_days(first - dt.timedelta(days=1), working_day)


def posting_period(month: str, today: dt.date, calendar: WorkingCalendar, *, working_day: int) -> str:
    """The period into which an event of `month` is posted today: its own while that is open, else the earliest that still is."""
    period = month
    while today > closes_on(period, calendar, working_day=working_day):
        period = month_of(_first_of_next(dt.date.fromisoformat(f"{period}-01")))
    return period


def check_day(event_at: dt.datetime, *, now: dt.datetime, calendar: WorkingCalendar, figures: Figures) -> Sentence:
    """What is wrong with when an event is; empty where nothing is."""
    today, day = now.astimezone(calendar.zone).date(), event_at.astimezone(calendar.zone).date()
    if day > today + dt.timedelta(days=figures.terms["ahead_days"]):
        return _("This is too far ahead. Ask nearer to the day.")
    if day < today and today > closes_on(month_of(day), calendar, working_day=figures.terms["close_working_day"]):
        return _("The month of this event is closed.")
    if day < today - dt.timedelta(days=figures.terms["behind_days"]):
        return _("This is too long ago to be entered.")
    return ""
