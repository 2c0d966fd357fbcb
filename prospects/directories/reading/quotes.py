"""Finds the quotation mark that is never closed, which makes one cell of all rows after it."""

import csv
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from prospects.directories.reading.cells import letter
from prospects.directories.reading.refusals import Refused

_KEPT_CHARACTERS = 256 * 1024
"""A longer record has a cell above the limit, which is refused anyway."""


class OpenQuotes:
    """Watches the lines that go into a reader of records, and each record that comes out of it."""

    def __init__(self, lines: Iterable[str], delimiter: str) -> None:
        self._lines = lines
        self._delimiter = delimiter
        self._sizes: Counter[int] = Counter()
        self._kept: list[str] = []
        self._characters = 0
        self._last: tuple[int, int, list[str]] = (0, 0, [])

    def __iter__(self) -> Iterator[str]:
        for line in self._lines:
            self._characters += len(line)
            self._kept.append(line)
            if self._characters > _KEPT_CHARACTERS:
                self._kept.clear()
            yield line

    def check(self, number: int, record: Sequence[str]) -> None:
        """Refuse a record that has swallowed rows."""
        if len(self._kept) > 1:
            self._check_breaks(number, record)
        if len(record) > 1:
            self._sizes[len(record)] += 1
        self._last = number, len(record), self._kept
        self._kept, self._characters = [], 0

    def check_end(self) -> None:
        """Refuse the last record where its last cell is still open."""
        number, size, lines = self._last
        if size and _fault(lines, self._delimiter) == "unexpected end of data":
            raise _refused(number, size - 1)

    def _check_breaks(self, number: int, record: Sequence[str]) -> None:
        width = self._sizes.most_common(1)[0][0] if self._sizes else 0
        for index, cell in enumerate(record):
            first, *following = cell.replace("\r\n", "\n").replace("\r", "\n").split("\n")
            if not following or width < 2:
                continue
            # The first line fills the columns that are left; of the last column there are none.
            fills = index < width - 1 and index + self._divisions(first) == width - 1
            wide = [self._divisions(line) == width - 1 for line in following if line.strip()]
            holds_rows = any(wide) if fills else index == width - 1 > 1 and bool(wide) and all(wide)
            hints = fills or any(line.count(self._delimiter) >= width - 1 for line in following)
            if holds_rows or (hints and _fault(self._kept, self._delimiter)):
                raise _refused(number, index)

    def _divisions(self, line: str) -> int:
        """Delimiters as a table has them: a comma before a blank is one of a sentence."""
        return line.count(self._delimiter) - line.count(f"{self._delimiter} ")


def _fault(lines: Sequence[str], delimiter: str) -> str:
    """What a strict reader finds wrong with the quotation marks of these lines."""
    try:
        for _record in csv.reader(lines, delimiter=delimiter, strict=True):
            pass
    except csv.Error as error:
        return str(error)
    return ""


def _refused(number: int, index: int) -> Refused:
    return Refused("quote_open", row=number, column=letter(index))
