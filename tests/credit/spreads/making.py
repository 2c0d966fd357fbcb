"""Statements that tie, a client with a spread, and files as people bring them."""

import csv
import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

from openpyxl import Workbook

from credit.spreads import services
from credit.spreads.mapping.periods import Heading
from credit.spreads.models import Spread
from credit.spreads.rules import Figures
from crm.companies.models import Company
from tests.cast import NOW, Bank
from tests.visits import making

YEAR = dt.date(2025, 12, 31)

FULL = {
    "cash": 50, "debtors": 150, "stock": 120, "prepaid": 10, "related_debtors": 5, "other_current_assets": 15, "current_assets": 350,
    "fixed_assets": 200, "intangibles": 20, "other_noncurrent_assets": 30, "noncurrent_assets": 250, "total_assets": 600,
    "creditors": 90, "advance_receipts": 10, "short_debt": 80, "other_current_liabilities": 20, "current_liabilities": 200,
    "long_debt": 100, "other_noncurrent_liabilities": 50, "noncurrent_liabilities": 150, "total_liabilities": 350,
    "share_capital": 100, "retained_earnings": 120, "other_equity": 30, "equity": 250, "liabilities_and_equity": 600,
    "sales": 1000, "cogs": 800, "gross_profit": 200, "operating_costs": 120, "depreciation": 20, "operating_profit": 80, "interest": 16,
    "profit_before_tax": 64, "tax": 14, "net_profit": 50,
    "cfo": 60, "capex": 25, "maintenance_capex": 10, "cfi": -30, "principal_due": 30, "dividends": 20, "cff": -20, "fx_effect": 0,
    "opening_cash": 40, "closing_cash": 50,
    "senior_debt": 40, "own_debt": 110, "valuation": 250,
}  # fmt: skip


def figures(ends_on: dt.date = YEAR, months: int = 12, **changes: Any) -> Figures:
    """A year that ties; a change of None takes the line out."""
    told = {**FULL, **changes}
    return Figures(ends_on, months, "audited", {code: Decimal(str(value)) for code, value in told.items() if value is not None})


def values(**changes: Any) -> dict[str, Decimal]:
    return dict(figures(**changes).stated)


def client(bank: Bank, owner: str = "rm", name: str = "Yau Tat Textiles") -> Company:
    return making.client(bank, owner, name=name).company


def spread(bank: Bank, company: Company, by: str = "rm", **details: Any) -> Spread:
    told = {"currency": "HKD", "unit": 1000, "jurisdiction": "HK", **details}
    return services.begin_spread(company_id=company.pk, actor=bank.people[by], now=NOW, **told)


def enter(bank: Bank, of: Spread, by: str = "rm", ends_on: dt.date = YEAR, kind: str = "audited", **changes: Any) -> Any:
    heading = Heading(ends_on, 12, kind)
    return services.enter_period(spread_id=of.pk, heading=heading, values=values(**changes), actor=bank.people[by], now=NOW)


def workbook(path: Path, rows: list[list[Any]], sheet: str = "Accounts") -> Path:
    book = Workbook()
    book.active.title = sheet
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path


def text_file(path: Path, rows: list[list[Any]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    return path


ENGLISH = [
    ["Yau Tat Textiles Limited"],
    ["(in HK$'000)"],
    ["", "Note", "Year ended 31 December 2024", "Year ended 31 December 2025"],
    ["Revenue", 3, 900, 1000],
    ["Cost of sales", 4, "(730)", "(800)"],
    ["Gross profit", "", 170, 200],
    ["Taxation", 6, "(10)", "(14)"],
    ["Profit for the year", "", 40, 50],
    ["Total assets", "", "560", "600"],
    ["Total liabilities", "", 340, 350],
    ["Total equity", "", 220, 250],
]
