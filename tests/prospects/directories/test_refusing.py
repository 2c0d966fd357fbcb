"""What is refused, with its own reason, and the child process that reads."""

import io
import struct
import subprocess
import sys
import tempfile
import zipfile
import zlib
from pathlib import Path

import openpyxl
import pytest
from django.utils import translation

from prospects.directories.reading import child, guarded
from prospects.directories.reading.guarded import UnreadableFile, read_in_child
from prospects.directories.reading.limits import Limits
from prospects.directories.reading.sentences import SENTENCES, sentence
from tests.prospects.directories.builders import COMPANIES, HEADER, rewrite_part, write_ods, write_text, write_xlsx
from tests.prospects.directories.opening import READ, ROWS, opened, refusal


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
    # What it holds cannot be unpacked: who tries finds it damaged.
    whole = bytearray(path.read_bytes())
    middle = len(whole) // 2
    whole[middle : middle + 64] = b"\xff" * 64
    path.write_bytes(whole)

    assert refusal(path).code == "unpacks_too_big"


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


HEAD, ONE, TWO, OPEN = "Name,Code,Exchange", "Firm A,1,HKEX", "Firm B,2,HKEX", '"Firm Q,9,HKEX'


@pytest.mark.parametrize(
    ("lines", "place"),
    [
        ([HEAD, ONE, OPEN, TWO, ONE], (3, "A")),
        ([HEAD, OPEN, TWO], (2, "A")),
        ([HEAD, ONE, TWO, OPEN], (4, "A")),
        ([HEAD, ONE, 'Firm Q,"9,HKEX'], (3, "B")),
        ([HEAD, ONE, OPEN, TWO, '"'], (3, "A")),
        ([HEAD, ONE, OPEN, TWO, 'Firm C",3,HKEX', ONE], (3, "A")),
        ([HEAD, ONE, OPEN, TWO, '"Firm, C",3,HKEX', ONE], (3, "A")),
        ([HEAD, ONE, OPEN, '"Firm B",2,HKEX', ONE], (3, "A")),
        ([HEAD, ONE, 'Firm Q,9,"HKEX', TWO, '"Firm, C",3,HKEX', ONE], (3, "C")),
        (["Name,Phone", "Firm A,1", '"Firm Q,9', "Firm B,2", "Firm C,3"], (3, "A")),
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_rows_swallowed_by_an_open_quotation_mark_refuse_the_file_and_name_where_it_opens(tmp_path, lines, place, end):
    path = tmp_path / "list.csv"
    path.write_bytes(end.join([*lines, ""]).encode())

    refused = refusal(path)

    assert (refused.code, refused.row, refused.column) == ("quote_open", *place)


@pytest.mark.parametrize(
    "address",
    [
        "12/F, Tower 1,\nUnit 3, 8 Queen's Road, Central",
        "Flat 3\nQueen's Road,Central",
        "Block 2,\n8 Wing Lok Street,\nHong Kong",
        "香港中環皇后大道中1號,\n2樓,A室",
        'The ""Lodge"", Lane 3\nKowloon, Hong Kong',
        "Line one\n\nLine three",
    ],
)
@pytest.mark.parametrize("header", ["Name,Address", "Name,Address,City", "Address,Name,City", "Name,Code,City,Address"])
def test_an_address_over_several_lines_is_one_cell(tmp_path, address, header):
    columns = header.split(",")
    row = ",".join(f'"{address}"' if column == "Address" else "Firm" for column in columns)
    path = tmp_path / "list.csv"
    path.write_text(f"{header}\n{','.join('x' for _ in columns)}\n{row}\n{row}", encoding="utf-8")

    assert len(list(opened(path).rows)) == 3


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
