"""Reads the core bank's nightly files. The only place that knows their form.

A file is text in UTF-8 with comma-separated cells, one record a line, one kind of figures and one day a file:

    H,figures-1,<bank>,<kind>,<day, YYYY-MM-DD>,<statement>      the header: the first line, and the only one of its kind
    D,<customer number>,<cells of the kind>                      any number of rows
    T,<number of rows>,<total of each column of numbers>         the trailer: the last line

`statement` is 1 for the first delivery of a day and counts up where the core bank states the day anew. A re-statement may hold all rows or
only those that changed: what it does not name stands. The cells of each kind, in their order, with the columns of numbers in <angles>:

    balances   deposit kind, currency, <balance>, <balance in HKD>
    turnover   currency, <paid in>, <paid out>, <largest in>, <largest out>                 all in HKD
    limits     facility reference, facility type, currency, <limit>, <drawn>, <limit in HKD>, <drawn in HKD>
    income     product, income kind, once only (0 or 1), <income in HKD>
    conduct    <items returned>, <days on end in excess>, <amount returned in HKD>
    arrears    facility reference, facility type, <days overdue>, <overdue in HKD>, <advanced by the bank in HKD>
    bills      deal reference, number of the bill of lading, carrier's code (SCAC), currency, <amount>, <amount in HKD>

`arrears` names the facilities on which interest or principal is late, counted from the first unpaid due date, and those under which the
bank had to pay for the client and was not repaid: credits, trust receipts, guarantees. A facility that is not named is current. `bills`
names the bills of lading behind every discount and import loan that is not repaid. Banks whose core system sends neither go on sending the
other five: nothing is then said of lateness, and nobody knows which bills to ask about.

Amounts have a point and two places at most, in the trailer exactly two, and no thousands separators; other numbers are whole. Totals are
sums over all rows whatever their currency: they prove that the file came over whole, and say nothing else. Codes are those of
`crm.figures.choices`; currencies are ISO 4217. An empty day is a file of a header and a trailer.
"""

import csv
import datetime as dt
import hashlib
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from crm.figures.choices import DepositKind, FileKind, IncomeKind, Product
from crm.kernel.errors import RuleBroken

FORM = "figures-1"
HEADER, ROW, TRAILER = "H", "D", "T"
HEADER_CELLS = 6

_AMOUNT = re.compile(r"-?\d{1,15}(?:\.\d{1,2})?", re.ASCII)
_TOTAL = re.compile(r"-?\d{1,18}\.\d\d", re.ASCII)
_WHOLE = re.compile(r"\d{1,6}", re.ASCII)
_WHOLE_TOTAL = re.compile(r"\d{1,12}", re.ASCII)
_CURRENCY = re.compile(r"[A-Z]{3}", re.ASCII)
_CODE = re.compile(r"[\w./-]{1,20}", re.ASCII)
_PAPER = re.compile(r"[\w./-]{1,40}", re.ASCII)
_SCAC = re.compile(r"[A-Z]{2,4}", re.ASCII)
_SHORT_CODE = re.compile(r"[\w./-]{1,12}", re.ASCII)


class Unusable(RuleBroken):
    """The file cannot be loaded at all: not one row of it."""

    code = "unusable_file"


class BadCell(ValueError):
    """A cell cannot be read; the message says why."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A column of a kind: its name as the models have it, and what reads a cell of it. `sums`: the trailer states its total."""

    name: str
    read: Callable[[str], Any]
    sums: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a file. `values` are as the models hold them (amounts in hundredths), None where the row cannot be read.

    `sums` are the values that the trailer's totals are made of, as far as they can be read.
    """

    number: int
    customer: str
    values: dict[str, Any] | None
    sums: dict[str, int]
    column: str = ""
    value: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Delivery:
    """A file that is whole: it has its header and its trailer, and as many rows as the trailer says."""

    path: Path
    sha256: str
    bank: str
    kind: FileKind
    on: dt.date
    version: int
    count: int
    totals: dict[str, int]

    @property
    def name(self) -> str:
        """The file's own name."""
        return self.path.name

    def lines(self) -> Iterator[Line]:
        """The rows, each read or with the reason why it cannot be."""
        cells_of = CELLS[self.kind]
        for number, cells in _records(self.path):
            if cells[0] == ROW:
                yield _line(number, cells, cells_of)


def whole_number(text: str) -> int:
    """A count. BadCell otherwise."""
    if not _WHOLE.fullmatch(text):
        raise BadCell(_("This is no whole number."))
    return int(text)


def signed_amount(text: str) -> int:
    """An amount in hundredths. BadCell otherwise."""
    if not _AMOUNT.fullmatch(text):
        raise BadCell(_("This is no amount with at most two places."))
    return hundredths_of(text)


def amount(text: str) -> int:
    """An amount of zero or more, in hundredths. BadCell otherwise."""
    counted = signed_amount(text)
    if counted < 0:
        raise BadCell(_("This cannot be below zero."))
    return counted


def hundredths_of(text: str) -> int:
    """A number with at most two places, as whole hundredths."""
    whole, _point, places = text.partition(".")
    counted = int(whole.lstrip("-") + places.ljust(2, "0"))
    return -counted if text.startswith("-") else counted


def _currency(text: str) -> str:
    if not _CURRENCY.fullmatch(text):
        raise BadCell(_("This is no currency code."))
    return text


def _coded(pattern: re.Pattern[str]) -> Callable[[str], str]:
    def read(text: str) -> str:
        if not pattern.fullmatch(text):
            raise BadCell(_("This is no code that we can keep."))
        return text

    return read


def _one_of(choices: Any) -> Callable[[str], str]:
    known = frozenset(choices.values)

    def read(text: str) -> str:
        if text not in known:
            raise BadCell(_("This code is not known."))
        return text

    return read


def _flag(text: str) -> bool:
    if text not in ("0", "1"):
        raise BadCell(_("This is neither 0 nor 1."))
    return text == "1"


def _summed(read: Callable[[str], int], *names: str) -> tuple[Cell, ...]:
    return tuple(Cell(name, read, sums=True) for name in names)


_MONEY = Cell("currency", _currency)
CELLS: dict[str, tuple[Cell, ...]] = {
    FileKind.BALANCES: (Cell("kind", _one_of(DepositKind)), _MONEY, *_summed(signed_amount, "amount", "amount_hkd")),
    FileKind.TURNOVER: (_MONEY, *_summed(amount, "paid_in", "paid_out", "largest_in", "largest_out")),
    FileKind.LIMITS: (
        Cell("reference", _coded(_CODE)),
        Cell("facility", _coded(_SHORT_CODE)),
        _MONEY,
        *_summed(amount, "limit", "drawn", "limit_hkd", "drawn_hkd"),
    ),
    FileKind.INCOME: (
        Cell("product", _one_of(Product)),
        Cell("kind", _one_of(IncomeKind)),
        Cell("one_off", _flag),
        *_summed(signed_amount, "amount"),
    ),
    FileKind.CONDUCT: (*_summed(whole_number, "returned_items", "excess_days"), *_summed(amount, "returned_amount")),
    FileKind.ARREARS: (
        Cell("reference", _coded(_CODE)),
        Cell("facility", _coded(_SHORT_CODE)),
        *_summed(whole_number, "overdue_days"),
        *_summed(amount, "overdue_hkd", "advanced_hkd"),
    ),
    FileKind.BILLS: (
        Cell("reference", _coded(_CODE)),
        Cell("number", _coded(_PAPER)),
        Cell("scac", _coded(_SCAC)),
        _MONEY,
        *_summed(amount, "amount", "amount_hkd"),
    ),
}
"""The cells of a row after the customer number, by the kind of file."""


def is_count(cell: Cell) -> bool:
    """A column of whole numbers, not of amounts."""
    return cell.read is whole_number


def open_delivery(path: Path) -> Delivery:
    """What a file says of itself, after reading all of it. Unusable where it is cut, headless, without trailer, doubled or no such file."""
    try:
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        return _checked(path, digest)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise Unusable(_("%(file)s: it cannot be read as a file of figures.") % {"file": path.name}) from error


def _checked(path: Path, digest: str) -> Delivery:
    records = _records(path)
    header = next(records, (0, []))[1]
    told = _header(path, header)
    count, trailer = 0, None
    for _number, cells in records:
        if trailer is not None or cells[0] == HEADER:
            raise Unusable(_("%(file)s: it holds more than one delivery.") % {"file": path.name})
        if cells[0] == ROW:
            count += 1
        elif cells[0] == TRAILER:
            trailer = cells
        else:
            raise Unusable(_("%(file)s: line %(line)d is neither a row nor the trailer.") % {"file": path.name, "line": _number})
    if trailer is None:
        raise Unusable(_("%(file)s: the trailer is missing, so the file is cut.") % {"file": path.name})
    totals = _trailer(path, trailer, CELLS[told["kind"]])
    if count != totals.pop("count"):
        raise Unusable(
            _("%(file)s: it has %(count)d rows, the trailer says %(stated)s.") % {"file": path.name, "count": count, "stated": trailer[1]}
        )
    return Delivery(path=path, sha256=digest, count=count, totals=totals, **told)


def _header(path: Path, cells: Sequence[str]) -> dict[str, Any]:
    if not cells or cells[0] != HEADER or len(cells) != HEADER_CELLS or cells[1] != FORM:
        raise Unusable(_("%(file)s: the header is missing or of another form.") % {"file": path.name})
    _h, _form, bank, kind, day, version = cells
    if kind not in FileKind.values:
        raise Unusable(_("%(file)s: the header names the kind “%(kind)s”, which is not known.") % {"file": path.name, "kind": kind[:40]})
    try:
        on = dt.date.fromisoformat(day)
    except ValueError:
        raise Unusable(_("%(file)s: the header names no day.") % {"file": path.name}) from None
    if not re.fullmatch(r"[1-9]\d{0,3}", version, re.ASCII):
        raise Unusable(_("%(file)s: the header says not which statement it is.") % {"file": path.name})
    return {"bank": bank.strip()[:40], "kind": FileKind(kind), "on": on, "version": int(version)}


def _trailer(path: Path, cells: Sequence[str], cells_of: Sequence[Cell]) -> dict[str, int]:
    summed = [cell for cell in cells_of if cell.sums]
    forms = [_WHOLE_TOTAL, *(_WHOLE_TOTAL if is_count(cell) else _TOTAL for cell in summed)]
    if len(cells) != 1 + len(forms) or not all(form.fullmatch(text) for form, text in zip(forms, cells[1:], strict=True)):
        raise Unusable(_("%(file)s: the trailer cannot be read, so the file may be cut.") % {"file": path.name})
    read = [int(text) if form is _WHOLE_TOTAL else hundredths_of(text) for form, text in zip(forms, cells[1:], strict=True)]
    return {"count": read[0]} | {cell.name: total for cell, total in zip(summed, read[1:], strict=True)}


def _records(path: Path) -> Iterator[tuple[int, list[str]]]:
    """The lines with their numbers; empty ones are passed over."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.reader(file, strict=True)
        for cells in reader:
            if cells:
                yield reader.line_num, cells


def _line(number: int, cells: Sequence[str], cells_of: Sequence[Cell]) -> Line:
    customer = cells[1].strip() if len(cells) > 1 else ""
    if len(cells) != 2 + len(cells_of):
        told = {"expected": 2 + len(cells_of), "found": len(cells)}
        return Line(number, customer, None, {}, reason=_("The row has %(found)d cells instead of %(expected)d.") % told)
    values: dict[str, Any] = {}
    sums: dict[str, int] = {}
    wrong: tuple[str, str, str] | None = None
    for cell, text in zip(cells_of, cells[2:], strict=True):
        try:
            values[cell.name] = cell.read(text)
        except BadCell as error:
            wrong = wrong or (cell.name, text[:60], str(error))
            continue
        if cell.sums:
            sums[cell.name] = values[cell.name]
    if wrong:
        return Line(number, customer, None, sums, *wrong)
    return Line(number, customer, values, sums)
