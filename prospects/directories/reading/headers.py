"""Finds the header among the first rows of a table: below titles, above the data, in one row or in two."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from prospects.directories.headings import NAMES, Field, recognise
from prospects.directories.reading.cells import letter

HEAD_ROWS = 200
"""So many rows are looked at to tell the shape of a table."""

_CANDIDATES = 40
_LONGEST_HEADING = 120
_DATA = re.compile(
    r"""^(?:
        [-+(]?[\d.,/:年月日% -]*\d[\d.,/:年月日% )-]*     # numbers, dates, telephone numbers
      | \S+@\S+\.\S+ | https?://\S+ | www\.\S+            # addresses of the net
      | [A-Z0-9]{1,8}\.[A-Z]{1,3}                         # 0001.HK
      | (?=\S*\d)[A-Z0-9]{8,}                             # codes with check digits
      | .*(?:有限公司|股份公司|\b(?:limited|ltd|inc|corp|corporation|plc|llc|co\.|ag|s\.a\.)\.?)
    )$""",
    re.VERBOSE | re.IGNORECASE,
)


@dataclass(frozen=True)
class Header:
    """Where the header stands (`row`, 1-based, the last one of it) and what it calls the columns.

    `fields` counts the headings that we know, `has_name` says whether one of them names a company.
    """

    row: int
    columns: tuple[str, ...]
    fields: int
    has_name: bool


@dataclass(frozen=True)
class _Line:
    number: int
    cells: list[str]

    @property
    def filled(self) -> int:
        return sum(1 for cell in self.cells if cell)

    @property
    def known(self) -> set[Field]:
        return {found[0] for cell in self.cells if cell and (found := recognise(cell))}

    @property
    def looks_like_headings(self) -> bool:
        """Few of the cells look like data; the more words we know, the more may (years, say, as headings of figures)."""
        filled = [cell for cell in self.cells if cell]
        data = sum(1 for cell in filled if len(cell) > _LONGEST_HEADING or _DATA.match(cell))
        return data <= len(filled) * (0.4 if len(self.known) >= 2 else 0.1)


def find_header(
    rows: Sequence[tuple[int, list[str]]], merged_rows: frozenset[int] = frozenset(), *, may_shift: bool = False
) -> Header | None:
    """The header of the table that begins with `rows` (number, cells); None where all looks like data.

    `merged_rows`: numbers of the rows in which cells are merged over part of the width, as titles over a group of columns are.
    `may_shift`: a delimiter too many shifts a row. Then what stands beyond the last heading is a column only where the header leaves it
    blank and most rows fill it.
    """
    lines = [_Line(number, cells) for number, cells in rows if any(cells)]
    if not lines:
        return None
    wide = max(line.filled for line in lines)
    best = _best(lines[:_CANDIDATES], wide)
    if best is None:
        return None
    index = lines.index(best)
    group = _group_above(lines[index - 1] if index else None, best, merged_rows)
    below = _headings_below(best, lines[index + 1] if index + 1 < len(lines) else None)
    upper, lower = (best, below) if below else (group, best)
    width = _width([line for line in (upper, lower) if line], lines, may_shift=may_shift)
    columns = _labels(upper, lower, width)
    known = Counter(found[0] for column in columns if (found := recognise(column)))
    return Header(lower.number, columns, len(known), any(field in known for field in NAMES))


def _width(heads: list[_Line], lines: list[_Line], *, may_shift: bool) -> int:
    """How many columns there are: as far as headings go, and beyond where rows are filled."""
    named = max(_last_filled(line.cells) for line in heads)
    if not may_shift:
        return max(named, *(_last_filled(line.cells) for line in lines))
    ends = sorted(_last_filled(line.cells) for line in lines if line.number > heads[-1].number)
    usual = ends[len(ends) // 2] if ends else 0
    return max(named, min(usual, max(len(line.cells) for line in heads)))


def _best(lines: list[_Line], wide: int) -> _Line | None:
    known = [(len(line.known), line) for line in lines if line.looks_like_headings and (line.filled > 1 or wide == 1)]
    most = max((count for count, line in known if count and line.filled >= min(2, wide)), default=0)
    if most:
        return next(line for count, line in known if count == most)
    # Words of a language or trade that we do not know: the first row as wide as the table, if what follows is of another kind.
    first = next((line for line in lines if line.filled >= wide * 0.6), None)
    if first is None or wide == 1 or not first.looks_like_headings:
        return None
    return first if any(not line.looks_like_headings for line in lines[lines.index(first) + 1 :]) else None


def _group_above(above: _Line | None, header: _Line, merged_rows: frozenset[int]) -> _Line | None:
    """`above`, if it is a row of group titles: adjacent, several, and merged, with gaps, or filling what the header leaves blank."""
    if above is None or above.number != header.number - 1 or above.filled < 2 or not above.looks_like_headings:
        return None
    has_gaps = any(cell and not after for cell, after in zip(above.cells, above.cells[1:], strict=False))
    fills = any(cell and not own for cell, own in zip(above.cells, header.cells, strict=False))
    return above if above.number in merged_rows or has_gaps or fills else None


def _headings_below(header: _Line, below: _Line | None) -> _Line | None:
    """`below`, if it names the columns of groups that `header` only titles: it fills blanks of the header and nothing beside groups."""
    if below is None or below.number != header.number + 1 or not below.looks_like_headings or below.filled >= header.filled + 3:
        return None
    width = max(len(header.cells), len(below.cells))
    top = header.cells + [""] * (width - len(header.cells))
    under = below.cells + [""] * (width - len(below.cells))
    blanks = [index for index in range(1, _last_filled(under)) if not top[index]]
    if not blanks or not all(under[index] for index in blanks if index < _last_filled(top)):
        return None
    starts = {index - 1 for index in blanks} | set(blanks)
    is_beside = any(cell for index, cell in enumerate(under) if index not in starts)
    leaves_some = any(cell and not under[index] for index, cell in enumerate(top))
    names_groups = any(recognise(f"{top[index] or top[index - 1]} / {cell}") for index, cell in enumerate(under) if cell)
    return below if names_groups and leaves_some and not is_beside else None


def _last_filled(cells: Sequence[str]) -> int:
    return max((index + 1 for index, cell in enumerate(cells) if cell), default=0)


def _labels(upper: _Line | None, lower: _Line, width: int) -> tuple[str, ...]:
    own = _one_line(lower.cells, width)
    titles = _one_line(upper.cells, width) if upper else [""] * width
    repeated = {cell for cell, count in Counter(own).items() if count > 1}
    labels, title = [], ""
    for index in range(width):
        title = titles[index] or (title if own[index] else "")
        label = own[index] or titles[index]
        if own[index] and title and (own[index] in repeated or recognise(own[index]) is None):
            label = f"{title} / {own[index]}"
        labels.append(label or letter(index))
    return _distinct(labels)


def _one_line(cells: Sequence[str], width: int) -> list[str]:
    return [" ".join(cell.split()) for cell in cells[:width]] + [""] * (width - len(cells))


def _distinct(labels: list[str]) -> tuple[str, ...]:
    taken: set[str] = set()
    for index, label in enumerate(labels):
        count, name = 1, label
        while name in taken:
            count += 1
            name = f"{label} ({count})"
        taken.add(name)
        labels[index] = name
    return tuple(labels)
