"""Statements of real companies: all of the set are read, with a report of what does not tie; a few are loaded whole."""

import datetime as dt
import json
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.management import call_command

from credit.spreads.mapping.boards import board_of
from credit.spreads.mapping.taking import propose, take
from credit.spreads.models import Line, Period
from credit.spreads.reading.grids import Grid
from credit.spreads.reading.guarded import read_grid
from credit.spreads.rules import Figures, check_all, ratios
from tests.credit.spreads import making

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
CHINA, EDGAR = DATA / "cn_annual_reports_finglm", DATA / "edgar_financials"
FILES = ("balance_static_2020.xlsx", "profit_statement_2020.xlsx", "cash_flow_statement_2020.xlsx")
ONE = Decimal(1)

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not CHINA.exists() or not EDGAR.exists(), reason="the statements of ../shared/data are not here"),
]


def companies():
    """Stated lines by stock code, of all three files; and the cells that were refused."""
    found: dict[str, dict[str, Decimal]] = {}
    refused = []
    for name in FILES:
        grid = read_grid(CHINA / name, name)
        header, *rows = grid.rows
        for row in rows:
            board = board_of(Grid(grid.name, grid.sheets, grid.sheet, (header, row)))
            taken = take(board, propose(board, unit=1, missing="-1.0"), unit=1)
            refused += taken.refused
            lines = found.setdefault(row[1][2].text, {})
            for period in taken.periods:
                lines |= {code: line.amount for code, line in period.lines.items()}
    return found, refused


def test_all_companies_are_read_and_it_is_said_what_does_not_tie(capsys):
    found, refused = companies()
    assert len(found) == 3869
    assert refused == []
    untied: Counter[str] = Counter()
    checked: Counter[str] = Counter()
    for code, lines in found.items():
        figures = Figures(dt.date(2020, 12, 31), 12, "audited", lines)
        for check in check_all([figures], tolerance=ONE):
            checked[check.code] += 1
            if not check.is_tied:
                untied[check.code] += 1
                print(code, check.code, check.expected, check.stated)
        ratios(figures)
    report = capsys.readouterr().out
    # Annual reports parsed from PDF: where a flow was lost, cash does not roll.
    assert checked["cash_roll"] > 3600
    assert 0 < untied["cash_roll"] < 100
    assert 0 < untied["net_profit"] < 30
    assert len(report.splitlines()) == sum(untied.values())


@pytest.mark.django_db
def test_the_three_files_of_a_company_make_one_period(bank, capsys):
    company = making.client(bank)
    for name in FILES:
        options = {"client": company.name_en, "username": "rm", "only": "证券代码=605228", "missing": "-1.0", "unit": 1, "json": True}
        call_command("import_spread", str(CHINA / name), **options)
        report = json.loads(capsys.readouterr().out)
        assert report["refused"] == []
    assert report["untied"] == []
    period = Period.objects.get()
    assert (period.ends_on, period.months) == (dt.date(2020, 12, 31), 12)
    assert Line.objects.get(code="sales").amount == Decimal("1486336159.28")
    margin = next(ratio for ratio in ratios(period.figures) if ratio.code == "net_margin")
    assert round(margin.value, 6) == Decimal("0.078480")


@pytest.mark.django_db
def test_a_table_of_filed_facts_is_loaded(bank, capsys):
    company = making.client(bank)
    call_command("import_spread", str(EDGAR / "apple_gaap.csv"), client=company.name_en, username="rm", unit=1, json=True)
    json.loads(capsys.readouterr().out)
    year = Period.objects.get(ends_on=dt.date(2022, 9, 24), months=12)
    stated = year.figures.stated
    assert (stated["sales"], stated["total_assets"], stated["equity"]) == (394_328_000_000, 352_755_000_000, 50_672_000_000)
    ties = {check.code: check.is_tied for check in check_all([year.figures], tolerance=ONE)}
    assert ties["balance"]
    assert ties["gross_profit"]
