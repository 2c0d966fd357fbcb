"""Spreads as rows for the screen: how figures are written, what a ratio came from, and which way it goes."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal

from django.utils.formats import date_format
from django.utils.translation import gettext as _now
from django.utils.translation import ngettext

from credit.spreads.choices import Part
from credit.spreads.lines import lines
from credit.spreads.models import Period
from credit.spreads.rules import Ratio, RatioKind, Stressed, ratios
from crm.kernel.errors import Sentence

NONE = "n/a"
_HUNDRED = Decimal(100)


def amount(value: Decimal | None) -> str:
    """Grouped, with as many decimals as it has; n/a for none."""
    if value is None:
        return NONE
    whole = value.quantize(Decimal(1), rounding=ROUND_HALF_EVEN)
    return f"{whole:,f}" if whole == value or abs(value) >= 100_000 else f"{value.normalize():,f}"


def written(value: Decimal | None, kind: RatioKind) -> str:
    """A ratio as it is read: 12.1%, 1.42, 61, or an amount; half-even."""
    if value is None:
        return NONE
    if kind is RatioKind.PERCENT:
        return f"{(value * _HUNDRED).quantize(Decimal('0.1'), rounding=ROUND_HALF_EVEN):,f}%"
    if kind is RatioKind.TIMES:
        return f"{value.quantize(Decimal('0.01'), rounding=ROUND_HALF_EVEN):,f}"
    return f"{value.quantize(Decimal(1), rounding=ROUND_HALF_EVEN):,f}"


@dataclass(frozen=True)
class Column:
    """A period as a column: its heading, and a second line."""

    title: str
    note: str
    period: Period


def column(period: Period) -> Column:
    """The heading of a period."""
    note = str(period.get_kind_display())
    if period.months != 12:
        note += " · " + ngettext("%(count)s month", "%(count)s months", period.months) % {"count": period.months}
    if period.statement > 1:
        note += " · " + _now("restated")
    return Column(date_format(period.ends_on, "SHORT_DATE_FORMAT"), note, period)


@dataclass(frozen=True)
class Shown:
    """One value of a table, as written."""

    text: str


@dataclass(frozen=True)
class SourceRow:
    """A figure that a ratio came from: line, period, amount, how it is known, and where it stands in the accounts."""

    name: str
    period: str
    amount: str
    how: str
    page: str


@dataclass(frozen=True)
class RatioRow:
    """A ratio over the periods; `trend` are the full years' values, oldest first, `reasons` why a period has none."""

    label: Sentence
    formula: Sentence
    values: tuple[Shown, ...]
    trend: tuple[float, ...]
    trend_label: str
    is_worse: bool
    sources: tuple[SourceRow, ...]
    reasons: tuple[tuple[str, Sentence], ...] = ()


def ratio_rows(shown: Sequence[Period], periods: Sequence[Period]) -> list[RatioRow]:
    """The ratios of the shown periods, sales first. `periods` are all of the spread, so that averages find their beginning."""
    everything = [period.figures for period in periods]
    by_period = [ratios(period.figures, everything) for period in shown]
    pages = {(line.code, period.ends_on): line.page for period in periods for line in period.lines.all()}
    rows = [_sales_row(shown)]
    for found in zip(*by_period, strict=True):
        rows.append(_row(found, shown, pages))
    return rows


def _sales_row(shown: Sequence[Period]) -> RatioRow:
    values = [period.figures.value("sales") for period in shown]
    years = [value for value, period in zip(values, shown, strict=True) if period.months == 12 and value is not None]
    trend = tuple(float(value) for value in years)
    name = lines()["sales"].name
    return RatioRow(name, "", tuple(Shown(amount(value)) for value in values), *_trend(trend, name, 1), ())


def _trend(trend: tuple[float, ...], name: str, better: int) -> tuple[tuple[float, ...], str, bool]:
    label = f"{name}: " + ", ".join(f"{value:,.4g}" for value in trend)
    return trend, label, len(trend) > 1 and (trend[-1] - trend[0]) * better < 0


def _row(found: Sequence[Ratio], shown: Sequence[Period], pages: dict[tuple[str, dt.date], str]) -> RatioRow:
    years = [ratio for ratio, period in zip(found, shown, strict=True) if period.months == 12 and ratio.value is not None]
    trend = tuple(float(ratio.value) for ratio in years if ratio.value is not None)
    newest = found[-1]
    how = {"stated": "", "follows": _now("follows from other lines"), "nought": _now("not stated, taken as 0")}
    sources = tuple(
        SourceRow(
            lines()[source.code].name,
            date_format(source.ends_on, "SHORT_DATE_FORMAT"),
            amount(source.amount),
            how[source.how],
            pages.get((source.code, source.ends_on), ""),
        )
        for source in newest.sources
    )
    values = tuple(Shown(written(ratio.value, ratio.kind)) for ratio in found)
    reasons = tuple((date_format(ratio.ends_on, "SHORT_DATE_FORMAT"), ratio.reason) for ratio in found if ratio.value is None)
    return RatioRow(newest.label, newest.formula, values, *_trend(trend, str(newest.label), newest.better), sources, reasons)


@dataclass(frozen=True)
class LineRow:
    """A line over the periods: amounts with the page that each stands on."""

    name: str
    is_total: bool
    values: tuple[tuple[str, str], ...]


def line_groups(shown: Sequence[Period]) -> list[tuple[Sentence, list[LineRow]]]:
    """The stated lines by statement, in their order."""
    kept = [{line.code: line for line in period.lines.all()} for period in shown]
    groups: list[tuple[Sentence, list[LineRow]]] = []
    for part in Part:
        rows = [
            LineRow(
                line.name,
                line.is_total,
                tuple((amount(found[line.code].amount), found[line.code].page) if line.code in found else ("", "") for found in kept),
            )
            for line in lines().values()
            if line.statement == part and any(line.code in found for found in kept)
        ]
        if rows:
            groups.append((part.label, rows))
    return groups


@dataclass(frozen=True)
class StressRow:
    """A stress case as it is read."""

    label: Sentence
    values: tuple[str, ...]
    is_base: bool


def stress_rows(cases: Sequence[Stressed]) -> list[StressRow]:
    """EBITDA, interest cover, debt service cover, net debt to EBITDA, further funding."""
    times = RatioKind.TIMES
    return [
        StressRow(
            case.label,
            (
                amount(case.ebitda and case.ebitda.quantize(Decimal(1))),
                written(case.interest_cover, times),
                written(case.dscr, times),
                written(case.net_debt_ebitda, times),
                amount(case.extra_funding and case.extra_funding.quantize(Decimal(1))),
            ),
            case.code == "base",
        )
        for case in cases
    ]
