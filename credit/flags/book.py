"""The book of red flags: what each code is called and asks for, in three languages (domain 7.4)."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.utils.functional import lazystr
from django.utils.translation import get_language

from credit.flags.choices import COMPOSITE
from crm.kernel.errors import Sentence


@dataclass(frozen=True)
class Entry:
    """One code. `severity` is the first figure; the policy table holds what stands. `hushed`: hidden from who could warn the client.

    `worst`: what whoever raises it may make of it (RF-35: a winding-up petition is critical; RF-41: the third waiver is high).
    `legal`: the legal department is called in.
    """

    code: str
    severity: str
    origin: str
    hushed: bool
    names: tuple[str, str, str]
    actions: tuple[str, str, str]
    worst: str = ""
    legal: bool = False

    @property
    def name(self) -> str:
        """In the reader's language."""
        return _said(self.names)

    @property
    def action(self) -> str:
        """What is to be done, in the reader's language."""
        return _said(self.actions)

    @property
    def label(self) -> Sentence:
        """The code and the name, said when it is read."""
        return lazystr(_Label(self))


class _Label:
    def __init__(self, entry: Entry) -> None:
        self.entry = entry

    def __str__(self) -> str:
        return f"{self.entry.code} {self.entry.name}"


def _said(texts: tuple[str, str, str]) -> str:
    return dict(zip(("en", "zh-hant", "zh-hans"), texts, strict=True)).get(get_language() or "en", texts[0])


@cache
def entries() -> dict[str, Entry]:
    """All codes in the order of the book, the composite one last."""
    read = tomllib.loads(Path(__file__).with_name("flags.toml").read_text(encoding="utf-8"))
    return {
        code: Entry(
            code,
            row["severity"],
            row["origin"],
            row.get("hushed", False),
            (row["en"], row["hant"], row["hans"]),
            (row["action_en"], row["action_hant"], row["action_hans"]),
            row.get("worst", ""),
            row.get("legal", False),
        )
        for code, row in read.items()
    }


@cache
def raisable() -> tuple[str, ...]:
    """The 45 codes that people may raise."""
    return tuple(code for code in entries() if code != COMPOSITE)


@cache
def hushed() -> tuple[str, ...]:
    """Codes of which nothing may reach who could warn the client."""
    return tuple(code for code, entry in entries().items() if entry.hushed)
