"""A sheet as a grid of cells that still say what they were: text, number, date, error, circle, formula without result. No Django here."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

TEXT, NUMBER, DATE, ERROR, CIRCLE, UNSAVED = "t", "n", "d", "e", "c", "u"


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: its kind and its text (a number in plain figures, a date in ISO)."""

    kind: str
    text: str

    @property
    def is_blank(self) -> bool:
        """Nothing stands in it."""
        return self.kind == TEXT and not self.text


BLANK = Cell(TEXT, "")


@dataclass(frozen=True)
class Grid:
    """One sheet: `rows` are (row number as a spreadsheet counts, cells from column A on). `sheet` is empty for text files."""

    name: str
    sheets: tuple[str, ...]
    sheet: str
    rows: tuple[tuple[int, tuple[Cell, ...]], ...]

    def place(self, row: int, column: int) -> str:
        """Where a cell stands, as one says it: "Sheet1!B7"; column counts from 0."""
        return f"{self.sheet}!{letter(column)}{row}" if self.sheet else f"{letter(column)}{row}"

    @property
    def width(self) -> int:
        """Columns of the widest row."""
        return max((len(cells) for _number, cells in self.rows), default=0)


def letter(index: int) -> str:
    """The name of a column: 0 is A, 26 is AA."""
    name = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def to_json(cells: Sequence[Cell]) -> list[Any]:
    """Text as itself, all else as [kind, text]."""
    return [cell.text if cell.kind == TEXT else [cell.kind, cell.text] for cell in cells]


def from_json(cells: Sequence[Any]) -> tuple[Cell, ...]:
    """What `to_json` made."""
    return tuple(Cell(TEXT, cell) if isinstance(cell, str) else Cell(cell[0], cell[1]) for cell in cells)


def trimmed(cells: list[Cell]) -> list[Cell]:
    """Without blank cells at the end."""
    while cells and cells[-1].is_blank:
        cells.pop()
    return cells


def filled(rows: Iterator[tuple[int, list[Cell]]]) -> Iterator[tuple[int, list[Cell]]]:
    """Rows that hold something."""
    for number, cells in rows:
        kept = trimmed(cells)
        if kept:
            yield number, kept
