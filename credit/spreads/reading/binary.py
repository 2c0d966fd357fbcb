"""Cells of an old binary workbook (XLS) that hold an error or stand on a circle, which calamine reads as empty or as a figure of old.

Without Django, for the confined process. The container is read by MS-CFB, the records by MS-XLS; formulas are read, never evaluated.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from credit.spreads.reading.circles import Place, circular
from credit.spreads.reading.grids import CIRCLE, ERROR, Cell, letter
from prospects.directories.reading.refusals import Refused

_END, _SHORTEST, _ENTRY = 0xFFFFFFFA, 512, 128
_BOF, _EOF, _CODEPAGE, _BOUNDSHEET, _SUPBOOK, _EXTERNSHEET = 0x0809, 0x000A, 0x0042, 0x0085, 0x01AE, 0x0017
_BOOLERR, _FORMULAS, _BIFF8, _SAME_BOOK, _WORKSHEET = 0x0205, (0x0006, 0x0206, 0x0406), 0x0600, 0x0401, 0
_ERRORS = {0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A"}
# Bytes that follow a token of a formula, by the token without its class. Others end the reading of that formula.
_SIZES = (
    {0x01: 4, 0x02: 4, 0x1C: 1, 0x1D: 1, 0x1E: 2, 0x1F: 8, 0x20: 7, 0x21: 2, 0x22: 3, 0x23: 4, 0x24: 4, 0x25: 8, 0x26: 6, 0x27: 6}
    | {0x28: 6, 0x29: 2, 0x2A: 4, 0x2B: 8, 0x2C: 4, 0x2D: 8, 0x39: 6, 0x3A: 6, 0x3B: 10, 0x3C: 6, 0x3D: 10}
    | dict.fromkeys(range(0x03, 0x17), 0)
)
_STRING, _ATTRIBUTE, _CHOOSE = 0x17, 0x19, 0x04
_REF, _AREA, _REF_3D, _AREA_3D = 0x24, 0x25, 0x3A, 0x3B
_LONGEST = 200


@dataclass
class _Book:
    """What the head of a workbook says: its worksheets with where they begin, and which of them references across sheets mean."""

    version: int = 0
    codec: str = "cp1252"
    sheets: list[tuple[int, int, str]] = field(default_factory=list)
    own: list[bool] = field(default_factory=list)
    across: list[tuple[int, int]] = field(default_factory=list)


def marks_of(content: bytes) -> dict[Place, Cell]:
    """(sheet, row, column), counted from one, of each cell with an error or on a circle. Refused: the container is damaged."""
    try:
        stream = _stream(content)
        book = _head(stream)
        errors: dict[Place, Cell] = {}
        formulas: dict[Place, str] = {}
        for start, kind, name in book.sheets:
            if kind == _WORKSHEET:
                _read(stream, start, name, book, errors, formulas)
    except (struct.error, IndexError, LookupError, UnicodeDecodeError) as error:
        raise Refused("damaged") from error
    return errors | {place: Cell(CIRCLE, formulas[place][:_LONGEST]) for place in circular(formulas)}


# The container


def _stream(content: bytes) -> bytes:
    """The stream of the workbook, cut out of its sectors."""
    size, small = 1 << struct.unpack_from("<H", content, 30)[0], 1 << struct.unpack_from("<H", content, 32)[0]
    first_folder, cutoff, first_small = struct.unpack_from("<I4xII", content, 48)
    table = _table(content, size)
    folder = _chain(content, first_folder, table, size, offset=size)
    for at in range(0, len(folder), _ENTRY):
        entry = folder[at : at + _ENTRY]
        name = entry[: max(0, struct.unpack_from("<H", entry, 64)[0] - 2)].decode("utf-16-le", "replace")
        if name not in ("Workbook", "Book"):
            continue
        start, length = struct.unpack_from("<II", entry, 116)
        if length >= cutoff:
            return _chain(content, start, table, size, offset=size)[:length]
        container = _chain(content, struct.unpack_from("<I", folder, 116)[0], table, size, offset=size)
        fat = _chain(content, first_small, table, size, offset=size)
        return _chain(container, start, struct.unpack(f"<{len(fat) // 4}I", fat), small, offset=0)[:length]
    raise LookupError("no workbook")


def _table(content: bytes, size: int) -> tuple[int, ...]:
    """The table of sectors: which one follows which."""
    places = list(struct.unpack_from("<109I", content, 76))
    following, count = struct.unpack_from("<II", content, 68)
    for _turn in range(min(count, len(content) // size)):
        part = struct.unpack_from(f"<{size // 4}I", content, (following + 1) * size)
        places += part[:-1]
        following = part[-1]
    parts = [content[(place + 1) * size : (place + 2) * size] for place in places if place < _END]
    whole = b"".join(parts)
    return struct.unpack(f"<{len(whole) // 4}I", whole[: len(whole) // 4 * 4])


def _chain(content: bytes, start: int, table: tuple[int, ...], size: int, *, offset: int) -> bytes:
    """The sectors from one on; a chain that runs in a circle is cut where the content ends."""
    parts = []
    for _turn in range(len(content) // size + 1):
        if start >= _END:
            break
        parts.append(content[offset + start * size : offset + (start + 1) * size])
        start = table[start]
    return b"".join(parts)


# The records


def _records(stream: bytes, start: int = 0) -> Iterator[tuple[int, bytes]]:
    """Those of one part of the stream, without what is embedded in it."""
    depth = 0
    while start + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, start)
        body = stream[start + 4 : start + 4 + length]
        start += 4 + length
        depth += (kind == _BOF) - (kind == _EOF)
        if depth <= 1:
            yield kind, body
        if depth == 0:
            return


def _head(stream: bytes) -> _Book:
    book = _Book()
    for kind, body in _records(stream):
        if kind == _BOF and not book.version:
            book.version = struct.unpack_from("<H", body)[0]
        elif kind == _CODEPAGE:
            page = struct.unpack_from("<H", body)[0]
            book.codec = f"cp{page}" if page not in (1200, 32768, 32769) else "cp1252"
        elif kind == _BOUNDSHEET:
            book.sheets.append((struct.unpack_from("<I", body)[0], body[5], _sheet_name(body, book)))
        elif kind == _SUPBOOK:
            book.own.append(len(body) == 4 and struct.unpack_from("<H", body, 2)[0] == _SAME_BOOK)
        elif kind == _EXTERNSHEET and book.version == _BIFF8:
            for at in range(struct.unpack_from("<H", body)[0]):
                told, first, _last = struct.unpack_from("<HHH", body, 2 + at * 6)
                book.across.append((told, first))
    return book


def _sheet_name(body: bytes, book: _Book) -> str:
    length = body[6]
    if book.version != _BIFF8:
        return body[7 : 7 + length].decode(book.codec)
    return body[8 : 8 + 2 * length].decode("utf-16-le") if body[7] & 1 else body[8 : 8 + length].decode("latin-1")


def _read(stream: bytes, start: int, name: str, book: _Book, errors: dict[Place, Cell], formulas: dict[Place, str]) -> None:
    for kind, body in _records(stream, start):
        if kind == _BOOLERR and body[7]:
            row, column = struct.unpack_from("<HH", body)
            errors[name, row + 1, column + 1] = _error(body[6])
        elif kind in _FORMULAS:
            row, column = struct.unpack_from("<HH", body)
            place = (name, row + 1, column + 1)
            if body[12:14] == b"\xff\xff" and body[6] == 2:
                errors[place] = _error(body[8])
            if book.version == _BIFF8:
                length = struct.unpack_from("<H", body, 20)[0]
                formulas[place] = "=" + ",".join(_references(body[22 : 22 + length], name, book))


def _error(code: int) -> Cell:
    return Cell(ERROR, _ERRORS.get(code, "#N/A"))


def _references(tokens: bytes, own: str, book: _Book) -> Iterator[str]:
    """The cells and areas that a formula reads, as one writes them."""
    at = 0
    while at < len(tokens):
        token = tokens[at]
        base = token if token < 0x20 else (token & 0x1F) | 0x20
        at += 1
        if base == _REF:
            yield _written(own, *struct.unpack_from("<HH", tokens, at))
        elif base == _AREA:
            yield _area(own, *struct.unpack_from("<HHHH", tokens, at))
        elif base in (_REF_3D, _AREA_3D) and (sheet := _sheet_of(struct.unpack_from("<H", tokens, at)[0], book)):
            form: Any = "<HH" if base == _REF_3D else "<HHHH"
            yield (_written if base == _REF_3D else _area)(sheet, *struct.unpack_from(form, tokens, at + 2))
        if base == _STRING:
            at += 2 + tokens[at] * (2 if tokens[at + 1] & 1 else 1)
        elif base == _ATTRIBUTE:
            at += 3 + (2 * (struct.unpack_from("<H", tokens, at + 1)[0] + 1) if tokens[at] & _CHOOSE else 0)
        elif base in _SIZES:
            at += _SIZES[base]
        else:
            return


def _sheet_of(number: int, book: _Book) -> str:
    """The sheet of this book that a reference across sheets means; empty for another book's."""
    told, sheet = book.across[number]
    return book.sheets[sheet][2] if book.own[told] and sheet < len(book.sheets) else ""


def _written(sheet: str, row: int, column: int) -> str:
    quoted = sheet.replace("'", "''")
    return f"'{quoted}'!{letter(column & 0xFF)}{row + 1}"


def _area(sheet: str, top: int, bottom: int, left: int, right: int) -> str:
    return f"{_written(sheet, top, left)}:{letter(right & 0xFF)}{bottom + 1}"
