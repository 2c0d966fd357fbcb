"""A statement file as a board: its labels on one side, its periods on the other, whichever way the file sets them out."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext_lazy as _

from credit.spreads.choices import Layout
from credit.spreads.lines import code_of, key_of
from credit.spreads.mapping.amounts import NotTaken
from credit.spreads.mapping.periods import Heading, heading_of
from credit.spreads.mapping.units import units_in
from credit.spreads.reading.grids import BLANK, Cell, Grid
from crm.kernel.errors import RuleBroken, Sentence

HEAD_ROWS = 40
LABEL_COLUMNS = 6
_NO_PERIOD = {key_of(text) for text in ("note", "notes", "附註", "附注", "change", "change %", "變動", "%", "增减")}
_PAGES = {key_of(text) for text in ("page", "pages", "source page", "頁", "页码", "頁碼", "来源页")}


@dataclass(frozen=True)
class Said:
    """What a file says of one period: its text, the period as understood, why it was not, and the units that it names."""

    text: str
    place: str
    heading: Heading | None = None
    problem: Sentence = ""
    units: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Board:
    """Labels and periods by key, the cells between them with their places, source pages by label, and the units that the title names."""

    layout: str
    labels: dict[str, str]
    periods: dict[str, Said]
    cells: dict[tuple[str, str], tuple[Cell, str]]
    units: frozenset[int] = frozenset()
    pages: dict[str, str] = field(default_factory=dict)


def said(cells: Sequence[Cell], place: str, *, year_end_month: int) -> Said:
    """A heading that may stand over several cells, one below the other."""
    text = " ".join(cell.text for cell in cells if cell.text)
    units = frozenset(unit for cell in cells for unit in units_in(cell.text))
    try:
        found = [heading for cell in cells if (heading := heading_of(cell, year_end_month=year_end_month))]
        joined = heading_of(Cell("t", text), year_end_month=year_end_month) if len(cells) > 1 else None
    except NotTaken as problem:
        return Said(text, place, None, problem.sentence, units)
    # "6 months to" above "30 Jun 2025": the joined text knows more than its parts.
    best = joined if joined and (not found or (joined.ends_on == found[0].ends_on)) else (found[0] if found else joined)
    return Said(text, place, best, "", units)


def board_of(grid: Grid, *, only: tuple[str, str] | None = None, year_end_month: int = 12) -> Board:
    """The board of a sheet. RuleBroken where no line of a statement is recognised, or several rows are of one period."""
    facts = _facts_header(grid)
    if facts is not None:
        return _facts(grid, facts)
    column, down = _label_column(grid)
    header, across = _line_row(grid)
    if max(down, across) < 2:
        raise RuleBroken(
            _("No lines of a statement were found: neither a column nor a row holds names such as “Sales” or “Total assets”."),
            code="no_lines",
        )
    if across > down:
        return _across(grid, header, only, year_end_month)
    return _down(grid, column, year_end_month)


def _label_column(grid: Grid) -> tuple[int, int]:
    counts = [
        (len({code_of(cells[column].text) for _number, cells in grid.rows if column < len(cells)} - {""}), -column)
        for column in range(LABEL_COLUMNS)
    ]
    count, column = max(counts)
    return -column, count


def _line_row(grid: Grid) -> tuple[int, int]:
    counts = [(len({code_of(cell.text) for cell in cells} - {""}), -at) for at, (_number, cells) in enumerate(grid.rows[:HEAD_ROWS])]
    count, at = max(counts)
    return -at, count


def _down(grid: Grid, label_column: int, year_end_month: int) -> Board:
    rows = [(number, cells, cells[label_column].text if label_column < len(cells) else "") for number, cells in grid.rows]
    first = next(at for at, (_number, _cells, label) in enumerate(rows) if code_of(label))
    head, body = rows[:first], rows[first:]
    periods: dict[str, Said] = {}
    pages_in: int | None = None
    for column in range(grid.width):
        if column == label_column:
            continue
        heads = [cells[column] for _number, cells, _label in head if column < len(cells) and not cells[column].is_blank]
        names = {key_of(cell.text) for cell in heads}
        if names & _PAGES:
            pages_in = column
        elif not names & _NO_PERIOD:
            found = said(heads, grid.place(head[-1][0] if head else 1, column), year_end_month=year_end_month)
            holds_figures = any(column < len(cells) and cells[column].kind != "t" for _number, cells, _label in body)
            if found.heading or found.problem or (holds_figures and column > label_column):
                periods[str(column)] = found
    labels, cells_of, pages = _body(grid, body, periods, pages_in)
    # What stands in the label column, or alone in its row, speaks for the whole sheet.
    titles = [label for _number, _cells, label in head]
    lone = [cells[-1].text for _number, cells, _label in head if sum(not cell.is_blank for cell in cells) == 1]
    units = frozenset(unit for text in {*titles, *lone} for unit in units_in(text))
    return Board(Layout.DOWN, labels, periods, cells_of, units, pages)


_Body = tuple[dict[str, str], dict[tuple[str, str], tuple[Cell, str]], dict[str, str]]


def _body(grid: Grid, body: Sequence[tuple[int, tuple[Cell, ...], str]], periods: dict[str, Said], pages_in: int | None) -> _Body:
    labels: dict[str, str] = {}
    found: dict[tuple[str, str], tuple[Cell, str]] = {}
    pages: dict[str, str] = {}
    for number, cells, label in body:
        row = {key: cells[int(key)] if int(key) < len(cells) else BLANK for key in periods}
        if not label or all(cell.is_blank for cell in row.values()):
            continue
        labels[str(number)] = label
        if pages_in is not None and pages_in < len(cells):
            pages[str(number)] = cells[pages_in].text
        for key, cell in row.items():
            found[str(number), key] = (cell, grid.place(number, int(key)))
    return labels, found, pages


_PERIOD_NAMES = {
    key_of(text)
    for text in (
        "报告年份", "年份", "年度", "报告期", "截止日期", "報告年度", "期末", "結算日",
        "year", "fiscal year", "period", "period end", "period ended",
        "year end", "year ended", "report date", "date",
    )
}  # fmt: skip


def _across(grid: Grid, at: int, only: tuple[str, str] | None, year_end_month: int) -> Board:
    header = grid.rows[at][1]
    names = [cell.text for cell in header]
    labels = {str(column): name for column, name in enumerate(names) if name and key_of(name) not in _PERIOD_NAMES}
    period_column = next((column for column, name in enumerate(names) if key_of(name) in _PERIOD_NAMES), None)
    if period_column is None:
        raise RuleBroken(_("No column says of which period a row is. Give it a heading such as “Year ended”."), code="no_period")
    rows = [(row, cells) for row, cells in grid.rows[at + 1 :] if _is_chosen(cells, names, only)]
    if not rows:
        raise RuleBroken(_("No row is left to read."), code="no_rows")
    periods: dict[str, Said] = {}
    found: dict[tuple[str, str], tuple[Cell, str]] = {}
    for row, cells in rows:
        cell = cells[period_column] if period_column < len(cells) else BLANK
        periods[str(row)] = said([cell], grid.place(row, period_column), year_end_month=year_end_month)
        for column in labels:
            value = cells[int(column)] if int(column) < len(cells) else BLANK
            found[column, str(row)] = (value, grid.place(row, int(column)))
    ends = [entry.heading for entry in periods.values() if entry.heading]
    if len(ends) != len(set(ends)):
        raise RuleBroken(
            _("Several rows are of the same period. Say which company’s rows to read, such as “%(column)s=…”.") % {"column": names[0]},
            code="several_companies",
        )
    titles = [cell.text for _number, cells in grid.rows[:at] for cell in cells]
    return Board(Layout.ACROSS, labels, periods, found, frozenset(unit for text in titles for unit in units_in(text)))


def _is_chosen(cells: Sequence[Cell], names: list[str], only: tuple[str, str] | None) -> bool:
    if only is None:
        return True
    wanted, value = key_of(only[0]), only[1].strip()
    columns = [column for column, name in enumerate(names) if key_of(name) == wanted]
    if not columns:
        raise RuleBroken(_("There is no column “%(column)s”.") % {"column": only[0]}, code="no_column")
    return any(column < len(cells) and cells[column].text == value for column in columns)


_FACT = {key_of(text) for text in ("fact", "concept", "tag", "item", "科目", "項目", "line item")}
_VALUE = {key_of(text) for text in ("value", "val", "amount", "金額", "数值")}
_ENDS = {key_of(text) for text in ("end_date", "end", "period end", "date", "截止日期", "期末")}
_STARTS = {key_of(text) for text in ("start_date", "start", "period start", "期初")}
_CURRENCIES = {key_of(text) for text in ("units", "unit", "currency", "货币")}
_DAYS_OF_A_MONTH = 30.44


def _facts_header(grid: Grid) -> dict[str, int] | None:
    """The columns of a table of facts: name, amount, end; start and currency where there are any. None for other files."""
    kinds = {"fact": _FACT, "value": _VALUE, "end": _ENDS, "start": _STARTS, "currency": _CURRENCIES}
    names = [key_of(cell.text) for cell in grid.rows[0][1]]
    found = {kind: next(at for at, name in enumerate(names) if name in words) for kind, words in kinds.items() if set(names) & words}
    return found if {"fact", "value", "end"} <= set(found) else None


def _facts(grid: Grid, columns: dict[str, int]) -> Board:
    labels: dict[str, str] = {}
    periods: dict[str, Said] = {}
    found: dict[tuple[str, str], tuple[Cell, str]] = {}
    rows = [(number, cells) for number, cells in grid.rows[1:] if len(cells) > max(columns["fact"], columns["value"], columns["end"])]
    spans = {number: span for number, cells in rows if (span := _span(cells, columns))}
    longest: dict[str, int] = {}
    for end, months in spans.values():
        longest[end] = max(longest.get(end, 0), months)
    for number, cells in rows:
        label, span = cells[columns["fact"]].text, spans.get(number)
        if span is None or not code_of(label) or not _is_money(cells, columns):
            continue
        end, months = span
        # A balance belongs to the longest period that ends with it.
        months = months or longest[end] or 12
        key = f"{end}/{months}"
        heading = Heading(dt.date.fromisoformat(end), months, "audited" if months == 12 else "interim")
        periods.setdefault(key, Said(end, grid.place(number, columns["end"]), heading))
        labels.setdefault(label, label)
        found.setdefault((label, key), (cells[columns["value"]], grid.place(number, columns["value"])))
    if not labels:
        raise RuleBroken(_("No lines of a statement were found among the facts."), code="no_lines")
    return Board(Layout.FACTS, labels, periods, found)


def _is_money(cells: Sequence[Cell], columns: dict[str, int]) -> bool:
    if "currency" not in columns:
        return True
    unit = cells[columns["currency"]].text if columns["currency"] < len(cells) else ""
    return len(unit) == 3 and unit.isalpha()


def _span(cells: Sequence[Cell], columns: dict[str, int]) -> tuple[str, int] | None:
    """(end in ISO, months from start to end; 0 for a day)."""
    try:
        end = heading_of(cells[columns["end"]])
        start = heading_of(cells[columns["start"]]) if "start" in columns and columns["start"] < len(cells) else None
    except NotTaken:
        return None
    if end is None:
        return None
    days = (end.ends_on - start.ends_on).days if start else 0
    return end.ends_on.isoformat(), round(days / _DAYS_OF_A_MONTH) if days > 0 else 0
