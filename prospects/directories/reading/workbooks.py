"""Workbooks (XLSX, XLSB, XLS, ODS) through calamine. Formulas are never evaluated: the values saved with them are read."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

from prospects.directories.reading.cells import letter, text_of
from prospects.directories.reading.limits import Limits
from prospects.directories.reading.refusals import Refused


@dataclass(frozen=True)
class Span:
    """Merged cells within one row: 1-based row, 0-based first and last column."""

    row: int
    first: int
    last: int


class Workbook:
    """An open workbook. Sheets that hold no cells by their nature (charts, macros) are left out; visible ones come first."""

    def __init__(self, path: Path) -> None:
        try:
            self._book = CalamineWorkbook.from_object(io.BytesIO(path.read_bytes()))
        except PasswordError as error:
            raise Refused("password") from error
        except CalamineError as error:
            raise Refused("damaged") from error
        sheets = [sheet for sheet in self._book.sheets_metadata if sheet.typ == SheetTypeEnum.WorkSheet]
        sheets.sort(key=lambda sheet: sheet.visible != SheetVisibleEnum.Visible)
        self.sheet_names = tuple(sheet.name for sheet in sheets)

    def sheet(self, name: str) -> "Sheet":
        """The sheet called `name`. Refused: it is damaged."""
        try:
            return Sheet(self._book.get_sheet_by_name(name))
        except CalamineError as error:
            raise Refused("damaged") from error


class Sheet:
    """The cells of one sheet. What the file declares as its size is not asked: only cells that are there count."""

    def __init__(self, sheet: CalamineSheet) -> None:
        self._sheet = sheet
        self.name = sheet.name

    @property
    def spans(self) -> tuple[Span, ...]:
        """Cells merged sideways."""
        ranges = self._sheet.merged_cell_ranges or []
        return tuple(Span(top + 1, first, last) for (top, first), (_bottom, last) in ranges if last > first)

    @property
    def height(self) -> int:
        """Rows down to the last one that holds a cell."""
        return 0 if self._sheet.end is None else self._sheet.end[0] + 1

    def values(self, limits: Limits) -> Iterator[tuple[int, list[object]]]:
        """(row number in the sheet, values from column A on) as the workbook keeps them. Refused: more columns than allowed."""
        if self._sheet.start is None or self._sheet.end is None:
            return
        left, right = self._sheet.start[1], self._sheet.end[1]
        if right >= limits.columns:
            raise Refused("too_many_columns", found=right + 1, limit=limits.columns)
        margin: list[object] = [""] * left
        for number, values in enumerate(self._sheet.iter_rows(), start=1):
            yield number, margin + list(values)

    def records(self, limits: Limits) -> Iterator[tuple[int, list[str]]]:
        """(row number in the sheet, tidy cells from column A on). Refused: more rows, columns or characters than allowed."""
        for number, cells in self.values(limits):
            for index, value in enumerate(cells):
                if isinstance(value, str) and len(value) > limits.cell_characters:
                    raise Refused("cell_too_long", row=number, column=letter(index), limit=limits.cell_characters)
            yield number, [text_of(value) for value in cells]
