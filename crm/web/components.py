"""How values look: initials, amounts in short, the points of a line. Pure functions behind the template tags in `templatetags/ui.py`."""

import datetime as dt
import unicodedata
from collections.abc import Sequence
from decimal import ROUND_HALF_EVEN, Decimal

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

SYMBOLS = {"HKD": "HK$", "CNY": "RMB", "USD": "US$", "EUR": "€", "GBP": "£", "JPY": "JP¥", "TWD": "NT$"}
WESTERN_UNITS = ((Decimal(10) ** 12, "tn"), (Decimal(10) ** 9, "bn"), (Decimal(10) ** 6, "m"), (Decimal(10) ** 3, "k"))
CHINESE_UNITS = {
    "zh-hant": ((Decimal(10) ** 8, "億"), (Decimal(10) ** 4, "萬")),
    "zh-hans": ((Decimal(10) ** 8, "亿"), (Decimal(10) ** 4, "万")),
}


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


def amount(value: Decimal, currency: str, *, short: bool, language: str) -> str:
    """An amount as a person reads it: "HK$ 41,200,000.00", in short "HK$ 41.2m", for readers of Chinese "HK$ 4,120萬".

    `value` in whole units of `currency` (an ISO code); rounded half-even at this last step only (domain, conventions).
    """
    symbol = SYMBOLS.get(currency, currency)
    sign = "−" if value < 0 else ""
    size = abs(value)
    if short:
        figure = _in_units(size, CHINESE_UNITS.get(language, WESTERN_UNITS))
    else:
        figure = f"{size.quantize(Decimal('0.01'), ROUND_HALF_EVEN):,}"
    return f"{sign}{symbol} {figure}".strip()


def _in_units(size: Decimal, units: Sequence[tuple[Decimal, str]]) -> str:
    """Three figures or so: 41.2m, 704m, 1.83bn. Below the smallest unit the whole number."""
    for unit, word in units:
        scaled = size / unit
        if scaled >= 1:
            places = Decimal("0.1") if scaled < 100 else Decimal(1)
            figure = f"{scaled.quantize(places, ROUND_HALF_EVEN):,}"
            return f"{figure.removesuffix('.0')}{word}"
    return f"{size.quantize(Decimal(1), ROUND_HALF_EVEN):,}"


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
    return [(round(margin + index * step, 1), round(margin + inner - (value - low) / span * inner, 1)) for index, value in enumerate(values)]


def relative(moment: dt.datetime | dt.date, now: dt.datetime) -> str:
    """A moment as seen from now: "in 25 min", "3 days ago"; further off the date."""
    if not isinstance(moment, dt.datetime):
        moment = timezone.make_aware(dt.datetime.combine(moment, dt.time(12)))
    left = moment - now
    minutes = round(abs(left.total_seconds()) / 60)
    if minutes < 60:
        words = ngettext("%(count)d min", "%(count)d min", minutes) % {"count": minutes}
    elif minutes < 60 * 24:
        words = ngettext("%(count)d hour", "%(count)d hours", minutes // 60) % {"count": minutes // 60}
    elif minutes < 60 * 24 * 30:
        words = ngettext("%(count)d day", "%(count)d days", minutes // 1440) % {"count": minutes // 1440}
    else:
        return date_format(moment, "DATE_FORMAT")
    return (_("in %(time)s") if left.total_seconds() > 0 else _("%(time)s ago")) % {"time": words}
