"""How values look: initials, times in words, shares, the points of a line. Pure functions behind `templatetags/ui.py`."""

import datetime as dt
import unicodedata
from collections.abc import Sequence
from decimal import Decimal

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.kernel import clock

ANCIENT = dt.timedelta(days=30)


def initials(name: str) -> str:
    """One or two characters that stand for a person or company: "Wing Lam" WL, "陳大文" 陳, "Ocean" OC."""
    words = [word for word in name.replace("-", " ").split() if word[0].isalnum()]
    if not words:
        return "?"
    if unicodedata.east_asian_width(words[0][0]) == "W":
        return words[0][0]
    if len(words) == 1:
        return words[0][:2].upper()
    return (words[0][0] + words[1][0]).upper()


def percent_of(used: Decimal | float | int, cap: Decimal | float | int) -> float:
    """Share of a cap in percent, between 0 and 100, one decimal. A cap of nothing is full as soon as something is used."""
    if cap <= 0:
        return 100.0 if used > 0 else 0.0
    return round(min(max(float(used) / float(cap), 0.0), 1.0) * 100, 1)


def line(values: Sequence[float], *, width: int, height: int, margin: int = 2) -> list[tuple[float, float]]:
    """The points of a line through `values`, evenly spaced, lowest at the bottom, inside a box of `width` by `height`."""
    if not values:
        return []
    low, high = min(values), max(values)
    span = (high - low) or 1
    step = (width - 2 * margin) / max(len(values) - 1, 1)
    inner = height - 2 * margin
    return [
        (round(margin + index * step, 1), round(margin + inner - (value - low) / span * inner, 1)) for index, value in enumerate(values)
    ]


def happened(moment: dt.datetime, now: dt.datetime) -> str:
    """How long ago something was: "just now", "25 min ago", "9 days ago"; after a month its date. What lies ahead: "in 25 min"."""
    passed = now - moment
    if passed > ANCIENT or moment - now > ANCIENT:
        return date_format(timezone.localtime(moment), "DATE_FORMAT")
    if moment > now:
        return clock.relative(moment, now)
    minutes = int(passed.total_seconds()) // 60
    if minutes < 1:
        return _("just now")
    if minutes < 60:
        return _("%(count)s min ago") % {"count": minutes}
    if minutes < 24 * 60:
        return _("%(count)s h ago") % {"count": minutes // 60}
    days = clock.days_between(moment, now)
    return ngettext("%(count)s day ago", "%(count)s days ago", days) % {"count": days}


def day(date: dt.date, today: dt.date, *, due: bool) -> str:
    """A date in words: "today", "tomorrow", "9 days", "2 days late" where it is due, "2 days ago" where it was; after a month the date."""
    ahead = (date - today).days
    if abs(ahead) > ANCIENT.days and not (due and ahead < 0):
        return date_format(date, "DATE_FORMAT")
    if abs(ahead) < 2:
        return {0: _("today"), 1: _("tomorrow"), -1: _("1 day late") if due else _("yesterday")}[ahead]
    if ahead > 0:
        return ngettext("%(count)s day", "%(count)s days", ahead) % {"count": ahead}
    if due:
        return ngettext("%(count)s day late", "%(count)s days late", -ahead) % {"count": -ahead}
    return ngettext("%(count)s day ago", "%(count)s days ago", -ahead) % {"count": -ahead}
