"""Opens a company list of any supported kind: what it is, where the table is, and its rows."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path

from prospects.directories.reading.cells import is_blank
from prospects.directories.reading.containers import check_container
from prospects.directories.reading.delimited import delimiter_of, place_of, records
from prospects.directories.reading.encodings import BrokenText, StrayNul, encoding_of
from prospects.directories.reading.headers import HEAD_ROWS, Header, find_header
from prospects.directories.reading.kinds import Kind, kind_of
from prospects.directories.reading.limits import Limits
from prospects.directories.reading.refusals import Refused
from prospects.directories.reading.workbooks import Sheet, Workbook

Row = tuple[int, list[str]]


@dataclass(frozen=True, kw_only=True)
class Table:
    """A list of companies, opened. `rows` can be read once and may still refuse the file.

    `name` is the file's name as its owner knows it. `encoding` and `delimiter` are None for workbooks; `sheets` is empty and `sheet` None
    for text. `header_row` is 1-based, as a spreadsheet counts. Each row is (row number, at least one cell per column); a longer row has
    more cells than the header.
    """

    name: str
    sheets: tuple[str, ...]
    sheet: str | None
    encoding: str | None
    delimiter: str | None
    header_row: int
    columns: tuple[str, ...]
    rows: Iterator[Row]


def open_table(path: Path, *, name: str, sheet: str | None = None, limits: Limits | None = None) -> Table:
    """The table in the file at `path`, whatever its extension says. Refused: anything that is not a table within `limits`.

    Of several sheets the one that looks most like a directory is taken, unless `sheet` names one.
    """
    limits = limits or Limits()
    kind = kind_of(path, limits)
    if kind is Kind.TEXT:
        return _open_text(path, name, limits)
    if kind is Kind.ZIP:
        check_container(path, limits)
    return _open_workbook(path, name, sheet, limits)


def _open_text(path: Path, name: str, limits: Limits) -> Table:
    try:
        encoding = encoding_of(path)
    except BrokenText as broken:
        row, column = place_of(path, broken.encoding or "utf-8", broken.at)
        code = "encoding_broken" if broken.encoding else "encoding_unknown"
        raise Refused(code, row=row, column=column, encoding=broken.encoding.upper()) from broken
    except StrayNul as stray:
        row, column = place_of(path, "utf-8", stray.at)
        raise Refused("nul_byte", row=row, column=column) from stray
    delimiter = delimiter_of(path, encoding)
    head, rows = _peek(records(path, encoding, delimiter, limits))
    header = find_header(head, may_shift=True)
    if header is None:
        raise Refused("no_header" if any(sum(map(bool, cells)) > 1 for _, cells in head) else "not_a_table")
    if not _is_even(head, header):
        raise Refused("not_a_table")
    return Table(
        name=name,
        sheets=(),
        sheet=None,
        encoding=encoding,
        delimiter=delimiter,
        header_row=header.row,
        columns=header.columns,
        rows=_data_rows(rows, header, limits),
    )


def _is_even(head: Sequence[Row], header: Header) -> bool:
    """Whether most lines below the header have something like its number of cells: prose that lists some column names has not."""
    below = [cells for number, cells in head if number > header.row]
    enough = max(min(2, len(header.columns)), len(header.columns) / 2)
    return not below or sum(1 for cells in below if len(cells) >= enough) * 2 >= len(below)


def _open_workbook(path: Path, name: str, wanted: str | None, limits: Limits) -> Table:
    book = Workbook(path)
    if wanted is not None and wanted not in book.sheet_names:
        raise Refused("no_such_sheet", sheet=wanted, sheets=", ".join(book.sheet_names))
    sheet, header = _best_sheet(book, (wanted,) if wanted else book.sheet_names, limits)
    return Table(
        name=name,
        sheets=book.sheet_names,
        sheet=sheet.name,
        encoding=None,
        delimiter=None,
        header_row=header.row,
        columns=header.columns,
        rows=_data_rows(sheet.records(limits), header, limits),
    )


def _best_sheet(book: Workbook, names: Sequence[str], limits: Limits) -> tuple[Sheet, Header]:
    """The sheet that names companies, then knows most headings, then is longest. Hidden sheets stand last and win no tie."""
    found: tuple[Sheet, Header] | None = None
    best: tuple[bool, bool, int, int] | None = None
    refusal: Refused | None = None
    for name in names:
        sheet = book.sheet(name)
        try:
            head, _ = _peek(sheet.records(limits))
        except Refused as error:
            refusal = refusal or error
            continue
        header = find_header(head, _partly_merged(sheet))
        if header is None:
            refusal = refusal or Refused("no_header" if head else "empty")
            continue
        has_rows = sheet.height > header.row
        rank = (has_rows, header.has_name, header.fields, sheet.height)
        if best is None or rank > best:
            best, found = rank, (sheet, header)
    if found is None:
        raise refusal or Refused("empty")
    return found


def _partly_merged(sheet: Sheet) -> frozenset[int]:
    """Rows with merged cells that are no title over the whole table: a title leaves no second text in its row."""
    spans = sheet.spans
    rows = [span.row for span in spans]
    return frozenset(row for row in rows if rows.count(row) > 1) if len(rows) <= HEAD_ROWS else frozenset()


def _peek(rows: Iterator[Row]) -> tuple[list[Row], Iterator[Row]]:
    head = list(islice(rows, HEAD_ROWS))
    return [row for row in head if not is_blank(row[1])], chain(head, rows)


def _data_rows(rows: Iterator[Row], header: Header, limits: Limits) -> Iterator[Row]:
    """The rows below the header but for blank ones and repetitions of the header. Refused: none at all, or more than allowed."""
    width, count = len(header.columns), 0
    titles = list(header.columns)
    for number, cells in rows:
        if number <= header.row or is_blank(cells):
            continue
        while len(cells) > width and not cells[-1]:
            cells.pop()
        cells += [""] * (width - len(cells))
        if [" ".join(cell.split()) for cell in cells] == titles:
            continue
        count += 1
        if count > limits.rows:
            raise Refused("too_many_rows", limit=limits.rows)
        yield number, cells
    if not count:
        raise Refused("header_only", row=header.row)


def discard(path: Path) -> None:
    """Removes a file that may be gone already."""
    with suppress(FileNotFoundError):
        path.unlink()
