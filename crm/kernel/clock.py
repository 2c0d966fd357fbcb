"""Now, today, and how far away a moment is in a few words. Below the views time is passed in; only views, commands and tasks ask here."""

import datetime as dt
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

FIRST_YEAR, LAST_YEAR = 1600, 2200
"""The years of our calendar: what is typed outside them is a slip, and near its ends no zone can be worked out."""
_MINUTE = 60
_HOUR = 60 * _MINUTE
_DAY = 24 * _HOUR


def now() -> dt.datetime:
    """This moment, aware, in UTC."""
    return dt.datetime.now(dt.UTC)


def in_calendar(day: dt.date) -> bool:
    """Whether a day or moment is one that somebody may have meant."""
    return FIRST_YEAR <= day.year <= LAST_YEAR


def today(zone: str | ZoneInfo, at: dt.datetime | None = None) -> dt.date:
    """The date in `zone` (a centre's time zone) at the moment `at`, by default now."""
    return (at or now()).astimezone(ZoneInfo(zone) if isinstance(zone, str) else zone).date()


def days_between(one: dt.datetime, other: dt.datetime) -> int:
    """How many days lie between two moments on the reader's calendar, whichever is first."""
    return abs((timezone.localdate(one) - timezone.localdate(other)).days)


def relative(then: dt.datetime, now: dt.datetime) -> str:
    """How far `then` is from `now`, for something due: "now", "in 25 min", "in 3 h", "9 days", "25 min late", "2 h late", "1 day late".

    Both aware. Whole units, rounded down, so that nothing is called late before it is; under a minute either way is "now". From a day
    on, the days of the reader's calendar, as dates without a time are counted.
    """
    seconds = int((then - now).total_seconds())
    distance = abs(seconds)
    if distance < _MINUTE:
        return _("now")
    ahead = seconds > 0
    if distance < _HOUR:
        minutes = distance // _MINUTE
        return (_("in %(count)s min") if ahead else _("%(count)s min late")) % {"count": minutes}
    if distance < _DAY:
        hours = distance // _HOUR
        return (_("in %(count)s h") if ahead else _("%(count)s h late")) % {"count": hours}
    days = days_between(then, now)
    if ahead:
        return ngettext("%(count)s day", "%(count)s days", days) % {"count": days}
    return ngettext("%(count)s day late", "%(count)s days late", days) % {"count": days}
