"""Lists as text: encodings, delimiters, header rows."""

import random
from pathlib import Path

import openpyxl
import pytest

from crm.web import exports
from crm.web.exports import neutral
from prospects.directories.reading.cells import LIVE_STARTS
from tests.prospects.directories.builders import COMPANIES, HEADER, text, write_text, write_xlsx
from tests.prospects.directories.opening import READ, ROWS, opened, refusal


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("gb18030", "gb18030"),
        ("cp950", "cp950"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
        ("utf-32", "utf-32"),
    ],
)
def test_a_list_reads_the_same_in_every_encoding(tmp_path, written, found):
    table = opened(write_text(tmp_path / "list.csv", ROWS, encoding=written))

    assert table.encoding == found
    assert table.columns == tuple(HEADER)
    assert list(table.rows) == READ


def test_utf16_with_its_mark_is_read_in_either_byte_order(tmp_path):
    for mark, encoding in ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        path = tmp_path / encoding
        path.write_bytes(mark + text(ROWS).encode(encoding))

        assert list(opened(path).rows) == READ


def test_hong_kong_characters_of_big5_are_read(tmp_path):
    rows = [HEADER, ["00884", "深水埗邨渠務有限公司", "葵涌華員邨", "2521 0000"], *COMPANIES]
    table = opened(write_text(tmp_path / "list.csv", rows, encoding="big5hkscs"))

    assert table.encoding == "big5hkscs"
    assert next(table.rows)[1][1] == "深水埗邨渠務有限公司"


def test_a_few_words_of_gb18030_that_pass_for_utf8_are_not_taken_for_it(tmp_path):
    path = write_text(tmp_path / "list.csv", [["Company", "Stock Code"], ["英茂药业", "600050"]], encoding="gb18030")

    assert path.read_bytes().decode("utf-8")
    assert opened(path).encoding == "gb18030"


def test_a_western_list_is_read_as_windows_1252(tmp_path):
    rows = [["Company", "City"], ["Société Générale", "Orléans"], ["Nestlé", "Vevey"], ["Plain Industries", "Bern"]]
    table = opened(write_text(tmp_path / "list.csv", rows, encoding="cp1252"))

    assert table.encoding == "cp1252"
    assert next(table.rows) == (2, ["Société Générale", "Orléans"])


@pytest.mark.parametrize(
    ("encoding", "rows"),
    [
        ("euc-kr", [["회사명", "주소"], ["삼성전자 주식회사", "경기도 수원시 영통구"], ["현대자동차", "서울특별시 서초구"]]),
        ("shift_jis", [["会社名", "住所"], ["トヨタ自動車株式会社", "愛知県豊田市"], ["任天堂株式会社", "京都市南区"]]),
        ("euc-jp", [["会社名", "住所"], ["トヨタ自動車株式会社", "愛知県豊田市"], ["任天堂株式会社", "京都市南区"]]),
        ("iso8859-5", [["Компания", "Адрес"], ["Газпром", "Санкт-Петербург"], ["Лукойл", "Москва"]]),
    ],
)
def test_text_of_an_encoding_that_we_do_not_know_never_slips_through_as_chinese(tmp_path, encoding, rows):
    refused = refusal(write_text(tmp_path / "list.csv", rows, encoding=encoding))

    assert refused.code == "encoding_unknown"
    assert (refused.row, refused.column) == (1, "A")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "cp950"])
def test_a_damaged_byte_is_named_by_row_and_column(tmp_path, encoding):
    path = write_text(tmp_path / "list.csv", ROWS, encoding=encoding)
    whole = path.read_bytes()
    at = whole.index("長洲".encode(encoding.removesuffix("-sig")))
    path.write_bytes(whole[:at] + b"\xff" + whole[at + 1 :])

    refused = refusal(path)

    assert refused.code == "encoding_broken"
    assert (refused.row, refused.column) == (3, "B")


def test_random_bytes_are_no_table(tmp_path):
    path = tmp_path / "list.csv"
    for seed in range(20):
        path.write_bytes(random.Random(seed).randbytes(5000))
        assert refusal(path).code in {"binary", "archive"}


# Delimiters and text


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
def test_every_delimiter_is_told_from_the_text(tmp_path, delimiter):
    table = opened(write_text(tmp_path / "list.txt", ROWS, delimiter=delimiter))

    assert table.delimiter == delimiter
    assert list(table.rows) == READ


def test_commas_inside_cells_do_not_mislead_the_delimiter(tmp_path):
    rows = [["Name", "Address", "City"], *([f"Firm {n}, Inc", "1, Long Road, Block A, Floor 2", "Hong Kong"] for n in range(9))]
    table = opened(write_text(tmp_path / "list.csv", rows, delimiter="\t"))

    assert table.delimiter == "\t"
    assert table.columns == ("Name", "Address", "City")


def test_line_breaks_in_quotes_keep_the_row_numbers_of_a_spreadsheet(tmp_path):
    path = tmp_path / "list.csv"
    path.write_text('Name,Address\n"Firm A","1 Road\nCentral"\n\nFirm B,2 Road\n', encoding="utf-8")

    assert list(opened(path).rows) == [(2, ["Firm A", "1 Road\nCentral"]), (4, ["Firm B", "2 Road"])]


def test_a_row_with_more_cells_than_the_header_keeps_them_and_a_short_one_is_filled(tmp_path):
    path = tmp_path / "list.csv"
    lines = ["Name,City"] + [f"Firm {n},Hong Kong" for n in range(300)] + ["Firm, Inc,Kowloon", "Lonely"]
    path.write_text("\n".join(lines), encoding="utf-8")

    rows = list(opened(path).rows)

    assert rows[-2] == (302, ["Firm", "Inc", "Kowloon"])
    assert rows[-1] == (303, ["Lonely", ""])


@pytest.mark.parametrize("place", [1, 30, 150, 240])
def test_a_row_shifted_by_a_comma_is_longer_than_the_header_wherever_it_stands(tmp_path, place):
    rows = [[f"Firm {number} Limited", f"{number:05d}", "HKEX"] for number in range(1, 250)]
    rows.insert(place - 1, ["Firm", " Sigma Limited", "61100", "HKEX"])
    table = opened(write_text(tmp_path / "list.csv", [["Company name", "Stock code", "Exchange"], *rows]))

    assert table.columns == ("Company name", "Stock code", "Exchange")
    assert [number for number, cells in table.rows if len(cells) > 3] == [place + 1]


def test_trailing_empty_cells_and_a_column_without_a_heading_are_no_shift(tmp_path):
    rows = [[f"Firm {number} Limited", f"{number:05d}", "", ""] for number in range(1, 9)]
    assert opened(write_text(tmp_path / "a.csv", [["Company name", "Stock code"], *rows])).columns == ("Company name", "Stock code")
    remarked = [[*row[:2], "a remark"] for row in rows]
    assert opened(write_text(tmp_path / "b.csv", [["Company name", "Stock code", ""], *remarked])).columns[2] == "C"


def test_a_list_of_a_single_row_that_is_shifted_takes_no_column_for_it(tmp_path):
    table = opened(write_text(tmp_path / "list.csv", [["Company name", "Stock code"], ["Firm", " Sigma Limited", "61100"]]))
    assert (table.columns, list(table.rows)) == (("Company name", "Stock code"), [(2, ["Firm", "Sigma Limited", "61100"])])


@pytest.mark.parametrize("write", [write_text, write_xlsx])
def test_the_apostrophe_that_our_exports_write_is_taken_off_and_no_other(tmp_path, write):
    cells = ["+852 2521 1234", "=Evil", "@Home", "－5", "-Zeta Ltd", "'s-Hertogenbosch", "O'=x", "Firm"]
    written = [neutral(cell) for cell in cells]
    assert [cell[0] for cell in written[:5]] == ["'"] * 5
    table = opened(write(tmp_path / "list", [[f"Column {number} name" for number in range(8)], written, ["Firm"] * 8]))
    assert next(iter(table.rows)) == (2, cells)
    assert LIVE_STARTS == exports.LIVE_STARTS


def test_a_list_of_names_alone_is_a_table_but_prose_is_not(tmp_path):
    path = tmp_path / "list.csv"
    path.write_text("公司名稱\n海港貿易有限公司\n長洲船務有限公司\n", encoding="utf-8")
    assert list(opened(path).rows) == [(2, ["海港貿易有限公司"]), (3, ["長洲船務有限公司"])]

    path.write_text("It was the best of times\nIt was the worst of times\n", encoding="utf-8")
    assert refusal(path).code == "not_a_table"


def test_prose_that_lists_the_names_of_columns_is_no_table(tmp_path):
    path = tmp_path / "README.md"
    lines = [
        "# A directory",
        "- Columns: Stock Code, Company Name, Address, Phone, Fax",
        "Read it, please.",
        "It is old, and long, too.",
        "Thanks.",
    ]
    path.write_text("\n\n".join(lines), encoding="utf-8")

    assert refusal(path).code == "not_a_table"


# Header rows


def test_titles_and_blank_rows_above_the_header_are_passed_over(tmp_path):
    rows = [["Directory of companies"], [], ["As at 01/03/2023"], [], *ROWS]
    for path in (write_text(tmp_path / "list.csv", rows), write_xlsx(tmp_path / "list.xlsx", rows)):
        table = opened(path)

        assert table.header_row == 5
        assert table.columns == tuple(HEADER)
        assert next(table.rows) == (6, COMPANIES[0])


def test_blank_headings_take_the_letter_and_repeated_ones_a_number(tmp_path):
    rows = [["Company Name", "", "Phone", "Phone", "Line\nbreak  here"], ["Firm A", "x", "1", "2", "3"], ["Firm B", "y", "1", "2", "3"]]
    table = opened(write_xlsx(tmp_path / "list.xlsx", rows))

    assert table.columns == ("Company Name", "B", "Phone", "Phone (2)", "Line break here")


def merged_workbook(path: Path, rows: list[list[object]], *ranges: str) -> Path:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for merged in ranges:
        book.active.merge_cells(merged)
    book.save(path)
    return path


def test_group_titles_above_the_header_tell_repeated_headings_apart(tmp_path):
    rows = [
        ["Directory 2024"],
        ["Company", None, "Contact", None],
        ["Code", "Name", "Name", "Phone"],
        ["00881", "Harbour Trading Limited", "Chan Tai Man", "2521 1234"],
        ["00882", "Cheung Chau Shipping Limited", "Wong Siu Ming", "2521 5678"],
    ]
    table = opened(merged_workbook(tmp_path / "list.xlsx", rows, "A1:D1", "A2:B2", "C2:D2"))

    assert table.header_row == 3
    assert table.columns == ("Code", "Company / Name", "Contact / Name", "Phone")
    assert [number for number, _ in table.rows] == [4, 5]


def test_a_header_of_two_rows_takes_single_titles_from_the_first_and_groups_from_the_second(tmp_path):
    rows = [
        ["股份代號", "公司名稱", None, "Telephone"],
        [None, "English", "中文", None],
        ["00881", "Harbour Trading Limited", "海港貿易有限公司", "2521 1234"],
        ["00882", "Cheung Chau Shipping Limited", "長洲船務有限公司", "2521 5678"],
    ]
    table = opened(merged_workbook(tmp_path / "list.xlsx", rows, "A1:A2", "B1:C1", "D1:D2"))

    assert table.header_row == 2
    assert table.columns == ("股份代號", "公司名稱 / English", "公司名稱 / 中文", "Telephone")
    assert next(table.rows)[0] == 3


def test_a_header_repeated_further_down_is_no_row(tmp_path):
    assert list(opened(write_text(tmp_path / "list.csv", [*ROWS, HEADER])).rows) == READ


def test_a_table_in_words_that_we_do_not_know_takes_its_first_wide_row(tmp_path):
    table = opened(write_text(tmp_path / "list.csv", [["Nimi", "Paikka", "Arvo"], ["Alfa", "Turku", "12"], ["Beeta", "Oulu", "13"]]))

    assert table.columns == ("Nimi", "Paikka", "Arvo")


def test_data_without_a_header_are_refused_since_a_company_would_be_lost(tmp_path):
    assert refusal(write_text(tmp_path / "list.csv", COMPANIES)).code == "no_header"
