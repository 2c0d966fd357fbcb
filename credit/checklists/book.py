"""The book of papers: what each code is called in three languages, and which codes go with whom and what (domain 6.3, 6.4)."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.functional import lazystr
from django.utils.translation import get_language

from crm.kernel.errors import Sentence


@dataclass(frozen=True)
class Paper:
    """One code: its heading, whether the client brings it, which term of validity it has, and what it is called."""

    code: str
    group: str
    source: str
    valid: str
    en: str
    hant: str
    hans: str

    @property
    def name(self) -> str:
        """In the reader's language."""
        return {"zh-hant": self.hant, "zh-hans": self.hans}.get(get_language() or "en", self.en)

    @property
    def label(self) -> Sentence:
        """The code and the name, said when it is read."""
        return lazystr(_Label(self))

    @property
    def from_client(self) -> bool:
        """A letter to the client may ask for it."""
        return self.source == "client"


class _Label:
    def __init__(self, paper: Paper) -> None:
        self.paper = paper

    def __str__(self) -> str:
        return f"{self.paper.code} {self.paper.name}"


@cache
def _file() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("items.toml").read_text(encoding="utf-8"))


@cache
def papers() -> dict[str, Paper]:
    """All papers by code, in the order of the book."""
    return {
        code: Paper(code, row["group"], row["source"], row.get("valid", ""), row["en"], row["hant"], row["hans"])
        for code, row in _file()["item"].items()
    }


@cache
def _places() -> dict[str, int]:
    return {code: place for place, code in enumerate(papers())}


def place(code: str) -> int:
    """Where a code stands in the book; unknown ones come last."""
    return _places().get(code, len(_places()))


def name_of(code: str) -> str:
    """What a paper is called; its code where the book knows it no more."""
    paper = papers().get(code)
    return paper.name if paper else code


def called(row: Mapping[str, Any]) -> str:
    """What the paper of a sealed version's row is called: its own words where it brought some, else the book's."""
    own = row.get("called")
    return str(own.get(get_language() or "en") or own["en"]) if own else name_of(row["code"])


def _span(text: str) -> list[str]:
    first, _dash, last = text.partition("-")
    letter = first[0]
    return [f"{letter}{number:02d}" for number in range(int(first[1:]), int((last or first)[1:]) + 1)]


def codes(kind: str, key: str) -> list[str]:
    """The codes that go with a key of a table of the file ("facility", "trade"); none for a key that is not there."""
    found = _file()[kind].get(key, "")
    return list(found) if isinstance(found, list) else _span(found) if found else []


def common(jurisdiction: str, client_types: Iterable[str]) -> list[str]:
    """What the borrower brings, by jurisdiction and by what it is."""
    kinds = list(client_types)
    without = {code for kind in kinds for code in codes("without", kind)} if set(kinds) <= set(_file()["without"]) else set()
    return [
        *(code for code in codes("common", jurisdiction) if code not in without),
        *(code for kind in kinds for code in codes("borrower", kind)),
    ]
