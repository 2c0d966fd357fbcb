"""The mapping: which column of a source tells us what."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Self

from prospects.directories.headings import OFFICERS, Field, folded

SEVERAL = frozenset({Field.SHORT_NAME, Field.FORMER_NAME, *OFFICERS})
"""Fields that more than one column may feed; of the others the first column counts."""

_VERSION = 1


def fingerprint_of(columns: Sequence[str]) -> str:
    """Tells headers apart, whatever their case, width and punctuation: the key under which a source's mapping is remembered."""
    return hashlib.sha256("\x1f".join(folded(column) or column for column in columns).encode()).hexdigest()[:32]


@dataclass(frozen=True)
class Mapping:
    """Which of our fields each column feeds. A column that is not in `fields` is ignored.

    `exchange` is the scope of stock codes that name none; "" tells it from the shape of each code (00700, 600000, AAPL) and leaves out
    codes of which that says nothing. `day_first` says how 01/03/2023 is read.
    """

    columns: tuple[str, ...]
    fields: dict[str, Field] = field(default_factory=dict)
    exchange: str = ""
    day_first: bool = True

    @cached_property
    def fingerprint(self) -> str:
        """Of the header, not of the choices."""
        return fingerprint_of(self.columns)

    @cached_property
    def places(self) -> dict[Field, tuple[int, ...]]:
        """The positions of the columns that feed each field, left to right."""
        places: dict[Field, tuple[int, ...]] = {}
        for index, column in enumerate(self.columns):
            fed = self.fields.get(column)
            if fed and (fed in SEVERAL or fed not in places):
                places[fed] = (*places.get(fed, ()), index)
        return places

    @property
    def has_name(self) -> bool:
        """Whether any column names a company: without one no row can be taken."""
        return bool(self.places.keys() & {Field.NAME_EN, Field.NAME_ZH, Field.NAME, Field.SHORT_NAME})

    def fits(self, columns: Sequence[str]) -> bool:
        """Whether a file with this header can be read by this mapping."""
        return fingerprint_of(columns) == self.fingerprint

    def on(self, columns: Sequence[str]) -> Self:
        """The same choices for a file whose header is spelt a little differently. ValueError: it is another header."""
        if not self.fits(columns):
            raise ValueError("another header")
        names = dict(zip(self.columns, columns, strict=True))
        return replace(self, columns=tuple(columns), fields={names[column]: fed for column, fed in self.fields.items()})

    def to_json(self) -> str:
        """For keeping with the source."""
        body = {"version": _VERSION, "columns": self.columns, "fields": self.fields, "exchange": self.exchange, "day_first": self.day_first}
        return json.dumps(body, ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """What `to_json` wrote. ValueError: it is something else."""
        body: dict[str, Any] = json.loads(text)
        if body.get("version") != _VERSION:
            raise ValueError("a mapping of another version")
        return cls(
            columns=tuple(body["columns"]),
            fields={column: Field(fed) for column, fed in body["fields"].items() if column in body["columns"]},
            exchange=body["exchange"],
            day_first=body["day_first"],
        )
