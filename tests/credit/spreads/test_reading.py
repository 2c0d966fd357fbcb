"""Files as people bring them: what is understood, and what is refused at its place with its reason."""

import datetime as dt
from decimal import Decimal

import pytest
from openpyxl import load_workbook

from credit.spreads.lines import code_of, lines
from credit.spreads.mapping.amounts import NotTaken, amount_of
from credit.spreads.mapping.boards import board_of
from credit.spreads.mapping.periods import heading_of
from credit.spreads.mapping.taking import Plan, propose, take
from credit.spreads.mapping.units import units_in
from credit.spreads.reading.circles import circular
from credit.spreads.reading.grids import Cell
from credit.spreads.reading.guarded import read_grid
from credit.spreads.reading.opened import errors_of
from credit.spreads.rules import check_all
from crm.kernel.errors import RuleBroken
from prospects.directories.reading.guarded import UnreadableFile
from prospects.directories.reading.refusals import Refused
from tests.credit.spreads import making
from tests.credit.spreads.old_books import Formula, write_xls
from tests.prospects.directories.builders import rewrite_part, write_ods


def taken(path, *, unit=1000, missing="", only=None):
    board = board_of(read_grid(path, path.name), only=only)
    return take(board, propose(board, unit=unit, missing=missing), unit=unit)


def amounts(period):
    return {code: line.amount for code, line in period.lines.items()}


def reasons(found):
    return {refusal.place: str(refusal.reason) for refusal in found.refused}


def test_english_accounts_in_thousands_are_read_with_brackets_as_costs(tmp_path):
    found = taken(making.workbook(tmp_path / "a.xlsx", making.ENGLISH))
    assert [period.heading.ends_on for period in found.periods] == [dt.date(2025, 12, 31), dt.date(2024, 12, 31)]
    now = amounts(found.periods[0])
    assert (now["sales"], now["cogs"], now["tax"], now["net_profit"], now["total_assets"]) == (1000, 800, 14, 50, 600)
    assert found.periods[0].lines["cogs"].place == "Accounts!D5"
    assert found.refused == []
    assert all(check.is_tied for check in check_all([period.figures for period in found.periods], tolerance=Decimal(1)))


def test_chinese_accounts_in_either_script_are_read_and_units_converted(tmp_path):
    rows = [
        ["利润表 单位：万元"],
        ["项目", "2025年度", "2024年度"],
        ["一、营业收入", "1,234.56", "1,000"],
        ["減：营业成本", "900", "800"],
        ["資產總額", "5,000", "4,800"],
        ["其中：存貨", "300", "—"],
    ]
    found = taken(making.text_file(tmp_path / "a.csv", rows), unit=1)
    now = amounts(found.periods[0])
    assert now == {"sales": Decimal(12_345_600), "cogs": 9_000_000, "total_assets": 50_000_000, "stock": 3_000_000}
    assert "stock" not in amounts(found.periods[1])


def test_columns_of_different_units_are_put_on_one(tmp_path):
    rows = [["", "31/12/2025 HK$'000", "31/12/2024 HK$ million"], ["Sales", 1000, 1], ["Total assets", 600, "0.5"]]
    found = taken(making.text_file(tmp_path / "a.csv", rows))
    assert [amounts(period)["total_assets"] for period in found.periods] == [600, 500]


def test_a_title_that_names_two_units_is_refused_until_one_is_said(tmp_path):
    rows = [["in HK$'000"], ["in HK$ million"], ["", "2025"], ["Sales", 1000], ["Total assets", 600]]
    board = board_of(read_grid(making.text_file(tmp_path / "a.csv", rows), "a.csv"))
    with pytest.raises(RuleBroken, match="two units"):
        propose(board, unit=1)
    assert set(propose(board, unit=1, own_unit=1000).units.values()) == {1000}


def test_a_file_of_many_companies_is_read_by_row(tmp_path):
    rows = [
        ["报告年份", "证券代码", "营业收入", "营业成本", "净利润"],
        ["2020", "605228", "1486336159.28", "1143937948.11", "116647468.73"],
        ["2020", "601068", "-1.0", "-1.0", "-1.0"],
    ]
    path = making.text_file(tmp_path / "a.csv", rows)
    with pytest.raises(RuleBroken, match="Several rows are of the same period"):
        taken(path, unit=1)
    one = taken(path, unit=1, only=("证券代码", "605228"), missing="-1.0")
    assert amounts(one.periods[0]) == {
        "sales": Decimal("1486336159.28"),
        "cogs": Decimal("1143937948.11"),
        "net_profit": Decimal("116647468.73"),
    }
    assert taken(path, unit=1, only=("证券代码", "601068"), missing="-1.0").periods == []


def test_a_table_of_facts_is_read_by_its_dates(tmp_path):
    rows = [
        ["fact", "value", "units", "start_date", "end_date"],
        ["Revenues", "900", "USD", "2024-01-01", "2024-12-31"],
        ["Assets", "600", "USD", "2024-12-31", "2024-12-31"],
        ["NoncurrentAssets", "77", "USD", "2024-12-31", "2024-12-31"],
        ["CommonStockSharesOutstanding", "5", "shares", "2024-12-31", "2024-12-31"],
    ]
    found = taken(making.text_file(tmp_path / "a.csv", rows), unit=1)
    assert [amounts(period) for period in found.periods] == [{"sales": 900, "total_assets": 600}]


def test_error_cells_and_circles_are_refused_where_they_stand_and_the_rest_is_taken(tmp_path):
    rows = [
        ["", "31 Dec 2025"],
        ["Sales", "=B3+1"],
        ["Cost of sales", "=B2-1"],
        ["Gross profit", "=1/0"],
        ["Total assets", 600],
        ["Equity", 250],
        ["Stock", "=1+1"],
    ]
    path = making.workbook(tmp_path / "a.xlsx", rows)
    book = load_workbook(path)
    book.active["B4"] = "#DIV/0!"
    book.active["B4"].data_type = "e"
    book.save(path)
    found = taken(path)
    told = reasons(found)
    assert "circle" in told["Accounts!B2"]
    assert "circle" in told["Accounts!B3"]
    assert "#DIV/0!" in told["Accounts!B4"]
    assert "without its result" in told["Accounts!B7"]
    assert amounts(found.periods[0]) == {"total_assets": 600, "equity": 250}


CALC = "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"


def test_error_cells_of_an_open_document_sheet_are_refused_where_they_stand(tmp_path):
    rows = [["", "31 Dec 2025"], ["Sales", "1,000"], ["Gross profit", "ERR-ONE"], ["Total assets", "600"], ["Equity", "ERR-TWO"]]
    path = write_ods(tmp_path / "a.ods", rows)
    for mark, shown in (("ERR-ONE", "#DIV/0!"), ("ERR-TWO", "Err:502")):
        said = f'<table:table-cell office:value-type="string"><text:p>{mark}</text:p></table:table-cell>'
        kinds = 'office:value-type="string" office:string-value="" calcext:value-type="error"'
        made = f'<table:table-cell xmlns:calcext="{CALC}" {kinds}><text:p>{shown}</text:p></table:table-cell>'
        rewrite_part(path, "content.xml", said.encode(), made.encode())
    found = taken(path)
    told = reasons(found)
    assert "#DIV/0!" in told["List!B3"]
    assert "Err:502" in told["List!B5"]
    assert amounts(found.periods[0]) == {"sales": 1000, "total_assets": 600}


def test_error_cells_and_circles_of_an_old_workbook_are_refused_where_they_stand_and_the_rest_is_taken(tmp_path):
    rows = [
        ["Yau Tat Textiles (in HK$'000)"],
        ["", "31/12/2025", "31 December 2024"],
        ["Sales", 1000, 900],
        ["Cost of sales", Formula([(6, 1)], 800), "#N/A"],
        ["Gross profit", Formula([(2, 1), (3, 1)], "#DIV/0!"), 170],
        ["Total assets", 600, 560],
        ["Net profit", Formula([(3, 1), (1, 0, 0)], 50), 40],
        ["Equity", -250, Formula([(1, 1, 1)], 5)],
    ]
    path = write_xls(tmp_path / "a.xls", Accounts=rows, Notes=[["See #REF!", Formula([(0, 9, 9)], 2)], ["", Formula([(1, 1, 1)], 7)]])
    found = taken(path)
    told = reasons(found)
    assert set(told) == {"Accounts!B4", "Accounts!B5", "Accounts!C4", "Accounts!B7"}
    assert "#DIV/0!" in told["Accounts!B5"]
    assert "#N/A" in told["Accounts!C4"]
    assert "circle" in told["Accounts!B4"]
    assert "circle" in told["Accounts!B7"]
    assert [period.heading.ends_on for period in found.periods] == [dt.date(2025, 12, 31), dt.date(2024, 12, 31)]
    assert amounts(found.periods[0]) == {"sales": 1000, "total_assets": 600, "equity": -250}
    assert amounts(found.periods[1]) == {"sales": 900, "gross_profit": 170, "total_assets": 560, "net_profit": 40, "equity": 5}


def test_an_old_workbook_cut_in_the_middle_is_refused_as_damaged(tmp_path):
    path = write_xls(tmp_path / "a.xls", Accounts=[["", "2025"], ["Sales", 5], ["Total assets", "#REF!"]])
    path.write_bytes(path.read_bytes()[:1600])
    with pytest.raises(UnreadableFile, match="damaged"):
        read_grid(path, "a.xls")


def test_repeated_rows_and_columns_are_counted_where_errors_stand(tmp_path):
    path = write_ods(tmp_path / "a.ods", [["", "X"], ["Y"], ["Sales", "ERR"]])
    cell = b'<table:table-cell office:value-type="string"><text:p>'
    for old, new in (
        (b"<table:table-row>" + cell + b"Y<", b'<table:table-row table:number-rows-repeated="4">' + cell + b"Y<"),
        (cell + b"Sales<", cell.replace(b"cell ", b'cell table:number-columns-repeated="3" ') + b"Sales<"),
        (cell + b"ERR<", cell.replace(b"string", b"error") + b"odd<"),
    ):
        rewrite_part(path, "content.xml", old, new)
    assert errors_of(path) == {("List", 6, 4): Cell("e", "Err")}


def test_an_open_document_sheet_with_entities_is_refused(tmp_path):
    path = write_ods(tmp_path / "a.ods", [["Sales", "error"]])
    rewrite_part(path, "content.xml", b"<office:document-content", b"<!DOCTYPE a [<!ENTITY b 'c'>]><office:document-content")
    with pytest.raises(Refused, match="damaged"):
        errors_of(path)


def test_circles_are_found_across_sheets_and_ranges_and_nowhere_else():
    formulas = {
        ("A", 1, 1): "=B!A1",
        ("B", 1, 1): "='A'!$A$1*2",
        ("A", 5, 1): "=SUM(A6:A8)",
        ("A", 7, 1): "=A5",
        ("A", 9, 1): '=A10&"A9"',
        ("A", 10, 1): "=A11",
        ("A", 12, 1): "=A12",
    }
    assert circular(formulas) == {("A", 1, 1), ("B", 1, 1), ("A", 5, 1), ("A", 7, 1), ("A", 12, 1)}


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("1,234.50", "1234.5"),
        ("(1,234)", "-1234"),
        ("－５", "-5"),
        ("12-", "-12"),
        ("HK$ 7", "7"),
        ("-", None),
        ("", None),
        ("nil", None),
        ("0", "0"),
    ],
)
def test_amounts_are_read_as_statements_write_them(text, amount):
    assert amount_of(Cell("t", text)) == (None if amount is None else Decimal(amount))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("12.3 million", "unit of its own"),
        ("3千元", "unit of its own"),
        ("12%", "percentage"),
        ("31/12/2025", "date"),
        ("1.234.567,89", "decimals"),
        ("see note 4", "no amount"),
        ("9" * 30, "larger"),
    ],
)
def test_what_is_no_amount_is_refused_with_its_reason(text, reason):
    with pytest.raises(NotTaken) as refused:
        amount_of(Cell("t", text))
    assert reason in str(refused.value.sentence)


@pytest.mark.parametrize(
    ("text", "ends_on", "months"),
    [
        ("2025-06-30", "2025-06-30", 12),
        ("31/12/2025", "2025-12-31", 12),
        ("31 December 2025", "2025-12-31", 12),
        ("Mar 31, 2025", "2025-03-31", 12),
        ("2025年12月31日", "2025-12-31", 12),
        ("2024年度", "2024-12-31", 12),
        ("FY2024", "2024-12-31", 12),
        ("2024", "2024-12-31", 12),
        ("6 months to 30 Jun 2025", "2025-06-30", 6),
        ("2025年1-6月", "2025-06-30", 6),
        ("1H2025", "2025-06-30", 6),
        ("45657", "2024-12-31", 12),
    ],
)
def test_periods_are_read_from_headings_also_dates_kept_as_text(text, ends_on, months):
    found = heading_of(Cell("t", text))
    assert (found.ends_on.isoformat(), found.months) == (ends_on, months)


def test_a_date_that_reads_in_two_ways_is_refused_at_its_column(tmp_path):
    rows = [["", "03/04/2025", "31/12/2024"], ["Sales", 5, 4], ["Total assets", 9, 8]]
    found = taken(making.text_file(tmp_path / "a.csv", rows))
    assert reasons(found) == {"B1": "The date can be read in two ways. Write it as YYYY-MM-DD."}
    assert len(found.periods) == 1


def test_a_line_that_stands_twice_with_different_amounts_is_refused(tmp_path):
    rows = [["", "2025"], ["Sales", 5], ["Turnover", 6], ["Total assets", 9]]
    path = making.text_file(tmp_path / "a.csv", rows)
    board = board_of(read_grid(path, "a.csv"))
    plan = propose(board, unit=1)
    twice = Plan({**plan.codes, "3": "sales"}, plan.periods, plan.units)
    assert "stands twice" in reasons(take(board, twice, unit=1))["B3"]
    assert take(board, plan, unit=1).unknown == ["Turnover"]


@pytest.mark.parametrize(
    ("text", "unit"), [("HK$'000", 1000), ("(人民币千元)", 1000), ("萬元", 10_000), ("RMB million", 1_000_000), ("单位：元", 1)]
)
def test_units_are_read_from_titles(text, unit):
    assert units_in(text) == {unit}


def test_no_label_means_two_lines():
    seen = {}
    for line in lines().values():
        for label in (*line.names, *line.also):
            assert code_of(label) == line.code, label
            seen.setdefault(label, line.code)
            assert seen[label] == line.code


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b"%PDF-1.7 x", "PDF"),
        (b"\x89PNG\r\n\x1a\n123", "picture"),
        (b"PK\x03\x04 broken", "damaged"),
        (b"MZ\x90\x00" + bytes(range(256)) * 4, "no text and no workbook"),
    ],
)
def test_what_is_no_table_is_refused_with_its_reason(tmp_path, content, reason):
    path = tmp_path / "a.xlsx"
    path.write_bytes(content)
    with pytest.raises(UnreadableFile, match=reason):
        read_grid(path, "a.xlsx")


def test_a_file_without_any_line_of_a_statement_is_refused(tmp_path):
    with pytest.raises(RuleBroken, match="No lines of a statement"):
        board_of(read_grid(making.text_file(tmp_path / "a.csv", [["a", "b"], ["c", "d"]]), "a.csv"))
