"""Chooses rows of a directory by the value of one column: "Category=Equity", "Board!=GEM,Main Board"."""

import csv
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Self

from django.utils.translation import gettext_lazy as _

from crm.kernel.errors import RuleBroken
from crm.kernel.text import fold
from prospects.directories.headings import folded


class BadCondition(RuleBroken):
    """The condition cannot be understood, or names a column that the file does not have."""

    code = "bad_condition"


@dataclass(frozen=True)
class Condition:
    """Rows whose `column` holds one of `values` (none of them if `negated`), whatever the case and width of the letters."""

    column: str
    values: frozenset[str]
    negated: bool = False

    @classmethod
    def parse(cls, text: str) -> Self:
        """The condition written as COLUMN=VALUE or COLUMN!=VALUE, several values divided by commas, quoted where they hold one.

        An empty value means an empty cell. BadCondition: there is no sign or no column.
        """
        column, sign, values = text.partition("=")
        negated = column.endswith("!")
        column = column.removesuffix("!").strip()
        if not sign or not column:
            raise BadCondition(_("“%(text)s” is no condition. Write COLUMN=VALUE, for example Category=Equity.") % {"text": text})
        parts = next(csv.reader([values], skipinitialspace=True)) or [""]
        return cls(column, frozenset(_compared(part) for part in parts), negated)

    def __str__(self) -> str:
        return f"{self.column}{'!=' if self.negated else '='}{','.join(sorted(self.values))}"

    def on(self, columns: Sequence[str]) -> Callable[[Sequence[str]], bool]:
        """The test for rows of a table with these columns. BadCondition: none of them is the one meant; the sentence names them all."""
        wanted = folded(self.column)
        index = next((index for index, column in enumerate(columns) if column == self.column), None)
        if index is None:
            index = next((index for index, column in enumerate(columns) if folded(column) == wanted), None)
        if index is None:
            raise BadCondition(
                _("There is no column “%(column)s”. The columns are: %(columns)s.") % {"column": self.column, "columns": ", ".join(columns)}
            )
        place, values, negated = index, self.values, self.negated
        return lambda row: (_compared(row[place] if place < len(row) else "") in values) != negated


def _compared(value: str) -> str:
    return " ".join(fold(value).split())
