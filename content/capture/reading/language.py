"""Which of the bank's three languages a text is in, by counting scripts."""

import re
from dataclasses import dataclass
from functools import cache

import opencc

from crm.kernel.text import HAN

_HAN = re.compile(f"[{HAN}]")
_LATIN = re.compile("[A-Za-z]+")
_OTHER = re.compile("[\u0370-\u1fff\u3041-\u30fa\uac00-\ud7a3]")
_FEW = 0.1
"""Share from which another script makes a text foreign: Chinese papers quote Japanese and Russian names."""
_SAMPLE = 5_000

# A Chinese character says about as much as this many Latin words.
_WORDS_OF_A_CHARACTER = 0.6


@dataclass(frozen=True)
class _Scripts:
    traditional: frozenset[str]
    simplified: frozenset[str]


@cache
def _scripts() -> _Scripts:
    """The characters that exist only in traditional and only in simplified writing, by OpenCC's tables.

    Those that both scripts use (后, 里, 干) are told by the character sets of the two: GB 2312, and the first level of Big5.
    """
    characters = [chr(code) for code in range(0x4E00, 0xA000)]
    lines = "\n".join(characters)
    to_simplified = opencc.OpenCC("t2s").convert(lines).split("\n")
    to_traditional = opencc.OpenCC("s2t").convert(lines).split("\n")
    traditional = {one for one, other in zip(characters, to_simplified, strict=True) if one != other and not _in_gb2312(one)}
    simplified = {one for one, other in zip(characters, to_traditional, strict=True) if one != other and not _in_common_big5(one)}
    return _Scripts(frozenset(traditional - simplified), frozenset(simplified - traditional))


def _in_gb2312(character: str) -> bool:
    return bool(character.encode("gb2312", errors="ignore"))


def _in_common_big5(character: str) -> bool:
    return b"\xa4\x40" <= character.encode("big5", errors="ignore") <= b"\xc6\x7e"


def language_of(text: str) -> str:
    """`en`, `zh-hant`, `zh-hans`, or an empty string: another language, or too little to tell (both scripts write 中文 alike)."""
    sample = text[:_SAMPLE]
    han, words, other = len(_HAN.findall(sample)), len(_LATIN.findall(sample)), len(_OTHER.findall(sample))
    if other > (han + words + other) * _FEW:
        return ""
    if han * _WORDS_OF_A_CHARACTER >= words and han:
        scripts = _scripts()
        traditional = sum(character in scripts.traditional for character in sample)
        simplified = sum(character in scripts.simplified for character in sample)
        if traditional == simplified:
            return ""
        return "zh-hant" if traditional > simplified else "zh-hans"
    return "en" if words and _is_english(sample) else ""


_ACCENTED = re.compile("[\u00c0-\u024f]")
_ENGLISH = re.compile(
    r"\b(?:the|of|and|to|in|a|is|for|on|that|with|as|at|by|from|its|said|was|be|it|are|has|after|over|up)\b", re.IGNORECASE
)
_SHORT = 25
"""Up to this many words, as in a headline, Latin letters without accents are taken for English."""
_ENGLISH_SHARE = 0.12
_ENGLISH_SHARE_OF_FIGURES = 0.03
"""In a text without any accent, as tables of results are: "Shr loss six cts vs profit 19 cts"."""


def _is_english(sample: str) -> bool:
    words = len(_LATIN.findall(sample))
    has_accents = _ACCENTED.search(sample) is not None
    if words <= _SHORT:
        return not has_accents
    return len(_ENGLISH.findall(sample)) >= words * (_ENGLISH_SHARE if has_accents else _ENGLISH_SHARE_OF_FIGURES)
