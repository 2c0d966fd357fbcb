"""Builds the files that people send: good, odd and hostile ones."""

import io
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from xml.sax.saxutils import escape

import openpyxl

HEADER = ["Stock Code", "公司名稱", "Address", "Telephone"]
COMPANIES = [
    ["00881", "海港貿易有限公司", "12/F, 8 Queen's Road Central", "2521 1234"],
    ["00882", "長洲船務有限公司", "Unit 3, 44 Wing Lok Street", "2521 5678"],
    ["00883", "青衣物流有限公司", "香港九龍彌敦道100號", "－"],
]


def text(rows: Iterable[Sequence[str]], delimiter: str = ",") -> str:
    return "".join(delimiter.join(f'"{cell}"' if delimiter in cell or "\n" in cell else cell for cell in row) + "\n" for row in rows)


def write_text(path: Path, rows: Iterable[Sequence[str]], encoding: str = "utf-8", delimiter: str = ",") -> Path:
    path.write_bytes(text(rows, delimiter).encode(encoding))
    return path


def write_xlsx(path: Path, rows: Iterable[Sequence[object]], **other_sheets: Iterable[Sequence[object]]) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "List"
    for row in rows:
        sheet.append(list(row))
    for title, lines in other_sheets.items():
        other = book.create_sheet(title)
        for row in lines:
            other.append(list(row))
    book.save(path)
    return path


def write_ods(path: Path, rows: Iterable[Sequence[str]]) -> Path:
    cells = "".join(
        "<table:table-row>"
        + "".join(f'<table:table-cell office:value-type="string"><text:p>{escape(cell)}</text:p></table:table-cell>' for cell in row)
        + "</table:table-row>"
        for row in rows
    )
    content = (
        '<?xml version="1.0" encoding="UTF-8"?><office:document-content'
        ' xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
        ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.2"><office:body><office:spreadsheet>'
        f'<table:table table:name="List">{cells}</table:table></office:spreadsheet></office:body></office:document-content>'
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as container:
        container.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        container.writestr("content.xml", content)
        container.writestr(
            "META-INF/manifest.xml",
            '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
            '<manifest:file-entry manifest:full-path="/" manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/>'
            "</manifest:manifest>",
        )
    return path


def rewrite_part(path: Path, part: str, old: bytes, new: bytes) -> Path:
    """The workbook with `old` replaced by `new` in one of its parts, which must hold it."""
    source = io.BytesIO(path.read_bytes())
    with zipfile.ZipFile(source) as before, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as after:
        assert part in before.namelist()
        for item in before.infolist():
            body = before.read(item)
            if item.filename == part:
                assert old in body
                body = body.replace(old, new, 1)
            after.writestr(item, body)
    return path
