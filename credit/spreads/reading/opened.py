"""Cells of an OpenDocument sheet that hold an error, which calamine reads as empty. Without Django, for the confined process."""

import re
import zipfile
from pathlib import Path
from typing import Any

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import ParseError, iterparse

from credit.spreads.reading.circles import Place
from credit.spreads.reading.grids import ERROR, Cell
from prospects.directories.reading.refusals import Refused

_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_CALC = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_CONTENT = "content.xml"
_CELLS = (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell")
_SAID = re.compile(r"#[A-Z/0!?]+|Err:\d{3}")
_LONGEST = 40


def errors_of(path: Path) -> dict[Place, Cell]:
    """(sheet, row, column), counted from one, of each cell that holds an error, with what it shows. Nothing for other kinds of files.

    Refused: the content is damaged, or tries what no sheet needs.
    """
    with zipfile.ZipFile(path) as container:
        if _CONTENT not in container.namelist() or b"error" not in container.read(_CONTENT):
            return {}
        with container.open(_CONTENT) as content:
            try:
                return _found(content)
            except (ParseError, DefusedXmlException, ValueError) as error:
                raise Refused("damaged") from error


def _found(content: Any) -> dict[Place, Cell]:
    found: dict[Place, Cell] = {}
    sheet, row, column = "", 1, 1
    held: list[tuple[int, str]] = []
    for event, element in iterparse(content, events=("start", "end")):
        if event == "start":
            if element.tag == f"{_TABLE}table":
                sheet, row = element.get(f"{_TABLE}name", ""), 1
            elif element.tag == f"{_TABLE}table-row":
                column, held = 1, []
            continue
        if element.tag in _CELLS:
            if element.get(f"{_CALC}value-type") == "error" or element.get(f"{_OFFICE}value-type") == "error":
                held.append((column, _said(element)))
            column += int(element.get(f"{_TABLE}number-columns-repeated", "1"))
            element.clear()
        elif element.tag == f"{_TABLE}table-row":
            found |= {(sheet, row, at): Cell(ERROR, text) for at, text in held}
            row += int(element.get(f"{_TABLE}number-rows-repeated", "1"))
            element.clear()
    return found


def _said(element: Any) -> str:
    shown = "".join("".join(part.itertext()) for part in element.iter(f"{_TEXT}p")).strip()
    return shown[:_LONGEST] if _SAID.fullmatch(shown[:_LONGEST]) else "Err"
