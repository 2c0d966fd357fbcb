"""What has to tie in a statement (domain 6.6): both sides of the balance sheet, the sub-totals, the cash roll."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext

from django.utils.translation import gettext_lazy as _

from credit.spreads.lines import lines, parts
from credit.spreads.rules.figures import PRECISION, ZERO, Figures
from crm.kernel.errors import Sentence

_UNITS = (Decimal(1_000), Decimal(10_000), Decimal(1_000_000))
_NEAR = Decimal("0.02")

LABELS: dict[str, Sentence] = {
    "balance": _("Assets are liabilities and equity"),
    "balance_total": _("Assets are the total of liabilities and equity as stated"),
    "assets": _("Assets are current and non-current ones"),
    "liabilities": _("Liabilities are current and non-current ones"),
    "gross_profit": _("Gross profit is sales less their cost"),
    "net_profit": _("Net profit is profit before tax less tax"),
    "cash_roll": _("Cash moves by what the cash flow says"),
    "cash_opening": _("Cash begins where the year before ended"),
    "parts": _("The lines add up to their sub-total"),
}


@dataclass(frozen=True)
class Check:
    """One thing that ties or does not: what should equal what, in the spread's unit, and by how much it differs."""

    code: str
    ends_on: dt.date
    expected: Decimal
    stated: Decimal
    tolerance: Decimal
    line: str = ""

    @property
    def difference(self) -> Decimal:
        """Stated less expected."""
        with localcontext(prec=PRECISION):
            return self.stated - self.expected

    @property
    def is_tied(self) -> bool:
        """Within the tolerance, which is one unit in the last place."""
        return abs(self.difference) <= self.tolerance

    @property
    def label(self) -> Sentence:
        """What ties, in words."""
        return LABELS[self.code]

    @property
    def looks_mixed(self) -> bool:
        """One side is a thousand (ten thousand, million) times the other: units were mixed."""
        if self.is_tied or not self.expected or not self.stated:
            return False
        times = abs(self.stated / self.expected)
        times = 1 / times if times < 1 else times
        return any(abs(times / unit - 1) < _NEAR for unit in _UNITS)

    def to_json(self) -> dict[str, str | bool]:
        """For reports and sealed packs."""
        return {
            "check": self.code,
            "line": self.line,
            "period": self.ends_on.isoformat(),
            "expected": f"{self.expected:f}",
            "stated": f"{self.stated:f}",
            "difference": f"{self.difference:f}",
            "units_look_mixed": self.looks_mixed,
        }


def check_all(periods: Sequence[Figures], *, tolerance: Decimal) -> list[Check]:
    """Every check that the statements allow, period by period; what is not stated is not checked."""
    found: list[Check] = []
    for figures in periods:
        before = next((other for other in periods if figures.follows(other)), None)
        for code, line, expected, stated in (*_sides(figures), *_sums(figures), *_cash(figures, before)):
            if expected is not None and stated is not None:
                found.append(Check(code, figures.ends_on, expected, stated, tolerance, line))
    return found


_Pair = tuple[str, str, Decimal | None, Decimal | None]


def _plus(*amounts: Decimal | None) -> Decimal | None:
    """The sum, or None where one is missing."""
    if any(amount is None for amount in amounts):
        return None
    with localcontext(prec=PRECISION):
        return sum((amount for amount in amounts if amount is not None), ZERO)


def _minus(amount: Decimal | None) -> Decimal | None:
    return None if amount is None else -amount


def _sides(figures: Figures) -> Iterator[_Pair]:
    say = figures.stated.get
    assets = say("total_assets", _plus(say("current_assets"), say("noncurrent_assets")))
    liabilities = say("total_liabilities", _plus(say("current_liabilities"), say("noncurrent_liabilities")))
    yield "balance", "total_assets", _plus(liabilities, say("equity")), assets
    yield "balance_total", "total_assets", say("liabilities_and_equity"), assets


def _sums(figures: Figures) -> Iterator[_Pair]:
    say = figures.stated.get
    yield "assets", "total_assets", _plus(say("current_assets"), say("noncurrent_assets")), say("total_assets")
    yield "liabilities", "total_liabilities", _plus(say("current_liabilities"), say("noncurrent_liabilities")), say("total_liabilities")
    yield "gross_profit", "gross_profit", _plus(say("sales"), _minus(say("cogs"))), say("gross_profit")
    yield "net_profit", "net_profit", _plus(say("profit_before_tax"), _minus(say("tax"))), say("net_profit")
    for whole, codes in parts().items():
        if whole in ("total_assets", "total_liabilities"):
            continue
        expected, stated = figures.sum_of(codes), say(whole)
        # Without its "other" line a statement is not set out in full: then its lines may only not exceed the whole.
        is_full = any(code.startswith("other_") and code in figures.stated for code in codes)
        if expected is not None and stated is not None and (is_full or (whole != "equity" and expected > stated)):
            yield "parts", whole, expected, stated


def _cash(figures: Figures, before: Figures | None) -> Iterator[_Pair]:
    say = figures.stated.get
    flows = _plus(say("cfo"), say("cfi"), say("cff"))
    earlier = before.stated.get("closing_cash", before.stated.get("cash")) if before else None
    opening = say("opening_cash", earlier)
    closing = say("closing_cash", say("cash"))
    yield "cash_roll", "closing_cash", _plus(opening, flows, say("fx_effect", ZERO)), closing
    if "opening_cash" in figures.stated:
        yield "cash_opening", "opening_cash", earlier, figures.stated["opening_cash"]


def line_name(check: Check) -> str:
    """The name of the line at which it does not tie."""
    return lines()[check.line].name
