"""The stress cases of domain 6.5, section 9: what ability to pay and need for money become when one thing goes wrong, or all do."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, localcontext
from typing import Any

from django.utils.translation import gettext_lazy as _

from credit.spreads.rules.figures import FULL_YEAR, PRECISION, ZERO, Figures
from credit.spreads.rules.ratios import YEAR_DAYS
from crm.kernel.errors import Sentence

_HUNDRED, _TEN_THOUSAND = Decimal(100), Decimal(10_000)


@dataclass(frozen=True)
class StressFigures:
    """How hard the bank shakes: sales down in percent, gross margin down in points, rates up in basis points, debtor days up."""

    sales_percent: Decimal
    margin_points: Decimal
    rate_bp: Decimal
    debtor_days: Decimal

    @classmethod
    def of(cls, table: Mapping[str, Any]) -> "StressFigures":
        """From the policy table `spreads.stress`."""
        names = ("sales_percent", "margin_points", "rate_bp", "debtor_days")
        return cls(*(Decimal(str(table[name])) for name in names))


@dataclass(frozen=True)
class Stressed:
    """One case: None where the statement does not allow to say. `extra_funding` is what more debtors tie up."""

    code: str
    label: Sentence
    ebitda: Decimal | None
    interest_cover: Decimal | None
    dscr: Decimal | None
    net_debt_ebitda: Decimal | None
    extra_funding: Decimal | None

    def to_json(self) -> dict[str, Any]:
        """For sealed packs: amounts as text, null where there is none."""
        names = ("ebitda", "interest_cover", "dscr", "net_debt_ebitda", "extra_funding")
        values = {name: getattr(self, name) for name in names}
        return {"case": self.code, **{name: None if value is None else f"{round(value, 6):f}" for name, value in values.items()}}


@dataclass(frozen=True)
class _Shock:
    sales: Decimal = ZERO
    margin: Decimal = ZERO
    rate: Decimal = ZERO
    days: Decimal = ZERO


def case_labels(policy: StressFigures) -> dict[str, Sentence]:
    """What the cases are called, with how hard each shakes, in their order."""
    return {
        "base": _("As it stands"),
        "sales": _("Sales down %(percent)s%%") % {"percent": f"{policy.sales_percent:f}"},
        "margin": _("Margin down %(points)s points") % {"points": f"{policy.margin_points:f}"},
        "rate": _("Rates up %(bp)s bp") % {"bp": f"{policy.rate_bp:f}"},
        "debtors": _("Debtor days up %(days)s") % {"days": f"{policy.debtor_days:f}"},
        "all": _("All together"),
    }


def stress(figures: Figures, policy: StressFigures) -> list[Stressed]:
    """The period as it stands, each case alone, and all together.

    Sales down: gross profit falls with them, other costs stay. Margin down: gross profit loses so many points of sales. Rate up: on all
    debt. Debtor days up: sales stay owed longer, and the bank is asked for it.
    """
    sales, margin = policy.sales_percent / _HUNDRED, policy.margin_points / _HUNDRED
    rate = policy.rate_bp / _TEN_THOUSAND
    shocks = {
        "base": _Shock(),
        "sales": _Shock(sales=sales),
        "margin": _Shock(margin=margin),
        "rate": _Shock(rate=rate),
        "debtors": _Shock(days=policy.debtor_days),
        "all": _Shock(sales, margin, rate, policy.debtor_days),
    }
    with localcontext(prec=PRECISION):
        return [_case(code, label, shocks[code], figures) for code, label in case_labels(policy).items()]


def _case(code: str, label: Sentence, shock: _Shock, figures: Figures) -> Stressed:
    ask = figures.value
    yearly = Decimal(FULL_YEAR) / figures.months
    sales = _times(ask("sales"), yearly)
    left = _times(sales, 1 - shock.sales)
    ebitda = _times(_sum(ask("operating_profit"), ask("depreciation")), yearly)
    ebitda = _sum(ebitda, _lost(_times(ask("gross_profit"), yearly), shock.sales), _lost(left, shock.margin))
    has_debt = {"short_debt", "long_debt"} & set(figures.stated)
    debt = _sum(figures.stated.get("short_debt", ZERO), figures.stated.get("long_debt", ZERO)) if has_debt else None
    extra = _times(left, shock.days / YEAR_DAYS)
    debt = _sum(debt, extra) if shock.days else debt
    interest = _times(ask("interest"), yearly)
    interest = _sum(interest, _times(debt, shock.rate)) if shock.rate else interest
    kept = figures.stated.get("maintenance_capex", ask("capex"))
    free = _sum(ebitda, _times(ask("tax"), -yearly), _times(kept, -yearly))
    service = _sum(_times(ask("principal_due"), yearly), interest)
    net_debt = _sum(debt, _times(ask("cash"), Decimal(-1)))
    covered = _over(net_debt, ebitda) if ebitda is not None and ebitda > 0 else None
    return Stressed(code, label, ebitda, _over(ebitda, interest), _over(free, service), covered, extra)


def _lost(amount: Decimal | None, part: Decimal) -> Decimal | None:
    """What is lost of an amount; nothing where nothing is, even of an amount that is not known."""
    return ZERO if not part else _times(amount, -part)


def _times(amount: Decimal | None, factor: Decimal) -> Decimal | None:
    return None if amount is None else amount * factor


def _sum(*amounts: Decimal | None) -> Decimal | None:
    return None if None in amounts else sum((amount or ZERO for amount in amounts), ZERO)


def _over(above: Decimal | None, below: Decimal | None) -> Decimal | None:
    return None if above is None or not below else above / below
