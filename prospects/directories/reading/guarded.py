"""Reads a file in a process of its own, which may crash, swell or hang without harm to ours."""

import json
import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from crm.kernel.confined import MEGABYTE, Ended, run
from crm.kernel.errors import DomainError
from prospects.directories.reading.limits import Limits
from prospects.directories.reading.sentences import sentence
from prospects.directories.reading.tables import Row, discard

_ROOT = Path(__file__).resolve().parents[3]


class UnreadableFile(DomainError):
    """The file is no table that can be read. `message` says why; `row` and `column` where, if known.

    `code` and `params` can be stored, and `sentences.sentence(code, params)` says the same again in another language.
    """

    code = "unreadable_file"

    def __init__(self, code: str, params: dict[str, Any] | None = None, *, row: int | None = None, column: str | None = None) -> None:
        self.params = {**(params or {}), "row": row, "column": column}
        super().__init__(sentence(code, self.params), code=code)
        self.row = row
        self.column = column


@dataclass(frozen=True, kw_only=True)
class ReadResult:
    """The facts of a table and the file that holds its rows; as a context manager it removes that file at the end.

    The meaning of the facts is that of `tables.Table`; `rows_path` holds one JSON list per line, the row number first.
    """

    name: str
    sheets: tuple[str, ...]
    sheet: str | None
    encoding: str | None
    delimiter: str | None
    header_row: int
    columns: tuple[str, ...]
    row_count: int
    rows_path: Path

    def rows(self) -> Iterator[Row]:
        """(row number in the file, cells), from the start each time it is called."""
        with self.rows_path.open(encoding="utf-8") as file:
            for line in file:
                number, *cells = json.loads(line)
                yield number, cells

    def discard(self) -> None:
        """Removes the file of rows."""
        discard(self.rows_path)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.discard()


def read_in_child(path: Path, name: str, sheet: str | None = None) -> ReadResult:
    """The table in the file at `path`, called `name` by its owner. UnreadableFile: it is refused; then nothing is left behind."""
    handle, rows_name = tempfile.mkstemp(prefix="rapport-rows-", suffix=".jsonl")
    os.close(handle)
    rows_path = Path(rows_name)
    try:
        answer = _answer(path, name, rows_path, sheet)
        if "refused" in answer:
            raise UnreadableFile(answer["refused"], answer["params"], row=answer["row"], column=answer["column"])
        return ReadResult(
            name=name,
            sheets=tuple(answer["sheets"]),
            sheet=answer["sheet"],
            encoding=answer["encoding"],
            delimiter=answer["delimiter"],
            header_row=answer["header_row"],
            columns=tuple(answer["columns"]),
            row_count=answer["row_count"],
            rows_path=rows_path,
        )
    except BaseException:
        discard(rows_path)
        raise


def _answer(path: Path, name: str, rows_path: Path, sheet: str | None) -> dict[str, Any]:
    limits = Limits()
    arguments = [str(path.resolve()), name, str(rows_path), *([sheet] if sheet is not None else [])]
    # Should openpyxl ever read here: with defusedxml, not with the parser that trafilatura brings.
    environment = {"OPENPYXL_LXML": "False"}
    try:
        said = run("prospects.directories.reading.child", arguments, root=_ROOT, seconds=limits.seconds, environment=environment)
    except Ended as ended:
        params = {
            "too_slow": {"limit": limits.seconds},
            "too_much_memory": {"limit": limits.memory_bytes // MEGABYTE},
            "crashed": {},
        }
        raise UnreadableFile(ended.code, params[ended.code]) from ended
    answer: dict[str, Any] = json.loads(said)
    return answer
