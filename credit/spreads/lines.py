"""The lines of a statement: their codes, their names in three scripts, and by which labels a file calls them."""

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.utils.translation import get_language

from crm.kernel.text import fold

_NOISE = re.compile(r"[\s,，、.．:：;；'’‘\"“”()（）\[\]【】/／\-–—－_*#]+")
_CONCEPT = re.compile(r"(?:[A-Z][a-z]+){2,}[A-Za-z]*|Assets|Liabilities|Revenues")
_LEADING = re.compile(
    r"^(?:[一二三四五六七八九十]{1,3}|[ivx]{1,4}|\d{1,2}|[a-z])[、.．)）]\s*|^(?:其中|加|减|減|less|add|of which)[:：]\s*", re.IGNORECASE
)


@dataclass(frozen=True)
class Line:
    """A line: `whole` is the sub-total that it is part of; `is_expense` and `is_outflow` are kept as positive amounts."""

    code: str
    statement: str
    names: tuple[str, str, str]
    also: tuple[str, ...]
    whole: str
    is_total: bool
    is_expense: bool
    is_outflow: bool

    @property
    def name(self) -> str:
        """In the reader's language."""
        return self.names[{"zh-hant": 1, "zh-hans": 2}.get(get_language() or "en", 0)]


@cache
def lines() -> dict[str, Line]:
    """All lines by code, in the order in which they are shown."""
    text = (Path(__file__).parent / "lines.toml").read_text(encoding="utf-8")
    return {
        item["code"]: Line(
            item["code"],
            item["statement"],
            tuple(item["names"]),
            tuple(item.get("also", ())),
            item.get("in", ""),
            item.get("total", False),
            item.get("expense", False),
            item.get("outflow", False),
        )
        for item in tomllib.loads(text)["line"]
    }


@cache
def parts() -> dict[str, tuple[str, ...]]:
    """The lines that a sub-total consists of, by its code."""
    found: dict[str, list[str]] = {}
    for line in lines().values():
        if line.whole:
            found.setdefault(line.whole, []).append(line.code)
    return {whole: tuple(codes) for whole, codes in found.items()}


def key_of(label: str) -> str:
    """A label as it is compared: width, case, script, blanks and marks folded; numbering and “of which” taken off."""
    text = unicodedata.normalize("NFKC", label).strip()
    text = _LEADING.sub("", text).strip() or text
    return _NOISE.sub("", fold(text))


@cache
def _codes() -> dict[str, str]:
    found: dict[str, str] = {}
    for line in lines().values():
        for label in (*line.names, *line.also):
            found.setdefault(key_of(label), line.code)
    return found


@cache
def _concepts() -> dict[str, str]:
    return {label: line.code for line in lines().values() for label in line.also if _CONCEPT.fullmatch(label)}


def code_of(label: str) -> str:
    """The code of the line that a file calls by this label; empty where none is known.

    A taxonomy's concept (InventoryNet) means exactly one thing, so it is not folded: NoncurrentAssets is not AssetsNoncurrent.
    """
    if _CONCEPT.fullmatch(label):
        return _concepts().get(label, "")
    return _codes().get(key_of(label), "")
