"""Pure rules of covenants: the periods, whether a value keeps the promise, days that run, how a value is written (domain 7.8)."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal, localcontext

from credit.covenants.choices import AMOUNTS, PERCENTAGES, SIGNS, UNDERTAKINGS, Comparison
from crm.clients.rules import add_months

WORDS, NOTE, REASON = 500, 1000, 500
PLACES = Decimal("0.000001")
MOST_DAYS = 366
TIMES = "×"


@dataclass(frozen=True, slots=True)
class Terms:
    """What is promised and how it is tested. `threshold` in times, per cent, or an amount of `currency`; none for an undertaking."""

    metric: str
    document: str
    frequency: int
    first_on: dt.date
    comparison: str = ""
    threshold: Decimal | None = None
    currency: str = ""
    words: str = ""
    due_days: int = 0
    cure_days: int = 0


def is_measured(metric: str) -> bool:
    """Worked out from figures; else a person answers."""
    return metric not in UNDERTAKINGS


def period_end(first_on: dt.date, months: int, place: int) -> dt.date:
    """The end of the period so many after the first; month-ends stay month-ends."""
    end = add_months(first_on, months * place)
    return add_months(end.replace(day=1), 1) - dt.timedelta(days=1) if _ends_month(first_on) else end


def _ends_month(day: dt.date) -> bool:
    return (day + dt.timedelta(days=1)).day == 1


def next_end(first_on: dt.date, months: int, end: dt.date) -> dt.date:
    """The end of the period that follows the one that ends so."""
    place = ((end.year - first_on.year) * 12 + end.month - first_on.month) // months
    return period_end(first_on, months, place + 1)


def ends_until(first_on: dt.date, months: int, since: dt.date, until: dt.date) -> Iterator[dt.date]:
    """The ends of periods from `since`, which is one, up to a day."""
    end = since
    while end <= until:
        yield end
        end = next_end(first_on, months, end)


def rounded(value: Decimal) -> Decimal:
    """To six places, as it is kept and compared."""
    with localcontext(prec=60):
        return value.quantize(PLACES, rounding=ROUND_HALF_EVEN)


def keeps(value: Decimal, comparison: str, threshold: Decimal) -> bool:
    """Whether a value keeps the promise; on the threshold itself it does."""
    return value <= threshold if comparison == Comparison.AT_MOST else value >= threshold


def shown(value: Decimal, metric: str, currency: str = "") -> str:
    """A value with its unit: "1.85×", "62.5%", "HKD 20,000,000"."""
    if metric in AMOUNTS:
        return f"{currency} {value:,.0f}"
    places = 1 if metric in PERCENTAGES else 2
    return f"{value:,.{places}f}{'%' if metric in PERCENTAGES else TIMES}"


def promise(metric: str, comparison: str, threshold: Decimal | None, currency: str = "") -> str:
    """The threshold with its side: "≤ 2.00×"; empty for an undertaking."""
    return "" if threshold is None else f"{SIGNS[Comparison(comparison)]} {shown(threshold, metric, currency)}"


def cure_until(tested_on: dt.date, days: int) -> dt.date:
    """The last day on which a breach may be cured before it raises its flag."""
    return tested_on + dt.timedelta(days=days)
