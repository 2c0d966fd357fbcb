"""A kept list in the reader's words: sections by their source's label, notes by its words."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from credit.handovers.parts import sources
from crm.kernel.contributions import WorkKind, of
from crm.kernel.errors import Sentence


@dataclass(frozen=True)
class Row:
    """One open thing."""

    label: str
    due_on: dt.date | None
    note: Sentence


@dataclass(frozen=True)
class Section:
    """What one source had open."""

    code: str
    label: Sentence
    rows: list[Row]


def shown(told: Mapping[str, Any]) -> list[Section]:
    """The sections of a list, those of features that are gone under their code."""
    known = {source.code: source for source in sources()}
    kinds = {kind.kind: kind.label for kind in of(WorkKind)}
    found = []
    for section in told["sections"]:
        source = known.get(section["code"])
        words = {**kinds, **(source.notes if source else {})}
        rows = [Row(row["label"], _day(row["due_on"]), words.get(row["note"], "")) for row in section["rows"]]
        found.append(Section(section["code"], source.label if source else section["code"], rows))
    return found


def _day(told: str | None) -> dt.date | None:
    return dt.date.fromisoformat(told) if told else None
