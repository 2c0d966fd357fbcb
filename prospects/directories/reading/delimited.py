"""Text files whose cells stand between commas, tabs, semicolons or bars."""

import csv
import io
import itertools
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from prospects.directories.reading.cells import letter, tidy
from prospects.directories.reading.limits import Limits
from prospects.directories.reading.quotes import OpenQuotes
from prospects.directories.reading.refusals import Refused

DELIMITERS = (",", "\t", ";", "|")
_SAMPLE_CHARACTERS = 256 * 1024
_SAMPLE_RECORDS = 200


def delimiter_of(path: Path, encoding: str) -> str:
    """The delimiter under which most of the first records have the same number of cells, more than one; a comma if there is none."""
    with path.open(encoding=encoding, newline="") as file:
        sample = file.read(_SAMPLE_CHARACTERS)
    return max(DELIMITERS, key=lambda delimiter: _evenness(sample, delimiter))


def _evenness(sample: str, delimiter: str) -> tuple[float, int]:
    _allow_long_cells()
    records = itertools.islice(csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter), _SAMPLE_RECORDS)
    sizes = [len(record) for record in records if any(record)]
    split = Counter(size for size in sizes if size > 1)
    if not split:
        return 0.0, 0
    size, count = max(split.items(), key=lambda item: (item[1], item[0]))
    return round(count / len(sizes), 1), size


def records(path: Path, encoding: str, delimiter: str, limits: Limits) -> Iterator[tuple[int, list[str]]]:
    """(number of the record as a spreadsheet counts it, tidy cells).

    Refused, named by its place: a cell or a record above the limits, a quotation mark that is never closed.
    """
    _allow_long_cells()
    with path.open(encoding=encoding, newline="") as file:
        quotes = OpenQuotes(file, delimiter)
        for number, record in enumerate(csv.reader(quotes, delimiter=delimiter), start=1):
            if len(record) > limits.columns:
                raise Refused("too_many_columns", row=number, found=len(record), limit=limits.columns)
            for index, cell in enumerate(record):
                if len(cell) > limits.cell_characters:
                    raise Refused("cell_too_long", row=number, column=letter(index), limit=limits.cell_characters)
            quotes.check(number, record)
            yield number, [tidy(cell) for cell in record]
        quotes.check_end()


def place_of(path: Path, encoding: str, at: int) -> tuple[int, str]:
    """The record number and column letter in which the byte at offset `at` stands, when what comes before is read as `encoding`."""
    _allow_long_cells()
    with path.open("rb") as file:
        before = file.read(at).decode(encoding, errors="replace")
    delimiter = max(DELIMITERS, key=lambda candidate: _evenness(before[:_SAMPLE_CHARACTERS], candidate))
    found = list(csv.reader(io.StringIO(before + "x", newline=""), delimiter=delimiter))
    return len(found), letter(len(found[-1]) - 1)


def _allow_long_cells() -> None:
    """Our own limit names the place; the one of the csv module does not."""
    csv.field_size_limit(2**31 - 1)
