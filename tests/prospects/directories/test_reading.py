import datetime
import io
import random
import struct
import subprocess
import sys
import tempfile
import time
import zipfile
import zlib
from pathlib import Path

import openpyxl
import pytest
from django.utils import translation

from prospects.directories.reading import child, guarded
from prospects.directories.reading.cells import letter, text_of, tidy
from prospects.directories.reading.guarded import UnreadableFile, read_in_child
from prospects.directories.reading.limits import Limits
from prospects.directories.reading.refusals import Refused
from prospects.directories.reading.sentences import SENTENCES, sentence
from prospects.directories.reading.tables import Table, open_table
from tests.prospects.directories.builders import COMPANIES, HEADER, rewrite_part, text, write_ods, write_text, write_xlsx

ROWS = [HEADER, *COMPANIES]
READ = [(2, COMPANIES[0]), (3, COMPANIES[1]), (4, [*COMPANIES[2][:3], ""])]
XLS = Path(__file__).with_name("files") / "companies.xls"


def opened(path: Path, **options: object) -> Table:
    return open_table(path, name=path.name, **options)


def refusal(path: Path, **options: object) -> Refused:
    with pytest.raises(Refused) as caught:
        list(opened(path, **options).rows)
    return caught.value


# Encodings


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


# Workbooks


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


# What is refused


def png() -> bytes:
    body = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + b"IHDR" + body + struct.pack(">I", zlib.crc32(b"IHDR" + body))


def zipped(*parts: tuple[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as container:
        for name, body in parts:
            container.writestr(name, body)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("empty.csv", b"", "empty"),
        ("blank.csv", b"\xef\xbb\xbf \r\n\r\n", "empty"),
        ("picture.xlsx", png(), "picture"),
        ("photo.xlsx", b"\xff\xd8\xff\xe0" + b"\x00" * 50, "picture"),
        ("paper.csv", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "pdf"),
        ("page.xls", b"\xef\xbb\xbf\n<!DOCTYPE html><html><table><tr><td>Name</td></tr></table></html>", "web_page"),
        ("table.xls", b"<table><tr><td>Name</td><td>Phone</td></tr></table>", "web_page"),
        ("page16.xls", "<html><body>Name</body></html>".encode("utf-16"), "web_page"),
        ("feed.csv", b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>', "xml"),
        ("data.csv", b'[{"name": "Firm A"}, {"name": "Firm B"}]', "json"),
        ("letter.csv", b"{\\rtf1\\ansi Name, Phone}", "document"),
        ("packed.csv", b"\x1f\x8b\x08\x00" + b"\x01" * 40, "archive"),
        ("letter.xlsx", zipped(("word/document.xml", b"<w/>")), "document"),
        ("archive.xlsx", zipped(("names.csv", b"Name,Phone\n")), "archive"),
        ("cut.xlsx", zipped(("xl/workbook.xml", b"<workbook/>"))[:40], "damaged"),
        ("hollow.xlsx", zipped(("xl/workbook.xml", b"<workbook/>")), "damaged"),
        ("broken.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 3000, "damaged"),
        ("header.csv", b"Name,Phone,Address\n", "header_only"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_no_list_is_refused_with_its_own_reason(tmp_path, name, content, code):
    path = tmp_path / name
    path.write_bytes(content)

    assert refusal(path).code == code


def test_a_workbook_with_a_header_only_is_refused(tmp_path):
    refused = refusal(write_xlsx(tmp_path / "list.xlsx", [["Directory"], HEADER]))

    assert (refused.code, refused.row) == ("header_only", 2)


@pytest.mark.parametrize("encode", [str.encode, lambda declaration: declaration.encode("utf-16-le")])
def test_entities_in_a_part_of_the_workbook_are_refused_wherever_they_stand(tmp_path, encode):
    path = write_xlsx(tmp_path / "list.xlsx", ROWS)
    declaration = encode('<!DOCTYPE lolz [<!ENTITY lol "lol">]>')
    rewrite_part(path, "xl/worksheets/sheet1.xml", b"<worksheet", b" " * 300_000 + declaration + b"<worksheet")

    refused = refusal(path)

    assert (refused.code, refused.params["part"]) == ("entities", "xl/worksheets/sheet1.xml")


def test_a_zip_bomb_is_refused_before_it_is_unpacked(tmp_path):
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as container:
        container.writestr("xl/workbook.xml", "<workbook/>")
        with container.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as part:
            for _ in range(400):
                part.write(bytes(1024 * 1024))

    started = time.monotonic()

    assert refusal(path).code == "unpacks_too_big"
    assert time.monotonic() - started < 1


def test_a_part_that_unpacks_to_more_than_it_declares_is_refused(tmp_path):
    path = tmp_path / "liar.xlsx"
    body = bytes(30 * 1024 * 1024)
    whole = zipped(("xl/workbook.xml", body))
    path.write_bytes(whole.replace(struct.pack("<I", len(body)), struct.pack("<I", 1000)))

    assert refusal(path).code == "damaged"


def test_a_workbook_packed_tighter_than_real_ones_is_refused(tmp_path):
    path = tmp_path / "tight.xlsx"
    path.write_bytes(zipped(("xl/workbook.xml", bytes(30 * 1024 * 1024))))

    assert refusal(path).code == "packed_too_tight"


@pytest.mark.parametrize("write", [write_text, write_xlsx, write_ods])
def test_a_cell_of_a_million_characters_is_refused_by_row_and_column(tmp_path, write):
    path = write(tmp_path / "list", [HEADER, COMPANIES[0], ["00882", "LONG", "", ""]])
    if write is write_text:
        path.write_text(path.read_text().replace("LONG", "x" * 1_000_000))
    else:
        rewrite_part(path, "content.xml" if write is write_ods else "xl/worksheets/sheet1.xml", b"LONG", b"x" * 1_000_000)

    refused = refusal(path)

    assert (refused.code, refused.row, refused.column) == ("cell_too_long", 3, "B")


@pytest.mark.parametrize("write", [write_text, write_xlsx, write_ods])
def test_ten_thousand_columns_are_refused(tmp_path, write):
    refused = refusal(write(tmp_path / "list", [[f"Column {n}" for n in range(10_000)], ["x"] * 10_000]))

    assert (refused.code, refused.params["found"]) == ("too_many_columns", 10_000)


def test_too_many_rows_too_large_a_file_and_too_many_parts_are_refused(tmp_path):
    path = write_xlsx(tmp_path / "list.xlsx", ROWS)

    assert refusal(path, limits=Limits(rows=2)).code == "too_many_rows"
    assert refusal(path, limits=Limits(file_bytes=1000)).code == "too_big"
    assert refusal(path, limits=Limits(container_parts=3)).code == "too_many_parts"


def test_a_quotation_mark_that_is_never_closed_names_the_cell_where_it_opens(tmp_path):
    path = tmp_path / "list.csv"
    path.write_text('Name,Phone\nFirm A,1\n"Firm B,2\n' + "Firm C,3\n" * 9000, encoding="utf-8")

    refused = refusal(path)

    assert (refused.code, refused.row, refused.column) == ("cell_too_long", 3, "A")


# The child process


def test_the_child_gives_facts_and_rows_and_its_file_goes_with_the_result(tmp_path):
    with read_in_child(write_text(tmp_path / "list.csv", ROWS, encoding="gb18030"), "公司.csv") as result:
        assert (result.name, result.encoding, result.delimiter, result.header_row) == ("公司.csv", "gb18030", ",", 1)
        assert (result.columns, result.row_count) == (tuple(HEADER), 3)
        assert list(result.rows()) == READ
        assert list(result.rows()) == READ

    assert not result.rows_path.exists()


def test_a_refusal_carries_its_place_and_leaves_no_file_behind(monkeypatch, tmp_path):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with pytest.raises(UnreadableFile) as caught:
        read_in_child(write_text(tmp_path / "list.csv", [HEADER, ["1", "x" * 40_000, "", ""]]), "list.csv")

    assert (caught.value.code, caught.value.row, caught.value.column) == ("cell_too_long", 2, "B")
    assert "row 2, column B" in str(caught.value)
    assert [path.name for path in tmp_path.iterdir()] == ["list.csv"]


def replace_child(monkeypatch, tmp_path: Path, body: str) -> None:
    """Lets a program of ours stand where the child stands, to die in its place."""
    package = tmp_path / "prospects" / "directories" / "reading"
    package.mkdir(parents=True)
    for folder in (package, package.parent, package.parent.parent):
        (folder / "__init__.py").touch()
    (package / "child.py").write_text(body, encoding="utf-8")
    monkeypatch.setattr(guarded, "_ROOT", tmp_path)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("import os; os.abort()", "crashed"),
        ("raise SystemExit(3)", "crashed"),
        ("raise MemoryError", "too_much_memory"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "crashed"),
    ],
)
def test_a_child_that_dies_is_a_refusal(monkeypatch, tmp_path, body, code):
    path = write_text(tmp_path / "list.csv", ROWS)
    replace_child(monkeypatch, tmp_path, body)

    with pytest.raises(UnreadableFile) as caught:
        read_in_child(path, "list.csv")

    assert caught.value.code == code


def test_a_child_that_hangs_is_killed(monkeypatch, tmp_path):
    path = write_text(tmp_path / "list.csv", ROWS)
    replace_child(monkeypatch, tmp_path, "import time; time.sleep(600)")
    monkeypatch.setattr(guarded, "Limits", lambda: Limits(seconds=1))

    with pytest.raises(UnreadableFile) as caught:
        read_in_child(path, "list.csv")

    assert caught.value.code == "too_slow"


def test_a_sheet_with_one_cell_at_its_far_corner_stays_within_the_memory(tmp_path):
    book = openpyxl.Workbook()
    for row in ROWS:
        book.active.append(row)
    book.active["CV1048576"] = "far away"
    path = tmp_path / "far.xlsx"
    book.save(path)

    with pytest.raises(UnreadableFile) as caught:
        read_in_child(path, "far.xlsx")

    assert caught.value.code == "too_much_memory"


def test_the_child_starts_without_django():
    code = "import sys, prospects.directories.reading.child; sys.exit('django' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
    assert child.main is not None


def test_refusals_speak_the_language_of_whoever_reads_them(monkeypatch):
    said = sentence("no_such_sheet", {"sheet": "A", "sheets": "B, C"})
    monkeypatch.setitem(SENTENCES, "no_such_sheet", "有 %(sheets)s，沒有 %(sheet)s。")

    with translation.override("zh-hant"):
        assert str(said) == "有 B, C，沒有 A。"


def test_every_code_has_a_sentence_and_every_sentence_a_code():
    source = "".join(path.read_text(encoding="utf-8") for path in Path(child.__file__).parent.glob("*.py") if path.stem != "sentences")

    for code in SENTENCES:
        assert f'"{code}"' in source
