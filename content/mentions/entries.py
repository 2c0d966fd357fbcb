"""The names of a company as a book takes them, and the patterns that each gives."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from functools import lru_cache
from typing import NamedTuple

from crm.kernel.names import is_chinese, split_scripts
from crm.kernel.names.legal import LEGAL_EN
from crm.kernel.text import HAN, fold

LEAST_LATIN, LEAST_HAN = 4, 2
_PLENTY = 12
LONGEST = 160
"""Characters of a pattern; a longer "name" is a sentence."""


class NameKind(StrEnum):
    """What a name is to the company: its legal name, a name that it goes by, one that it had, an exchange's short name, a stock code."""

    FULL = "full"
    ALIAS = "alias"
    FORMER = "former"
    SHORT = "short"
    CODE = "code"


@dataclass(frozen=True, slots=True)
class NameEntry:
    """One name of one company. A code is written so that its exchange is known: `HKEX:00005`, `600000.SH`, `NYSE:IBM`."""

    company_id: int
    name: str
    kind: NameKind | str


class Form(IntEnum):
    """How a pattern stands to a company, the surest first. From `BARE` on it is a name without legal form, which may be anybody's."""

    FULL = 0
    LISTED = 1
    BARE = 2
    SHORT = 3
    STRIPPED = 4


class Pattern(NamedTuple):
    """A folded name to look for; `legal` the words of the legal form that it lacks; `written` the spelling where case decides."""

    text: str
    form: Form
    legal: str = ""
    written: str = ""


GROUP_WORDS = frozenset({"holdings", "holding", "international", "enterprises", "enterprise"})
"""Words that are dropped like a legal form, and that yet tell one company of a family from another."""

_WORDS = "|".join(sorted({*LEGAL_EN, *GROUP_WORDS, "incorporated", "hldgs", "intl"}, key=len, reverse=True))
_PLACES = "hk|h\\.k\\.|hong kong|hongkong"
_DOTTED = r"p\.l\.c|l\.l\.c|l\.p|s\.a|n\.v|b\.v|a\.g|s\.p\.a"
_LEGAL_WORD = rf"(?:{_DOTTED}|{_WORDS})(?![a-z0-9])"
_END_EN = re.compile(rf"(?:[\s,.&/-]+|(?<=\)))(?:{_LEGAL_WORD}|\((?:{_PLACES}|{_WORDS}|class [a-z])\)|class [a-z])[\s,.]*$")
_LAST_WORDS = frozenset({*LEGAL_EN, *GROUP_WORDS, "incorporated", "hldgs", "intl"})
_BESIDE_WORDS = " ,.&/-"
_LONGEST_END_EN, _LONGEST_END_ZH = 48, 16
_TAIL_EN = re.compile(rf"(?:,? ?\(?{_LEGAL_WORD}\.?\)?)+")
_WORD = re.compile(r"[a-z]+")

_LEGAL_ZH = (
    "股份有限责任公司|有限责任股份公司|股份有限公司|有限责任公司|责任有限公司|无限公司|有限公司"
    "|集团公司|股份公司|(?<![分子总母])公司|集团|股份"
)
_END_ZH = re.compile(rf"(?:{_LEGAL_ZH}|控股|国际|实业|企业|\((?:香港|中国|集团|控股|国际|股份)\))$")
_LAST_ZH = ("公司", "集团", "股份", "控股", "国际", "实业", "企业", ")")
_NOTHING_OWN = re.compile(rf"(?:{_LEGAL_ZH}|控股|国际|实业|企业|[()\s])+")
_LEGAL_END_ZH = re.compile(rf"(?:{_LEGAL_ZH}|\((?:香港|中国)\))$")
_BRACKETS = re.compile(r"\(([^()]+)\)")
_FORM_WORD_ZH = re.compile("集团|股份|控股|国际|实业|企业")
_HAN = re.compile(f"[{HAN}]")
_ONE_SCRIPT = re.compile(f"[{HAN}][{HAN}()（）]*[{HAN})）]")
_LETTER = re.compile(r"[^\W_]")
_SHARE_CLASS = re.compile(r"\s*\(class [a-z]\)$")


def patterns(name: str, kind: NameKind) -> Iterator[Pattern]:
    """The patterns of one name, each once: as written, with brackets opened, and ever shorter without what stands at its end.

    A name in two scripts gives the patterns of both. Nothing is stripped to under 4 Latin or 2 Chinese characters; a name that is given
    so short is taken where it is written with the very same letters.
    """
    if kind is NameKind.CODE:
        return
    for part in _parts(name):
        folded = " ".join(fold(part).split())
        if folded.endswith(")"):
            folded = _SHARE_CLASS.sub("", folded)
        if (len(folded) >= _PLENTY or len(_LETTER.findall(folded)) >= 2) and len(folded) <= LONGEST:
            yield from _of_part(part, folded, kind)


def _parts(name: str) -> tuple[str, ...]:
    """The parts of a name in two scripts; "3M 公司" is one, since 公司 alone names nobody."""
    if name.isascii() or _ONE_SCRIPT.fullmatch(name) or not is_chinese(name):
        return (name,)
    english, chinese = split_scripts(name)
    return (name,) if _NOTHING_OWN.fullmatch(fold(chinese)) else (english, chinese)


def _of_part(part: str, folded: str, kind: NameKind) -> Iterator[Pattern]:
    shorter = dict(_stripped(folded))
    form = _form(folded, kind)
    yield Pattern(folded, form, "", "" if is_long_enough(folded) else " ".join(part.split()))
    if "(" in folded:
        opened = " ".join(_BRACKETS.sub(r"\1" if is_chinese(folded) else r" \1 ", folded).split())
        yield Pattern(opened, form)
        for text, legal in _stripped(opened):
            shorter.setdefault(text, legal)
    yield from (Pattern(text, Form.STRIPPED, legal) for text, legal in shorter.items())


def _form(folded: str, kind: NameKind) -> Form:
    if kind is NameKind.ALIAS:
        return Form.LISTED
    if has_legal_form(folded):
        return Form.FULL
    return Form.SHORT if kind is NameKind.SHORT else Form.BARE


def _stripped(folded: str) -> Iterator[tuple[str, str]]:
    """(shorter, what was taken off as normalised words), from the right, as long as enough remains."""
    end_of = _end_of_chinese if _HAN.search(folded) else _end_of_english
    text = folded
    while (end := end_of(text)) >= 0:
        text = _without_joints(text[:end])
        if not is_long_enough(text):
            return
        yield text, lacking_words(folded[len(text) :])
    if text.startswith("the ") and is_long_enough(text[4:]):
        yield text[4:], lacking_words(folded[len(text) :])


def _end_of_chinese(text: str) -> int:
    """Where the words of a company's form begin that a folded Chinese name ends with; -1 where it does not."""
    match = _END_ZH.search(text, max(0, len(text) - _LONGEST_END_ZH)) if text.endswith(_LAST_ZH) else None
    return match.start() if match else -1


def _end_of_english(text: str) -> int:
    """The same for an English one. The last word is looked at first: most often it tells."""
    tail = text.rstrip(" ,.")
    start = tail.rfind(" ") + 1
    word = tail[start:]
    if word in _LAST_WORDS:
        return start or -1
    if len(word) > 1 and word.isalnum():
        return -1
    match = _END_EN.search(text, max(0, len(text) - _LONGEST_END_EN))
    return match.start() if match else -1


def _without_joints(text: str) -> str:
    """A folded name without the signs and the "and" that its end was joined by."""
    while (shorter := text.rstrip(_BESIDE_WORDS).removesuffix(" and")) != text:
        text = shorter
    return text


def is_long_enough(folded: str) -> bool:
    """At least 4 Latin or 2 Chinese characters, or as much of both together."""
    if len(folded) >= _PLENTY:
        return True
    han = len(_HAN.findall(folded))
    return 2 * han + len(_LETTER.findall(folded)) - han >= LEAST_LATIN


def has_legal_form(folded: str) -> bool:
    """Whether a folded name ends with the words of a company: such a name is nobody else's and no common word."""
    if _HAN.search(folded):
        return folded.endswith(_LAST_ZH) and _LEGAL_END_ZH.search(folded, max(0, len(folded) - _LONGEST_END_ZH)) is not None
    return _end_of_english(folded) >= 0


@lru_cache(maxsize=4_096)
def lacking_words(ending: str) -> str:
    """The words of a company's form in the end of a name, each once: English in one spelling, of Chinese those that tell sisters apart."""
    return " ".join(sorted(set(_FORM_WORD_ZH.findall(ending)))) if _HAN.search(ending) else legal_words(ending)


@lru_cache(maxsize=4_096)
def legal_words(ending: str) -> str:
    """The end of an English name in one spelling: " Co., Ltd." -> "company limited"."""
    return " ".join(filter(None, (LEGAL_EN.get(word, word) for word in _WORD.findall(ending.replace(".", "")) if word != "and")))


def legal_tail(folded: str, end: int) -> str:
    """The normalised legal words that follow `end` in a folded text; "" where none do."""
    match = _TAIL_EN.match(folded, end)
    return legal_words(match[0]) if match else ""
