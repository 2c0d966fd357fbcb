"""The facts that are counted: the company's accounts as spread, and what the core bank's files say of it, by the end of the last month."""

import datetime as dt
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from credit.memos.catalogue import BANKING, FIGURES, REPAYMENT
from credit.memos.parts import Fact, FactSource
from credit.packs.models import PackVersion
from credit.spreads import selectors as spreads
from credit.spreads.lines import lines
from credit.spreads.models import Period, Spread
from credit.spreads.rules import Ratio, ratios
from crm.figures import selectors as figures
from crm.figures.rules import first_of_month
from crm.kernel.money import Money

_LINES = ("sales", "operating_profit", "net_profit", "total_assets", "equity")
_RATIOS = ("gross_margin", "current", "leverage", "interest_cover", "dscr")
_YEAR = 364
"""Days before the last one of a year."""


def accounts(version: PackVersion, user: Any, now: dt.datetime) -> Sequence[Fact]:
    """One fact for each period that the spread shows, the newest first: a statement that is restated says something else under its key."""
    spread = Spread.objects.visible_to(user).filter(company_id=version.pack.company_id).first()
    if spread is None:
        return ()
    periods = spreads.current_periods(spread)
    told = [period.figures for period in periods]
    with override("en"):
        return [
            Fact(
                f"spread:{spread.pk}:{period.ends_on.isoformat()}:{period.months}",
                period.ends_on,
                f"{_head(period, spread)}: {'; '.join([*_amounts(period), *_ratios(ratios(period.figures, told))])}",
            )
            for period in reversed(spreads.chosen(periods))
        ]


def _head(period: Period, spread: Spread) -> str:
    unit = "" if spread.unit == 1 else f", in {spread.unit:,}"
    return f"{period.months} months ({period.get_kind_display()}), {spread.currency}{unit}"


def _amounts(period: Period) -> Iterator[str]:
    for code in _LINES:
        amount = period.figures.value(code)
        if amount is not None:
            yield f"{lines()[code].name} {amount.normalize():,f}"


def _ratios(found: Sequence[Ratio]) -> Iterator[str]:
    for ratio in found:
        if ratio.code in _RATIOS and ratio.value is not None:
            shown = ratio.value * 100 if ratio.kind == "percent" else ratio.value
            yield f"{ratio.label} {shown:.2f}{'%' if ratio.kind == 'percent' else ''}"


def conduct(version: PackVersion, user: Any, now: dt.datetime) -> Sequence[Fact]:
    """Balances, turnover, income, limits and conduct of the client, by the last day of the month before: they move once a month."""
    client = figures.clients_seen(user).filter(company_id=version.pack.company_id).first()
    if client is None:
        return ()
    on = first_of_month(timezone.localdate(now, version.pack.centre.zone)) - dt.timedelta(days=1)
    since, ids = on - dt.timedelta(days=_YEAR), [client.pk]
    with override("en"):
        texts = dict(_told(client, ids, since, on))
    return [Fact(f"figures:{client.pk}:{code}:{on.isoformat()}", on, text) for code, text in texts.items()]


def _told(client: Any, ids: list[int], since: dt.date, on: dt.date) -> Iterator[tuple[str, str]]:
    held = figures.average_deposits(ids, on=on).get(client.pk)
    if held is not None:
        yield "deposits", f"Average deposits {_home(held)}"
    paid_in = figures.paid_in_of(ids, since=since, until=on).get(client.pk)
    if paid_in:
        yield "turnover", f"Paid into accounts in twelve months {_home(paid_in)}"
    income = figures.income_split(ids, on=on, months=12)
    if income:
        share = f", fee share {income.fee_share}%" if income.fee_share is not None else ""
        yield "income", f"Income in twelve months {_home(income.total)}{share}"
    limits = figures.limits_of(ids, on=on).get(client.pk)
    if limits is not None:
        yield "limits", f"Limits {_home(limits[0])}, drawn {_home(limits[1])}"
    months = figures.movements(client, on=on)
    if any(month.paid_in or month.paid_out or month.balance is not None for month in months):
        excess, returned = (sum(getattr(month, name) for month in months) for name in ("excess_days", "returned_items"))
        yield "conduct", f"Of {len(months)} months: {excess} days in excess, {returned} returned items"


def _home(amount: Decimal) -> str:
    return str(Money(amount, "HKD"))


SOURCES = (
    FactSource("accounts", _("Spread"), (FIGURES, REPAYMENT), accounts, order=40),
    FactSource("conduct", _("Core bank’s figures"), (BANKING,), conduct, order=50),
)
