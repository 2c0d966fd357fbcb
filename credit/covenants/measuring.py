"""What a covenant's value is by the figures that the bank holds: from the borrower's spread, or from what passed through its accounts.

Nothing is guessed: where a figure is missing the answer is the sentence that says which.
"""

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from credit.covenants import rules
from credit.covenants.choices import AMOUNTS, PERCENTAGES, Metric
from credit.covenants.models import Covenant, CovenantTest
from credit.spreads import selectors as spreads
from credit.spreads.models import Period, Spread
from credit.spreads.rules import Ratio, ratios
from crm.clients.models import Client
from crm.clients.rules import add_months
from crm.figures import selectors as core_bank
from crm.figures.choices import FileKind, FileState
from crm.figures.models import FigureFile
from crm.kernel.errors import Sentence
from crm.policy import selectors as policy

WEEK = dt.timedelta(days=7)
YEAR = 12
STALE_MONTHS = 18
HOME = "HKD"
"""The currency of all that the core bank states of turnover."""


@dataclass(frozen=True)
class Measured:
    """A value to six places with the figures behind it, as text; or the reason why there is none."""

    value: Decimal | None
    reason: Sentence = ""
    figures: dict[str, Any] = field(default_factory=dict)


class Missing(Exception):
    """A value cannot be worked out; the argument is the sentence that says why."""


def measure(covenant: Covenant, ends_on: dt.date, *, on: dt.date) -> Measured:
    """The value of the period that ends so, by the figures that stand now, at the rates of `on`. The covenant comes with its pack."""
    try:
        spread = spreads.latest_spread(covenant.pack.company_id)
        periods = spreads.current_periods(spread) if spread is not None else []
        if spread is None or not periods:
            raise Missing(_("No accounts of the borrower are spread."))
        if covenant.metric == Metric.TURNOVER:
            return _turnover(covenant, ends_on, spread, periods, on)
        return _ratio(covenant, ends_on, spread, periods, on)
    except Missing as error:
        return Measured(None, error.args[0])


def _period(periods: list[Period], ends_on: dt.date) -> Period | None:
    """The one that ends then, give or take a week; the longest of several."""
    fitting = [period for period in periods if abs(period.ends_on - ends_on) <= WEEK]
    return max(fitting, key=lambda period: period.months, default=None)


def _ratio(covenant: Covenant, ends_on: dt.date, spread: Spread, periods: list[Period], on: dt.date) -> Measured:
    period = _period(periods, ends_on)
    if period is None:
        raise Missing(_("No accounts to the end of the period are spread."))
    found = {ratio.code: ratio for ratio in ratios(period.figures, [one.figures for one in periods])}
    ratio = found[covenant.metric]
    if ratio.value is None:
        raise Missing(ratio.reason)
    told = _of_spread(spread, period) | {"sources": _sources(ratio)}
    value = ratio.value
    if covenant.metric in PERCENTAGES:
        value = value * 100
    if covenant.metric in AMOUNTS:
        rate = _rate(spread.currency, covenant.currency, on)
        value = value * spread.unit * rate
        told |= {"rate": f"{rate:f}"} if rate != 1 else {}
    return Measured(rules.rounded(value), "", {"metric": covenant.metric, **told})


def _of_spread(spread: Spread, period: Period) -> dict[str, Any]:
    return {
        "spread": spread.pk,
        "period": period.ends_on.isoformat(),
        "months": period.months,
        "accounts": period.kind,
        "statement": period.statement,
        "source": period.source,
        "currency": spread.currency,
        "unit": spread.unit,
    }


def _sources(ratio: Ratio) -> list[dict[str, str]]:
    return [
        {"line": source.code, "period": source.ends_on.isoformat(), "amount": f"{source.amount:f}", "how": source.how}
        for source in ratio.sources
    ]


def _rate(currency: str, to: str, on: dt.date) -> Decimal:
    """Units of one currency for one of another, at the bank's rates of the day."""
    if currency == to:
        return Decimal(1)
    rates = {HOME: 100, **policy.table("concessions.fx", jurisdiction="HK", on=on)}
    missing = next((code for code in (currency, to) if code not in rates), None)
    if missing:
        raise Missing(_("There is no rate for %(currency)s today.") % {"currency": missing})
    return Decimal(rates[currency]) / Decimal(rates[to])


def _turnover(covenant: Covenant, ends_on: dt.date, spread: Spread, periods: list[Period], on: dt.date) -> Measured:
    """What was paid in over our accounts, of the sales of the same months; else of the last full year's, put on as many months."""
    period, scaled = _period(periods, ends_on), False
    months = period.months if period is not None else covenant.frequency
    if period is None:
        since = add_months(ends_on, -STALE_MONTHS)
        period = next((one for one in periods if one.months == YEAR and since <= one.ends_on < ends_on), None)
        scaled = True
    sales = period.figures.value("sales") if period is not None else None
    if period is None or sales is None or sales <= 0:
        raise Missing(_("The accounts state no sales for the period."))
    in_home = sales * spread.unit * _rate(spread.currency, HOME, on) * (months if scaled else period.months) / period.months
    since, paid_in = _paid_in(covenant, ends_on, months)
    told = _of_spread(spread, period) | {
        "since": since.isoformat(),
        "until": ends_on.isoformat(),
        "paid_in": f"{paid_in:f}",
        "sales": f"{in_home:.2f}",
        "of_months": months,
        "scaled": scaled,
    }
    return Measured(rules.rounded(paid_in * 100 / in_home), "", {"metric": covenant.metric, **told})


def _paid_in(covenant: Covenant, ends_on: dt.date, months: int) -> tuple[dt.date, Decimal]:
    """Since when, and how much; only where the core bank's files state every one of the months."""
    client = Client.objects.filter(company_id=covenant.pack.company_id).only("pk").first()
    if client is None:
        raise Missing(_("The borrower has no accounts with us."))
    since = add_months(ends_on, -months) + dt.timedelta(days=1)
    days = FigureFile.objects.filter(kind=FileKind.TURNOVER, state=FileState.DONE, on__range=(since, ends_on)).values_list("on", flat=True)
    stated = {(day.year * 12 + day.month) for day in days}
    if not set(range(since.year * 12 + since.month, ends_on.year * 12 + ends_on.month)) <= stated or len(stated) < months:
        raise Missing(_("The core bank’s files do not state every month of the period."))
    return since, core_bank.paid_in_of([client.pk], since=since, until=ends_on).get(client.pk, Decimal(0))


def differs(test: CovenantTest, now: Measured) -> bool:
    """Whether the figures of a test that has its result say otherwise now."""
    return now.value is None or now.value != test.value
