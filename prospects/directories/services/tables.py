"""Reads a file into what an import keeps of it: columns, first rows, what the columns seem to mean. Touches no table of ours."""

from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from crm.kernel.errors import RuleBroken
from prospects.directories.mapping import Mapping, propose
from prospects.directories.reading.guarded import ReadResult, read_in_child

SAMPLE = 20
_PROPOSE_FROM = 200
_FEW_VALUES = 12
_VALUE_LENGTH = 60


@dataclass(frozen=True, slots=True)
class ReadTable:
    """A file as it was read. `sample` and `choices` as in `Import`; `proposed` is what its columns seem to mean."""

    path: Path
    name: str
    sheets: tuple[str, ...]
    sheet: str
    columns: tuple[str, ...]
    row_count: int
    sample: list[tuple[int, list[str]]]
    choices: dict[str, list[str]]
    proposed: Mapping


def read_table(path: Path, name: str, *, sheet: str = "", source_name: str = "") -> ReadTable:
    """The table in the file. UnreadableFile: it is refused, and nothing is left behind. May take 30 seconds: never in a transaction."""
    with read_in_child(path, name, sheet or None) as result:
        return described(result, path, source_name)


def described(result: ReadResult, path: Path, source_name: str) -> ReadTable:
    """What an import keeps of a table. The names of file and source may tell the exchange."""
    head: list[tuple[int, list[str]]] = []
    values: dict[int, set[str]] = defaultdict(set)
    watched = set(range(len(result.columns)))
    for number, cells in result.rows():
        if len(head) < _PROPOSE_FROM:
            head.append((number, cells))
        for index in tuple(watched):
            values[index].add(cells[index])
            if len(values[index]) > _FEW_VALUES or len(cells[index]) > _VALUE_LENGTH:
                watched.discard(index)
    return ReadTable(
        path=path,
        name=result.name,
        sheets=result.sheets,
        sheet=result.sheet or "",
        columns=result.columns,
        row_count=result.row_count,
        sample=head[:SAMPLE],
        choices={result.columns[index]: sorted(values[index]) for index in sorted(watched) if len(values[index]) > 1},
        proposed=propose(result.columns, [cells for _, cells in head], f"{result.name} {source_name}"),
    )


def require_name(mapping: Mapping) -> None:
    """RuleBroken where no column names a company."""
    if not mapping.has_name:
        raise RuleBroken(_("No column names a company. Say which one does."), code="no_name_column")
