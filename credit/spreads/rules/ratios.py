"""The ratios of domain 6.6, each with its formula, the figures that it came from, and the reason where there is none."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal, localcontext
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from credit.spreads.lines import lines
from credit.spreads.rules.figures import FULL_YEAR, PRECISION, ZERO, Figures, Source
from crm.kernel.errors import Sentence

YEAR_DAYS = 365
NEGATIVE_EQUITY = "RF-30"
_PLACES = Decimal("0.000001")


class RatioKind(StrEnum):
    """How a ratio is written."""

    PERCENT = "percent"
    TIMES = "times"
    DAYS = "days"
    AMOUNT = "amount"


@dataclass(frozen=True)
class Ratio:
    """A ratio of one period; `value` None with a `reason` where it is n/a. `better` says which way is good: +1 up, -1 down, 0 neither."""

    code: str
    kind: RatioKind
    label: Sentence
    formula: Sentence
    ends_on: dt.date
    value: Decimal | None
    reason: Sentence = ""
    sources: tuple[Source, ...] = ()
    better: int = 1

    def to_json(self) -> dict[str, Any]:
        """For the API and sealed packs: amounts and ratios as text, six places half-even; null where n/a."""
        value = None if self.value is None else f"{_rounded(self.value):f}"
        return {
            "code": self.code,
            "kind": self.kind.value,
            "period": self.ends_on.isoformat(),
            "value": value,
            "reason": str(self.reason),
            "formula": str(self.formula),
            "sources": [
                {"line": source.code, "period": source.ends_on.isoformat(), "amount": f"{source.amount:f}", "how": source.how}
                for source in self.sources
            ],
        }


def _rounded(value: Decimal) -> Decimal:
    with localcontext(prec=PRECISION):
        return value.quantize(_PLACES, rounding=ROUND_HALF_EVEN)


class NotAvailable(Exception):
    """A ratio cannot be worked out; the argument is the sentence that says why."""


class Asking:
    """What a formula asks for: it remembers every figure that it was given, and stops where one is missing."""

    def __init__(self, now: Figures, before: Figures | None) -> None:
        self.now, self.before = now, before
        self.sources: list[Source] = []

    def __call__(self, code: str, figures: Figures | None = None) -> Decimal:
        """The amount of a line. NotAvailable where it is not known."""
        source = (figures or self.now).source(code)
        if source is None:
            raise NotAvailable(_("Not stated: %(line)s.") % {"line": lines()[code].name})
        if source not in self.sources:
            self.sources.append(source)
        return source.amount

    def average(self, code: str) -> Decimal:
        """Of the beginning and the end of the period; the end alone where the beginning is not known."""
        if code not in self.now.stated:
            raise NotAvailable(_("Not stated: %(line)s.") % {"line": lines()[code].name})
        end = self(code)
        if self.before is None or code not in self.before.stated:
            return end
        return (end + self(code, self.before)) / 2

    def of_a_year(self, code: str) -> Decimal:
        """A flow of the period, put on twelve months."""
        return self(code) * FULL_YEAR / self.now.months

    def over(self, above: Decimal, below: Decimal) -> Decimal:
        """The quotient. NotAvailable for a division by zero."""
        if not below:
            raise NotAvailable(_("Division by zero."))
        return above / below

    def over_positive(self, above: Decimal, below: Decimal, name: Sentence) -> Decimal:
        """The quotient where what stands below has to be more than nothing to mean anything."""
        if below < 0:
            raise NotAvailable(_("%(figure)s is negative.") % {"figure": name})
        return self.over(above, below)

    @property
    def ebitda(self) -> Decimal:
        """Operating profit and depreciation and amortisation."""
        return self("operating_profit") + self("depreciation")

    @property
    def debt(self) -> Decimal:
        """All that bears interest. NotAvailable where the statement states neither kind."""
        stated = [code for code in ("short_debt", "long_debt") if code in self.now.stated]
        if not stated:
            raise NotAvailable(_("Not stated: %(line)s.") % {"line": _("interest-bearing debt")})
        return sum((self(code) for code in stated), ZERO)

    @property
    def tangible_net_worth(self) -> Decimal:
        """Equity less intangibles and what related parties owe."""
        return self("equity") - self("intangibles") - self("related_debtors")


_TNW = _("Tangible net worth")
_EBITDA = "EBITDA"


def _growth(ask: Asking) -> Decimal:
    earlier = ask.before
    if earlier is None:
        raise NotAvailable(_("The same period a year earlier is not there."))
    start = ask("sales", earlier)
    return ask.over_positive(ask("sales") - start, start, lines()["sales"].name)


def _dio(ask: Asking) -> Decimal:
    return ask.over(ask.average("stock") * YEAR_DAYS, ask.of_a_year("cogs"))


def _dso(ask: Asking) -> Decimal:
    return ask.over(ask.average("debtors") * YEAR_DAYS, ask.of_a_year("sales"))


def _dpo(ask: Asking) -> Decimal:
    return ask.over(ask.average("creditors") * YEAR_DAYS, ask.of_a_year("cogs"))


def _maintenance(ask: Asking) -> Decimal:
    """Maintenance capex; all capex where it is not set apart, which is the careful side."""
    return ask("maintenance_capex" if "maintenance_capex" in ask.now.stated else "capex")


def _service_cover(ask: Asking) -> Decimal:
    return ask.over(ask.ebitda - ask("tax") - _maintenance(ask), ask("principal_due") + ask("interest"))


def _net_debt_cover(ask: Asking) -> Decimal:
    yearly = ask.ebitda * FULL_YEAR / ask.now.months
    return ask.over_positive(ask.debt - ask("cash"), yearly, _EBITDA)


def _altman(ask: Asking) -> Decimal:
    assets, debts = ask("total_assets"), ask("total_liabilities")
    working = ask("current_assets") - ask("current_liabilities")
    return (
        Decimal("0.717") * ask.over(working, assets)
        + Decimal("0.847") * ask.over(ask("retained_earnings"), assets)
        + Decimal("3.107") * ask.over(ask.of_a_year("operating_profit"), assets)
        + Decimal("0.420") * ask.over(ask("equity"), debts)
        + Decimal("0.998") * ask.over(ask.of_a_year("sales"), assets)
    )


@dataclass(frozen=True)
class _Formula:
    code: str
    kind: RatioKind
    label: Sentence
    formula: Sentence
    work_out: Callable[[Asking], Decimal]
    better: int = 1


_P, _T, _D, _A = RatioKind.PERCENT, RatioKind.TIMES, RatioKind.DAYS, RatioKind.AMOUNT
FORMULAS: tuple[_Formula, ...] = (
    _Formula("growth", _P, _("Growth"), _("(sales - sales a year earlier) / sales a year earlier"), _growth),
    _Formula("gross_margin", _P, _("Gross margin"), _("gross profit / sales"), lambda ask: ask.over(ask("gross_profit"), ask("sales"))),
    _Formula("ebitda", _A, _EBITDA, _("operating profit + depreciation and amortisation"), lambda ask: ask.ebitda),
    _Formula("ebitda_margin", _P, _("EBITDA margin"), _("EBITDA / sales"), lambda ask: ask.over(ask.ebitda, ask("sales"))),
    _Formula("net_margin", _P, _("Net margin"), _("net profit / sales"), lambda ask: ask.over(ask("net_profit"), ask("sales"))),
    _Formula(
        "current",
        _T,
        _("Current ratio"),
        _("current assets / current liabilities"),
        lambda ask: ask.over(ask("current_assets"), ask("current_liabilities")),
    ),
    _Formula(
        "quick",
        _T,
        _("Quick ratio"),
        _("(current assets - stock - prepayments) / current liabilities"),
        lambda ask: ask.over(ask("current_assets") - ask("stock") - ask("prepaid"), ask("current_liabilities")),
    ),
    _Formula("dio", _D, _("Stock days"), _("average stock x 365 / cost of goods sold"), _dio, -1),
    _Formula("dso", _D, _("Debtor days"), _("average debtors x 365 / sales"), _dso, -1),
    _Formula("dpo", _D, _("Creditor days"), _("average creditors x 365 / cost of goods sold"), _dpo, 0),
    _Formula(
        "ccc", _D, _("Cash cycle, days"), _("stock days + debtor days - creditor days"), lambda ask: _dio(ask) + _dso(ask) - _dpo(ask), -1
    ),
    _Formula("tnw", _A, _TNW, _("equity - intangibles - due from related parties"), lambda ask: ask.tangible_net_worth),
    _Formula(
        "leverage",
        _T,
        pgettext_lazy("ratio", "Leverage"),
        _("total liabilities / tangible net worth"),
        lambda ask: ask.over_positive(ask("total_liabilities"), ask.tangible_net_worth, _TNW),
        -1,
    ),
    _Formula(
        "gearing",
        _T,
        pgettext_lazy("ratio", "Gearing"),
        _("interest-bearing debt / tangible net worth"),
        lambda ask: ask.over_positive(ask.debt, ask.tangible_net_worth, _TNW),
        -1,
    ),
    _Formula("net_debt_ebitda", _T, _("Net debt to EBITDA"), _("(interest-bearing debt - cash) / EBITDA"), _net_debt_cover, -1),
    _Formula("interest_cover", _T, _("Interest cover"), _("EBITDA / interest"), lambda ask: ask.over(ask.ebitda, ask("interest"))),
    _Formula(
        "dscr",
        _T,
        _("Debt service cover"),
        _("(EBITDA - tax - maintenance capital expenditure) / (principal due + interest)"),
        _service_cover,
    ),
    _Formula("fcf", _A, _("Free cash flow"), _("cash from operations - capital expenditure"), lambda ask: ask("cfo") - ask("capex")),
    _Formula(
        "ltv",
        _P,
        _("Loan to value"),
        _("(debt ranking before ours + our debt) / valuation"),
        lambda ask: ask.over(ask("senior_debt") + ask("own_debt"), ask("valuation")),
        -1,
    ),
    _Formula(
        "payout",
        _P,
        _("Dividend payout"),
        _("dividends / net profit"),
        lambda ask: ask.over_positive(ask("dividends"), ask("net_profit"), lines()["net_profit"].name),
        0,
    ),
    _Formula(
        "altman",
        _T,
        "Altman Z′",
        _(
            "0.717 x working capital / assets + 0.847 x retained earnings / assets + 3.107 x operating profit / assets "
            "+ 0.420 x equity / liabilities + 0.998 x sales / assets"
        ),
        _altman,
    ),
)


def ratios(figures: Figures, others: Sequence[Figures] = ()) -> list[Ratio]:
    """All ratios of a period. `others` are further periods of the company: growth and averages look for the one before among them.

    Averages are of the beginning and the end of the period; where the beginning is not there, the end alone. Flows of fewer months are
    put on a year where a balance stands against them.
    """
    a_year_before = next((other for other in others if figures.year_before(other)), None)
    beginning = next((other for other in others if figures.follows(other)), None)
    return [_ratio(formula, figures, a_year_before if formula.code == "growth" else beginning) for formula in FORMULAS]


def _ratio(formula: _Formula, figures: Figures, before: Figures | None) -> Ratio:
    ask = Asking(figures, before)
    value, reason = None, ""
    try:
        with localcontext(prec=PRECISION):
            value = formula.work_out(ask)
    except NotAvailable as error:
        reason = error.args[0]
    told = (formula.code, formula.kind, formula.label, formula.formula, figures.ends_on)
    return Ratio(*told, value, reason, tuple(ask.sources), formula.better)


def signs(periods: Sequence[Figures]) -> list[tuple[str, Sentence]]:
    """Red flags that the figures themselves raise (domain 7.4), of the newest period: RF-30 for negative equity, or two years' loss."""
    if not periods:
        return []
    newest = periods[0]
    equity = newest.value("equity")
    if equity is not None and equity < 0:
        return [(NEGATIVE_EQUITY, _("Net worth is negative."))]
    years = [figures.value("net_profit") for figures in periods if figures.months == FULL_YEAR][:2]
    if len(years) == 2 and all(profit is not None and profit < ZERO for profit in years):
        return [(NEGATIVE_EQUITY, _("There were losses in two years running."))]
    return []
