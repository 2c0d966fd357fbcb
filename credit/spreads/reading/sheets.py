"""Opens a statement file of any supported kind as rows of cells. Without Django, for the confined process."""

import csv
import datetime as dt
import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from credit.spreads.reading.binary import marks_of
from credit.spreads.reading.circles import Place, circular
from credit.spreads.reading.grids import CIRCLE, DATE, ERROR, NUMBER, TEXT, UNSAVED, Cell, filled
from credit.spreads.reading.opened import errors_of
from crm.kernel.late import late
from prospects.directories.reading.containers import check_container
from prospects.directories.reading.delimited import delimiter_of, place_of
from prospects.directories.reading.encodings import BrokenText, encoding_of
from prospects.directories.reading.kinds import Kind, kind_of
from prospects.directories.reading.limits import Limits
from prospects.directories.reading.refusals import Refused
from prospects.directories.reading.workbooks import Workbook

LIMITS = Limits(file_bytes=20 * 1024 * 1024, unpacked_bytes=150 * 1024 * 1024, rows=20_000, columns=300)
_LONGEST = 2_000
"""What is kept of a text: none that long is a label or an amount, but tables of facts hold whole notes."""
_ERROR = re.compile(r"#(?:N/A|REF!|VALUE!|DIV/0!|NAME\?|NULL!|NUM!|SPILL!|CALC!|GETTING_DATA|CIRC!)", re.IGNORECASE)
_MARKS = re.compile(rb'<(?:\w+:)?f[ >/]|\st="e"')
_SHEET_PART = re.compile(r"xl/worksheets/[^/]+\.xml")
_INVISIBLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff]")


@dataclass(frozen=True)
class Sheets:
    """The sheets of a file by name, the one that is read, and its rows."""

    sheets: tuple[str, ...]
    sheet: str
    rows: list[tuple[int, list[Cell]]]


def open_sheets(path: Path, *, sheet: str | None = None, limits: Limits = LIMITS) -> Sheets:
    """The wanted sheet, or the first visible one that holds anything. Refused: no table, encrypted, damaged, too large."""
    kind = kind_of(path, limits)
    if kind is Kind.TEXT:
        return Sheets((), "", _checked(_text_rows(path), limits))
    if kind is Kind.ZIP:
        check_container(path, limits)
    book = Workbook(path)
    if sheet is not None and sheet not in book.sheet_names:
        raise Refused("no_such_sheet", sheet=sheet, sheets=", ".join(book.sheet_names))
    marks = _marks(path) | errors_of(path) if kind is Kind.ZIP else marks_of(path.read_bytes())
    for name in (sheet,) if sheet else book.sheet_names:
        rows = _checked(_sheet_rows(book, name, marks, limits), limits)
        if rows:
            return Sheets(book.sheet_names, name, rows)
    raise Refused("empty")


def _checked(rows: Iterator[tuple[int, list[Cell]]], limits: Limits) -> list[tuple[int, list[Cell]]]:
    kept: list[tuple[int, list[Cell]]] = []
    for row in filled(rows):
        kept.append(row)
        if len(kept) > limits.rows:
            raise Refused("too_many_rows", limit=limits.rows)
    return kept


def _text_rows(path: Path) -> Iterator[tuple[int, list[Cell]]]:
    try:
        encoding = encoding_of(path)
    except BrokenText as broken:
        row, column = place_of(path, broken.encoding or "utf-8", broken.at)
        code = "encoding_broken" if broken.encoding else "encoding_unknown"
        raise Refused(code, row=row, column=column, encoding=broken.encoding.upper()) from broken
    delimiter = delimiter_of(path, encoding)
    csv.field_size_limit(2**31 - 1)
    with path.open(encoding=encoding, newline="") as file:
        for number, record in enumerate(csv.reader(file, delimiter=delimiter), start=1):
            yield number, [_cell(value) for value in record]


def _sheet_rows(book: Workbook, name: str, marks: dict[Place, Cell], limits: Limits) -> Iterator[tuple[int, list[Cell]]]:
    for number, values in book.sheet(name).values(limits):
        yield number, [marks.get((name, number, at)) or _cell(value) for at, value in enumerate(values, start=1)]


def _cell(value: Any) -> Cell:
    if isinstance(value, str):
        text = " ".join(_INVISIBLE.sub("", value).split())
        text = text[:_LONGEST]
        return Cell(ERROR if _ERROR.fullmatch(text) else TEXT, text)
    if isinstance(value, bool):
        return Cell(TEXT, "TRUE" if value else "FALSE")
    if isinstance(value, int | float):
        return Cell(NUMBER, _plain(value))
    if isinstance(value, dt.datetime):
        return Cell(DATE, value.date().isoformat())
    if isinstance(value, dt.date):
        return Cell(DATE, value.isoformat())
    return Cell(TEXT, "" if value is None else str(value))


def _plain(value: float) -> str:
    """A number as it was typed: whole ones without point, others with the fifteen figures that a spreadsheet keeps."""
    return str(int(value)) if float(value).is_integer() else format(Decimal(format(value, ".15g")), "f")


def _marks(path: Path) -> dict[Place, Cell]:
    """Cells that hold an error, stand on a circle, or whose result nobody saved: calamine reads them as empty, or as a figure of old."""
    with zipfile.ZipFile(path) as container:
        if not any(_SHEET_PART.fullmatch(name) and _MARKS.search(container.read(name)) for name in container.namelist()):
            return {}
    try:
        content = path.read_bytes()  # kept files have no ending, which openpyxl would ask for
        load_workbook = late("openpyxl").load_workbook
        shown, written = load_workbook(io.BytesIO(content), data_only=True), load_workbook(io.BytesIO(content))
    except (late("openpyxl.utils.exceptions").InvalidFileException, KeyError, ValueError, TypeError, AttributeError, IndexError) as error:
        raise Refused("damaged") from error
    errors = {place: Cell(ERROR, str(value)) for place, value, kind in _cells(shown) if kind == "e"}
    formulas = {place: value for place, value, kind in _cells(written) if kind == "f" and isinstance(value, str)}
    results = {place for place, _value, _kind in _cells(shown)}
    unsaved = {place: Cell(UNSAVED, formula[:200]) for place, formula in formulas.items() if place not in results}
    return errors | unsaved | {place: Cell(CIRCLE, formulas[place][:200]) for place in circular(formulas)}


def _cells(book: Any) -> Iterator[tuple[Place, Any, str]]:
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.value is not None:
                    yield (sheet.title, cell.row, cell.column), cell.value, cell.data_type
