"""The figures of one period, with what follows from them where the statement does not say it."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, localcontext

from credit.spreads.lines import lines, parts

PRECISION = 60
ZERO = Decimal(0)
FULL_YEAR = 12

# A figure that is not stated follows from others: (factor, line) all of which must be known. Equity stands last on purpose: it is
# derived for ratios, never for the check that it ties.
_FOLLOWS: dict[str, tuple[tuple[tuple[int, str], ...], ...]] = {
    "total_assets": (((1, "current_assets"), (1, "noncurrent_assets")), ((1, "liabilities_and_equity"),)),
    "current_assets": (((1, "total_assets"), (-1, "noncurrent_assets")),),
    "noncurrent_assets": (((1, "total_assets"), (-1, "current_assets")),),
    "total_liabilities": (((1, "current_liabilities"), (1, "noncurrent_liabilities")), ((1, "liabilities_and_equity"), (-1, "equity"))),
    "current_liabilities": (((1, "total_liabilities"), (-1, "noncurrent_liabilities")),),
    "noncurrent_liabilities": (((1, "total_liabilities"), (-1, "current_liabilities")),),
    "equity": (((1, "total_assets"), (-1, "total_liabilities")),),
    "liabilities_and_equity": (((1, "total_liabilities"), (1, "equity")),),
    "gross_profit": (((1, "sales"), (-1, "cogs")),),
    "cogs": (((1, "sales"), (-1, "gross_profit")),),
    "operating_profit": (((1, "operating_profit_after_interest"), (1, "interest")),),
    "net_profit": (((1, "profit_before_tax"), (-1, "tax")),),
    "profit_before_tax": (((1, "net_profit"), (1, "tax")),),
    "tax": (((1, "profit_before_tax"), (-1, "net_profit")),),
    "cash": (((1, "closing_cash"),),),
}
NOUGHT = frozenset({"prepaid", "intangibles", "related_debtors", "stock", "senior_debt"})
"""Lines that a statement leaves out where there is nothing: they count as nought in a ratio, and the ratio says so.

Only where the statement sets out the sub-total that they belong to: one that states nothing but totals leaves them unknown.
"""


@dataclass(frozen=True)
class Source:
    """A figure that a ratio came from: line, end of its period, amount, and whether it was stated, follows or is taken as nought."""

    code: str
    ends_on: dt.date
    amount: Decimal
    how: str = "stated"


@dataclass(frozen=True)
class Figures:
    """One period of a company: when it ends, how many months it covers, and its stated lines by code."""

    ends_on: dt.date
    months: int = FULL_YEAR
    kind: str = "audited"
    stated: Mapping[str, Decimal] = field(default_factory=dict)

    def value(self, code: str) -> Decimal | None:
        """The figure as stated, else as it follows from others; None where it does not."""
        return self._value(code, frozenset())

    def _value(self, code: str, asked: frozenset[str]) -> Decimal | None:
        if code in self.stated:
            return self.stated[code]
        for way in _FOLLOWS.get(code, ()):
            found = [self._value(part, asked | {code}) if part not in asked else None for _factor, part in way]
            if None not in found:
                with localcontext(prec=PRECISION):
                    return sum((factor * (amount or ZERO) for (factor, _part), amount in zip(way, found, strict=True)), ZERO)
        return None

    def source(self, code: str) -> Source | None:
        """The figure with how it is known; nought for lines that a statement leaves out. None where it is missing."""
        if code in self.stated:
            return Source(code, self.ends_on, self.stated[code])
        amount = self.value(code)
        if amount is not None:
            return Source(code, self.ends_on, amount, "follows")
        return Source(code, self.ends_on, ZERO, "nought") if code in NOUGHT and self._is_set_out(code) else None

    def _is_set_out(self, code: str) -> bool:
        whole = lines()[code].whole
        return not whole or any(part in self.stated for part in parts()[whole])

    def sum_of(self, codes: Iterable[str]) -> Decimal | None:
        """The sum of those that are stated; None where none is."""
        found = [self.stated[code] for code in codes if code in self.stated]
        with localcontext(prec=PRECISION):
            return sum(found, ZERO) if found else None

    @property
    def begins_after(self) -> dt.date:
        """The last day before the period: the end of the month so many months earlier."""
        months = self.ends_on.year * 12 + self.ends_on.month - 1 - self.months
        year, month = divmod(months + 1, 12)
        return dt.date(year, month + 1, 1) - dt.timedelta(days=1)

    def follows(self, other: "Figures") -> bool:
        """Whether this period begins where the other ends, give or take a week (years of 52 or 53 weeks)."""
        return abs((self.begins_after - other.ends_on).days) <= 7

    def year_before(self, other: "Figures") -> bool:
        """Whether the other is the same period a year earlier, give or take a week."""
        return self.months == other.months and abs((self.ends_on - other.ends_on).days - 365) <= 7
