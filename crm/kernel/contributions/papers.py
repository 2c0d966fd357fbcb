"""What papers to clients may name."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from crm.kernel.errors import Sentence


@dataclass(frozen=True)
class PaperField:
    """A field that a template for clients may name. `klass` is "P" or "K" (domain 1.3): no other class can be offered at all.

    `value(subject)` is asked with the paper's language in force and gives plain text, empty where nothing is known. `samples` are values
    by language ("en", "zh-hant", "zh-hans") for previews. `lines`: a list, whose lines stay apart where the field stands on a line of its
    own; any other value becomes one line.
    """

    name: str
    label: Sentence
    klass: str
    value: Callable[[Any], str]
    samples: Mapping[str, str] = field(hash=False, compare=False)
    lines: bool = False

    def __post_init__(self) -> None:
        if self.klass not in ("P", "K"):
            raise ValueError(f"{self.name} is of class {self.klass}: only P and K may reach a client.")


@dataclass(frozen=True)
class PaperContext:
    """A purpose for which papers are written to clients, with the fields that its templates may name (domain 1.3, rule 1)."""

    code: str
    label: Sentence
    fields: tuple[PaperField, ...]
    order: int = 0
