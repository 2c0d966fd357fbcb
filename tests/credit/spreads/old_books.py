"""Writes old binary workbooks (XLS) for tests: numbers, texts, errors and formulas, record by record."""

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

CODES = {"#NULL!": 0x00, "#DIV/0!": 0x07, "#VALUE!": 0x0F, "#REF!": 0x17, "#NAME?": 0x1D, "#NUM!": 0x24, "#N/A": 0x2A}
FREE, END, FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
SECTOR = 512


@dataclass(frozen=True)
class Formula:
    """A formula that reads some cells, (row, column) or (sheet number, row, column) from 0, with the result that was saved."""

    reads: Sequence[tuple[int, ...]]
    result: float | str = 0.0

    def body(self, at: bytes) -> bytes:
        tokens = b""
        for cell in self.reads:
            tokens += struct.pack("<BHHH", 0x5A, *cell) if len(cell) == 3 else struct.pack("<BHH", 0x44, *cell)
        tokens += b"\x03" * max(0, len(self.reads) - 1)
        error = isinstance(self.result, str)
        result = struct.pack("<BBBBHH", 2, 0, CODES[self.result], 0, 0, 0xFFFF) if error else struct.pack("<d", self.result)
        return at + result + struct.pack("<HIH", 0, 0, len(tokens)) + tokens


def _record(kind: int, body: bytes) -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def _cell(row: int, column: int, value: Any) -> bytes:
    at = struct.pack("<HHH", row, column, 0)
    if value is None or value == "":
        return b""
    if isinstance(value, Formula):
        return _record(0x0006, value.body(at))
    if isinstance(value, str) and value in CODES:
        return _record(0x0205, at + bytes([CODES[value], 1]))
    if isinstance(value, str):
        return _record(0x0204, at + struct.pack("<HB", len(value), 1) + value.encode("utf-16-le"))
    return _record(0x0203, at + struct.pack("<d", value))


def _begin(kind: int) -> bytes:
    return _record(0x0809, struct.pack("<HHHHII", 0x0600, kind, 0x0DBB, 1996, 0, 6))


def _sheet(rows: Sequence[Sequence[Any]]) -> bytes:
    cells = b"".join(_cell(row, column, value) for row, values in enumerate(rows) for column, value in enumerate(values))
    size = struct.pack("<IIHHH", 0, len(rows), 0, max(map(len, rows)), 0)
    return _begin(0x10) + _record(0x0200, size) + cells + _record(0x000A, b"")


def _book(sheets: Mapping[str, Sequence[Sequence[Any]]]) -> bytes:
    across = _record(0x01AE, struct.pack("<HH", len(sheets), 0x0401))
    told = b"".join(struct.pack("<HHH", 0, number, number) for number in range(len(sheets)))
    across += _record(0x0017, struct.pack("<H", len(sheets)) + told)
    parts = [_sheet(rows) for rows in sheets.values()]

    def head(places: Sequence[int]) -> bytes:
        bound = b"".join(
            _record(0x0085, struct.pack("<IBBBB", place, 0, 0, len(name), 1) + name.encode("utf-16-le"))
            for name, place in zip(sheets, places, strict=True)
        )
        return _begin(0x05) + _record(0x0042, struct.pack("<H", 1200)) + bound + across + _record(0x000A, b"")

    start = len(head([0] * len(parts)))
    places = [start + sum(map(len, parts[:at])) for at in range(len(parts))]
    return head(places) + b"".join(parts)


def _entry(name: str, kind: int, start: int, size: int, child: int = FREE) -> bytes:
    told = name.encode("utf-16-le") + b"\0\0" if name else b""
    body = told.ljust(64, b"\0") + struct.pack("<HBB", len(told), kind, 1) + struct.pack("<III", FREE, FREE, child)
    return body + bytes(36) + struct.pack("<III", start, size, 0)


def write_xls(path: Path, **sheets: Sequence[Sequence[Any]]) -> Path:
    """A workbook of the kind that Excel wrote until 2003, with these sheets in their order."""
    stream = _book(sheets)
    stream = stream.ljust(max(4096, -(-len(stream) // SECTOR) * SECTOR), b"\0")
    count = len(stream) // SECTOR
    table = [FAT, END, *range(3, 2 + count), END]
    folder = _entry("Root Entry", 5, END, 0, child=1) + _entry("Workbook", 2, 2, len(stream)) + _entry("", 0, 0, 0) * 2
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(10)
    header += struct.pack("<IIIIIIII", 1, 1, 0, 4096, END, 0, END, 0) + struct.pack("<109I", 0, *[FREE] * 108)
    fat = struct.pack(f"<{SECTOR // 4}I", *table, *[FREE] * (SECTOR // 4 - len(table)))
    path.write_bytes(header + fat + folder + stream)
    return path
