"""The sections of domain 6.5: what they are called and what belongs into them, in three languages."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.utils.translation import get_language

ADVERSE, VISITS, MARKET, GROUP, BANKING, REPAYMENT, FIGURES = 13, 17, 3, 5, 6, 8, 9


@dataclass(frozen=True)
class SectionKind:
    """One section; `models` says whether it stands in the application (A), the fact sheet (B), or both."""

    code: int
    models: str
    en: str
    hant: str
    hans: str
    guide_en: str
    guide_hant: str
    guide_hans: str

    @property
    def title(self) -> str:
        """In the reader's language."""
        return {"zh-hant": self.hant, "zh-hans": self.hans}.get(get_language() or "en", self.en)

    @property
    def guide(self) -> str:
        """What belongs into it, in the reader's language."""
        return {"zh-hant": self.guide_hant, "zh-hans": self.guide_hans}.get(get_language() or "en", self.guide_en)


@cache
def section_kinds() -> dict[int, SectionKind]:
    """All sections by code, in order."""
    text = Path(__file__).with_name("sections.toml").read_text(encoding="utf-8")
    return {row["code"]: SectionKind(**row) for row in tomllib.loads(text)["section"]}


def kinds_for(authorship: str) -> list[SectionKind]:
    """Those of the application (A) or of the fact sheet (B)."""
    return [kind for kind in section_kinds().values() if authorship in kind.models]
