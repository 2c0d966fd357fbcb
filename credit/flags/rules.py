"""Pure rules of red flags: when figures raise one (domain 7.4), which answers a severity asks for, and what counts as evidence."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

from django.utils.translation import gettext_lazy as _

from credit.flags.choices import WORST_FIRST, FlagAct, Severity
from credit.packs.rules import refuse

NOTE, LINK = 2000, 500
ZERO = Decimal(0)
ASKED: dict[str, tuple[FlagAct, ...]] = {
    Severity.LOW: (FlagAct.NOTE,),
    Severity.MEDIUM: (FlagAct.EXPLAIN,),
    Severity.HIGH: (FlagAct.PLAN, FlagAct.VISIT),
    Severity.CRITICAL: (),
}
"""What is asked of whoever looks after the client; a critical flag is credit's and compliance's at once."""


@dataclass(frozen=True, slots=True)
class Thresholds:
    """The bank's figures for flags that raise themselves (policy table flags.automatic). Amounts in Hong Kong dollars."""

    deposit_fall_percent: Decimal
    deposit_days: int
    proceeds_fall_percent: Decimal
    returned_items: int
    returned_days: int
    excess_days: int
    excess_times: int
    excess_window_days: int
    late_days: int
    stock_rise_percent: Decimal
    sales_fall_percent: Decimal
    debtor_days_rise: Decimal
    certificate_days: int
    outflow_percent: Decimal
    outflow_amount: Decimal
    fresh_days: int
    quiet_days: int
    news_days: int

    @classmethod
    def of(cls, figures: Mapping[str, Any]) -> "Thresholds":
        """From the table's rows. KeyError where one is missing: a missing threshold never reads as none."""
        return cls(**{name: kind(str(figures[name])) for name, kind in cls.__annotations__.items()})


@dataclass(frozen=True, slots=True)
class Hit:
    """A rule that struck: the code, and the figures that did it as text by name."""

    code: str
    figures: dict[str, str] = field(hash=False)


def fall_percent(before: Decimal, now: Decimal) -> Decimal | None:
    """By how much something fell, in percent to one place; None from nothing."""
    return ((before - now) * 100 / before).quantize(Decimal("0.1")) if before > 0 else None


def deposits_fell(*, before: Decimal | None, now: Decimal | None, told: Thresholds) -> Hit | None:
    """RF-20: deposits fall by more than the bank's percentage within its days. None where either end is not stated."""
    if before is None or now is None or before <= 0 or (before - now) * 100 <= before * told.deposit_fall_percent:
        return None
    return Hit("RF-20", {"before": _money(before), "now": _money(now), "fall_percent": str(fall_percent(before, now))})


def proceeds_stopped(*, before_a_day: Decimal | None, now_a_day: Decimal | None, has_limits: bool, told: Thresholds) -> Hit | None:
    """RF-21: what comes in a day fell by more than the bank's percentage while the client has limits. None where days are not stated."""
    if not has_limits or before_a_day is None or now_a_day is None or before_a_day <= 0:
        return None
    if (before_a_day - now_a_day) * 100 <= before_a_day * told.proceeds_fall_percent:
        return None
    fell = str(fall_percent(before_a_day, now_a_day))
    return Hit("RF-21", {"before": _money(before_a_day), "now": _money(now_a_day), "fall_percent": fell})


def items_returned(*, count: int, told: Thresholds) -> Hit | None:
    """RF-22: more items returned in the bank's days than it allows."""
    return Hit("RF-22", {"returned_items": str(count)}) if count > told.returned_items else None


def over_limit(*, days: int, times: int, told: Thresholds) -> Hit | None:
    """RF-23: over the limit for more days on end, or as often in a quarter, as the bank allows."""
    if days > told.excess_days or times >= told.excess_times:
        return Hit("RF-23", {"excess_days": str(days), "excess_times": str(times)})
    return None


def payment_late(*, days: int, told: Thresholds) -> Hit | None:
    """RF-25 for 1 to 30 days late (by the bank's figure), RF-26 beyond."""
    if days <= 0:
        return None
    return Hit("RF-26" if days > told.late_days else "RF-25", {"late_days": str(days)})


def bank_paid(*, amount: Decimal) -> Hit | None:
    """RF-27: the bank paid under a credit, trust receipt or guarantee, and was not repaid."""
    return Hit("RF-27", {"advanced": _money(amount)}) if amount > 0 else None


def large_outflow(*, largest: Decimal, average: Decimal | None, told: Thresholds) -> Hit | None:
    """RF-19: one payment out of at least the bank's amount that takes more than its percentage of the average deposits."""
    if average is None or largest < told.outflow_amount or largest * 100 <= average * told.outflow_percent:
        return None
    return Hit("RF-19", {"largest_out": _money(largest), "average": _money(average)})


@dataclass(frozen=True, slots=True)
class Year:
    """One full year of a client's accounts, as the spread states it; None where a line is not stated."""

    ends_on: dt.date
    equity: Decimal | None = None
    net_profit: Decimal | None = None
    stock: Decimal | None = None
    sales: Decimal | None = None
    debtors: Decimal | None = None

    @property
    def debtor_days(self) -> Decimal | None:
        """Debtors over sales, in days of a year."""
        if self.debtors is None or not self.sales or self.sales <= 0:
            return None
        return (self.debtors * 365 / self.sales).quantize(Decimal("0.1"))


def accounts_weak(years: Sequence[Year], told: Thresholds) -> list[Hit]:
    """RF-30, RF-31, RF-32 of full years, the newest first. A line that is not stated raises nothing."""
    if not years:
        return []
    hits, now = [], years[0]
    before = next((year for year in years[1:] if 350 <= (now.ends_on - year.ends_on).days <= 380), None)
    if now.equity is not None and now.equity < 0:
        hits.append(Hit("RF-30", {"ends_on": now.ends_on.isoformat(), "equity": _money(now.equity)}))
    elif before is not None and _loss(now) and _loss(before):
        loss = {"net_profit": _money(now.net_profit or ZERO), "net_profit_before": _money(before.net_profit or ZERO)}
        hits.append(Hit("RF-30", {"ends_on": now.ends_on.isoformat(), **loss}))
    if before is not None:
        hits.extend(hit for hit in (_stock_up(now, before, told), _debtors_slow(now, before, told)) if hit)
    return hits


def _loss(year: Year) -> bool:
    return year.net_profit is not None and year.net_profit < 0


def _stock_up(now: Year, before: Year, told: Thresholds) -> Hit | None:
    if now.stock is None or now.sales is None or not before.stock or not before.sales or before.stock <= 0 or before.sales <= 0:
        return None
    rose = (now.stock - before.stock) * 100 > before.stock * told.stock_rise_percent
    fell = (before.sales - now.sales) * 100 > before.sales * told.sales_fall_percent
    if not (rose and fell):
        return None
    told_by = {"stock": (before.stock, now.stock), "sales": (before.sales, now.sales)}
    return Hit("RF-31", {"ends_on": now.ends_on.isoformat(), **{k: f"{_money(a)} → {_money(b)}" for k, (a, b) in told_by.items()}})


def _debtors_slow(now: Year, before: Year, told: Thresholds) -> Hit | None:
    days, earlier = now.debtor_days, before.debtor_days
    if days is None or earlier is None or days - earlier <= told.debtor_days_rise:
        return None
    return Hit("RF-32", {"ends_on": now.ends_on.isoformat(), "debtor_days": f"{earlier} → {days}"})


def certificate_late(*, days: int, told: Thresholds) -> Hit | None:
    """RF-41: a covenant's paper is late by more than the bank's days."""
    return Hit("RF-41", {"late_days": str(days)}) if days > told.certificate_days else None


def is_worse(severity: str, than: str) -> bool:
    """Whether a severity is above another; what is none is above nothing."""
    return severity in WORST_FIRST and WORST_FIRST.index(Severity(severity)) < WORST_FIRST.index(Severity(than))


def excess_times(rows: Iterable[tuple[dt.date, int]]) -> int:
    """How many times an account went over its limit: spans by the day they began, so that days without a file count nothing twice."""
    return len({on - dt.timedelta(days=days - 1) for on, days in rows if days > 0})


def is_fresh(newest: dt.date | None, *, on: dt.date, told: Thresholds) -> bool:
    """Whether a figure is new enough to judge by: no older than the bank's days."""
    return newest is not None and (on - newest).days <= told.fresh_days


def link_of(text: str) -> str:
    """An address of evidence: a page of ours, or one by https. RuleBroken for anything else; empty stays empty."""
    link = text.strip()
    if not link:
        return ""
    parts = urlsplit(link)
    ours = link.startswith("/") and not link.startswith("//") and not parts.netloc
    if len(link) > LINK or not (ours or (parts.scheme in ("https", "http") and parts.netloc)) or any(c.isspace() for c in link):
        raise refuse("link", _("Give the address of a page: one of ours, or one that begins with https://."))
    return link


def _money(amount: Decimal) -> str:
    return f"{amount:,.2f}"
