"""Lists as workbooks: old and new ones, values of cells."""

import datetime

import pytest

from prospects.directories.reading.cells import letter, text_of, tidy
from tests.prospects.directories.builders import COMPANIES, HEADER, rewrite_part, write_ods, write_xlsx
from tests.prospects.directories.opening import READ, ROWS, XLS, opened, refusal


def test_the_same_list_reads_the_same_from_every_kind_of_workbook(tmp_path):
    assert list(opened(write_xlsx(tmp_path / "misnamed.csv", ROWS)).rows) == READ
    assert list(opened(write_ods(tmp_path / "misnamed.xlsx", ROWS)).rows) == READ


def test_an_old_workbook_gives_its_dates_whole_numbers_and_text_codes():
    table = opened(XLS)

    assert (table.sheets, table.sheet, table.header_row) == (("Notes", "Companies"), "Companies", 3)
    assert list(table.rows) == [
        (4, ["00881", "海港貿易有限公司", "1988-03-01", "120", "2521 1234"]),
        (5, ["00882", "長洲船務有限公司", "1999-12-31", "35", "2521 5678"]),
        (6, ["00883", "青衣物流有限公司", "2004-02-29", "12.5", ""]),
    ]


def test_the_sheet_that_looks_like_a_directory_is_chosen_and_another_can_be_named(tmp_path):
    dates = [["Trading Date"], *([f"2022/04/{day:02}"] for day in range(1, 29))]
    path = write_xlsx(tmp_path / "list.xlsx", [["Notes"], ["Read me first"]], Dates=dates, Firms=ROWS, Few=[HEADER, COMPANIES[1]])

    assert opened(path).sheet == "Firms"
    assert list(opened(path, sheet="Few").rows) == [(2, COMPANIES[1])]
    refused = refusal(path, sheet="Missing")
    assert (refused.code, refused.params["sheets"]) == ("no_such_sheet", "List, Dates, Firms, Few")


@pytest.mark.parametrize("declared", [b"A1", b"A1:XFD1048576", b"C9:D10"])
def test_a_wrong_declared_size_of_the_sheet_changes_nothing(tmp_path, declared):
    path = write_xlsx(tmp_path / "list.xlsx", ROWS)
    rewrite_part(path, "xl/worksheets/sheet1.xml", b'<dimension ref="A1:D4"', b'<dimension ref="' + declared + b'"')

    assert list(opened(path).rows) == READ


def test_a_table_that_begins_in_another_column_keeps_its_rows_in_line(tmp_path):
    rows = [["", "", *row] for row in ROWS]
    table = opened(write_xlsx(tmp_path / "list.xlsx", [[None], *([cell or None for cell in row] for row in rows)]))

    assert table.columns == ("A", "B", *HEADER)
    assert next(table.rows) == (3, ["", "", *COMPANIES[0]])


def test_formulas_give_the_value_saved_with_them_and_are_never_worked_out(tmp_path):
    path = write_xlsx(tmp_path / "list.xlsx", [["Name", "Phone"], ["Firm A", "=1+1"], ["Firm B", '=HYPERLINK("http://x","y")']])
    rewrite_part(path, "xl/worksheets/sheet1.xml", b"<f>1+1</f><v />", b"<f>1+1</f><v>77</v>")

    assert list(opened(path).rows) == [(2, ["Firm A", "77"]), (3, ["Firm B", ""])]


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (12.0, "12"),
        (0.1, "0.1"),
        (1e15, "1000000000000000"),
        (1.5e-7, "0.00000015"),
        (True, "TRUE"),
        (datetime.date(2020, 1, 2), "2020-01-02"),
        (datetime.datetime(2020, 1, 2), "2020-01-02"),
        (datetime.datetime(2020, 1, 2, 3, 4), "2020-01-02 03:04:00"),
        (datetime.time(3, 4), "03:04:00"),
        (None, ""),
        ("00881", "00881"),
    ],
)
def test_values_of_cells_become_plain_text(value, shown):
    assert text_of(value) == shown


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("－ ", ""),
        ("-", ""),
        ("—", ""),
        ("N/A", ""),
        ("NA", "NA"),
        ("Fi\x00rm\x07 A\u200b", "Firm A"),
        ("\ufeffName", "Name"),
        ("  a \t b\r\n\r\n  c  ", "a b\nc"),
        ("何　　鈞", "何 鈞"),
        ("lost \ufffd", "lost \ufffd"),
    ],
)
def test_text_is_tidied(raw, clean):
    assert tidy(raw) == clean


@pytest.mark.parametrize(("index", "name"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA")])
def test_columns_have_the_letters_of_a_spreadsheet(index, name):
    assert letter(index) == name
