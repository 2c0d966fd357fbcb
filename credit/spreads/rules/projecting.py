"""Projections: the coming years from the last one, at a growth and a margin, with the days of the cycle as they were."""

from dataclasses import dataclass
from decimal import Decimal, localcontext
from typing import Any

from credit.spreads.rules.figures import PRECISION, ZERO, Figures
from credit.spreads.rules.ratios import YEAR_DAYS, Ratio


@dataclass(frozen=True)
class Projection:
    """What is expected: growth of sales and gross margin a year, as fractions, and for how many years."""

    growth: Decimal
    gross_margin: Decimal
    years: int = 3


@dataclass(frozen=True)
class Projected:
    """One year to come. `working_capital`: stock and debtors less creditors; `need`: what it grows by; `cash`: what is left to pay with."""

    year: int
    sales: Decimal
    gross_profit: Decimal
    ebitda: Decimal | None
    working_capital: Decimal | None
    need: Decimal | None
    cash: Decimal | None

    def to_json(self) -> dict[str, Any]:
        """For sealed packs: whole units as text."""
        names = ("sales", "gross_profit", "ebitda", "working_capital", "need", "cash")
        return {"year": self.year, **{name: None if getattr(self, name) is None else f"{getattr(self, name):.0f}" for name in names}}


def project(figures: Figures, found: list[Ratio], expected: Projection) -> list[Projected]:
    """The years after a full year's statement; nothing where it has no sales. Costs besides those of goods keep their part of sales."""
    days = {ratio.code: ratio.value for ratio in found if ratio.code in ("dio", "dso", "dpo")}
    with localcontext(prec=PRECISION):
        return _years(figures, days, expected)


def _years(figures: Figures, days: dict[str, Decimal | None], expected: Projection) -> list[Projected]:
    sales = figures.value("sales")
    if not sales or sales < 0:
        return []
    profit, spent = figures.value("gross_profit"), figures.value("operating_profit")
    depreciation = figures.stated.get("depreciation")
    known = profit is not None and spent is not None and depreciation is not None
    # Cash costs besides those of goods, as a part of sales.
    costs = ((profit or ZERO) - (spent or ZERO) - (depreciation or ZERO)) / sales if known else None
    tied = _tied(figures.value("sales"), figures.value("cogs"), days)
    rows: list[Projected] = []
    for year in range(1, expected.years + 1):
        sales = sales * (1 + expected.growth)
        gross = sales * expected.gross_margin
        ebitda = None if costs is None else gross - sales * costs
        now = _tied(sales, sales - gross, days)
        need = None if now is None or tied is None else now - tied
        left = None if ebitda is None or need is None else ebitda - need
        rows.append(Projected(year, sales, gross, ebitda, now, need, left))
        tied = now
    return rows


def _tied(sales: Decimal | None, cost: Decimal | None, days: dict[str, Decimal | None]) -> Decimal | None:
    dio, dso, dpo = days.get("dio"), days.get("dso"), days.get("dpo")
    if sales is None or cost is None or dio is None or dso is None or dpo is None:
        return None
    return (sales * dso + cost * (dio - dpo)) / YEAR_DAYS
