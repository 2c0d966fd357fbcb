"""The kinds of facilities of domain 6.2: what they are called in three languages, and which papers go with them."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.utils.functional import lazystr
from django.utils.translation import get_language

from crm.kernel.errors import Sentence

COMMITTED, UNCOMMITTED, OUTSIDE, CLOSED = "committed", "uncommitted", "outside", "closed"


@dataclass(frozen=True)
class FacilityType:
    """One kind of facility. `stands` is how it counts unless a policy figure says otherwise; `papers` are groups of domain 6.4."""

    code: str
    jurisdiction: str
    stands: str
    papers: tuple[str, ...]
    caps: bool
    en: str
    hant: str
    hans: str

    @property
    def name(self) -> str:
        """In the reader's language."""
        return {"zh-hant": self.hant, "zh-hans": self.hans}.get(get_language() or "en", self.en)

    @property
    def label(self) -> Sentence:
        """The name, said when it is read."""
        return lazystr(_Name(self))


class _Name:
    def __init__(self, kind: FacilityType) -> None:
        self.kind = kind

    def __str__(self) -> str:
        return self.kind.name


@cache
def facility_types() -> dict[str, FacilityType]:
    """All types by code, in the order of the file."""
    text = Path(__file__).with_name("facility_types.toml").read_text(encoding="utf-8")
    found = {}
    for row in tomllib.loads(text)["type"]:
        found[row["code"]] = FacilityType(**row | {"papers": tuple(row["papers"]), "caps": row.get("caps", False)})
    return found


def name_of(code: str) -> str:
    """What a type is called; its code where it is none of ours any more."""
    kind = facility_types().get(code)
    return kind.name if kind else code
