"""The mainland's working-capital need (domain 6.6, on a basis of 360 days)."""

from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal, localcontext

from django.utils.translation import gettext_lazy as _

from credit.spreads.rules.figures import PRECISION, ZERO
from credit.spreads.rules.naming import refuse

_LARGEST = Decimal(10) ** 15
_MOST_DAYS = Decimal(10_000)


@dataclass(frozen=True)
class NeedCase:
    """What the need is worked out from: amounts in one currency, margin and growth as fractions, days of the cycle."""

    sales: Decimal
    margin: Decimal
    growth: Decimal
    dio: Decimal
    dso: Decimal
    dpo: Decimal
    prepaid: Decimal = ZERO
    advance: Decimal = ZERO
    own: Decimal = ZERO
    loans: Decimal = ZERO
    other: Decimal = ZERO
    request: Decimal | None = None


@dataclass(frozen=True)
class Need:
    """The need and the most that a new loan may be, in whole units; `exception` is by how much the request goes beyond it."""

    cycle: Decimal
    turns: Decimal
    need: int
    maximum_new_loan: int
    exception: int | None = None


def working_capital_need(case: NeedCase, *, basis: int) -> Need:
    """Need = sales x (1 - margin) x (1 + growth) / turns; turns = `basis` days / cycle. Half-even to whole units, never below 0.

    RuleBroken, beside the figure, for a cycle of 0 days or less, and for figures that no company has.
    """
    _judge(case)
    with localcontext(prec=PRECISION):
        cycle = case.dio + case.dso - case.dpo + case.prepaid - case.advance
        if cycle <= 0:
            raise refuse(
                "dio", _("The cash cycle is %(days)s days: with 0 days or less there is no need to work out.") % {"days": _text(cycle)}
            )
        exact = case.sales * (1 - case.margin) * (1 + case.growth) * cycle / basis
        need = _whole(exact)
        room = _whole(exact - case.own - case.loans - case.other)
        beyond = None if case.request is None else _whole(case.request - room)
        return Need(cycle, basis / cycle, need, room, beyond)


def _judge(case: NeedCase) -> None:
    for name in ("sales", "own", "loans", "other", "request"):
        amount = getattr(case, name)
        if amount is not None and not 0 <= amount <= _LARGEST:
            raise refuse(name, _("An amount is 0 or more."))
    for name in ("dio", "dso", "dpo", "prepaid", "advance"):
        if not 0 <= getattr(case, name) <= _MOST_DAYS:
            raise refuse(name, _("Days are 0 or more."))
    if not -10 <= case.margin < 1:
        raise refuse("margin", _("The margin is a part of sales: less than 1 (0.08 for 8%)."))
    if not -1 <= case.growth <= 10:
        raise refuse("growth", _("Growth is a fraction: from -1 to 10 (0.10 for 10%)."))


def _whole(amount: Decimal) -> int:
    return max(0, int(amount.quantize(Decimal(1), rounding=ROUND_HALF_EVEN)))


def _text(days: Decimal) -> str:
    return f"{days.normalize():f}"
