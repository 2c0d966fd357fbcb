"""Averages, shares and outflows as pure functions on exact amounts (domain 3.1, 3.2 and 9)."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from crm.figures.choices import Arrival, IncomeKind, Product
from crm.kernel.money import round_to

HUNDRED = Decimal(100)
MONTHS_A_YEAR = 12


def average(total: Decimal, days: int) -> Decimal:
    """The mean of what stood on `days` days, half-even to the cent; 0 where nothing was stated."""
    return round_to(total / days, 2) if days else Decimal("0.00")


def share(part: Decimal, whole: Decimal) -> Decimal | None:
    """`part` in per cent of `whole`, one place; None ("-") where the whole is not above zero: a zero denominator is no 0 %."""
    return round_to(part * HUNDRED / whole, 1) if whole > 0 else None


def is_large_outflow(*, net_out: Decimal, average_balance: Decimal, percent: int) -> bool:
    """More than `percent` of the 90-day average left within the window (domain 3.2). Without an average nothing is large."""
    return average_balance > 0 and net_out * HUNDRED > average_balance * percent


def first_of_month(day: dt.date, *, months_before: int = 0) -> dt.date:
    """The first day of the month that lies so many months before that of `day`."""
    count = day.year * MONTHS_A_YEAR + day.month - 1 - months_before
    return dt.date(count // MONTHS_A_YEAR, count % MONTHS_A_YEAR + 1, 1)


@dataclass(frozen=True, slots=True)
class Earned:
    """Income of one product and kind over a period, in Hong Kong dollars. `one_off`: a fee that will not come again."""

    product: Product
    kind: IncomeKind
    amount: Decimal
    one_off: bool = False


@dataclass(frozen=True, slots=True)
class Split:
    """Income of a period by product, and how much of it is fees.

    `fee_share` is fee income over net interest and fees (domain 9), in per cent; with `one_off_apart` single fees are left out of it,
    because they were more than the bank's share of all income.
    """

    products: tuple[tuple[Product, Decimal], ...]
    kinds: tuple[tuple[IncomeKind, Decimal], ...]
    total: Decimal
    one_off: Decimal
    one_off_apart: bool
    fee_share: Decimal | None

    def __bool__(self) -> bool:
        return bool(self.products)


def split(rows: Sequence[Earned], *, one_off_percent: int) -> Split:
    """Income by product, the largest first, and the fee share. Single fees above `one_off_percent` of all income are shown apart."""
    total, one_off = _sum(rows), _sum([row for row in rows if row.one_off])
    apart = total > 0 and one_off * HUNDRED > total * one_off_percent
    products = {product: _sum([row for row in rows if row.product == product]) for product in Product}
    kinds = {kind: _sum([row for row in rows if row.kind == kind]) for kind in IncomeKind}
    fees = _sum([row for row in rows if row.kind == IncomeKind.FEE and not (apart and row.one_off)])
    return Split(
        products=tuple(sorted(((name, sum_of) for name, sum_of in products.items() if sum_of), key=lambda pair: -pair[1])),
        kinds=tuple((name, sum_of) for name, sum_of in kinds.items() if sum_of),
        total=total,
        one_off=one_off,
        one_off_apart=apart,
        fee_share=share(fees, kinds[IncomeKind.INTEREST] + fees),
    )


def _sum(rows: Sequence[Earned]) -> Decimal:
    return sum((row.amount for row in rows), Decimal("0.00"))


def arrival(*, finished_at: dt.datetime | None, is_there: bool, totals_match: bool, due_at: dt.datetime, now: dt.datetime) -> Arrival:
    """How the file of a day and kind came: there or not, in time or not, tied or not. `due_at` is when it had to be in."""
    if not is_there:
        return Arrival.MISSING if now > due_at else Arrival.DUE
    if finished_at is None:
        return Arrival.BROKEN
    if not totals_match:
        return Arrival.UNTIED
    return Arrival.LATE if finished_at > due_at else Arrival.ON_TIME
