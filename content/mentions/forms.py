"""The forms in which papers write a company's name: whole, without its legal form, without what many names end in; and stock codes."""

import re
from collections.abc import Iterator
from functools import cache
from math import log10

from wordfreq import get_frequency_dict

from content.mentions.values import NameEntry
from crm.kernel.names import core_name, is_chinese, legal_form
from crm.kernel.names.legal import english_words, folded_name
from crm.kernel.names.vocabulary import GENERIC_EN, GENERIC_ZH, LEADING_PLACE, PLACES_EN
from crm.kernel.text import fold

SHORTEST_LATIN, SHORTEST_HAN = 4, 2
_SHORTEST_CODE_NAME = 2

# What a name may lose from its end, again and again (search.md, section 2). The core of `crm.kernel.names` has lost its legal form already.
_ENDS_EN = frozenset(
    {"holdings", "holding", "group", "international", "enterprises", "enterprise", "company", "corporation", "hk", "hldgs"}
)
_ENDS_ZH = re.compile("(?:集团|控股|股份|国际|实业|企业|公司|有限)$")
_END_EN = re.compile(
    r"(?:[\s,]+|\s*\()(?:limited|ltd|co|company|inc|incorporated|corp|corporation|plc|llc|holdings?|group|international|enterprises?"
    r"|hk|hong kong|s\.?a|n\.?v|a\.?g|&|and)\.?\)?\.?$"
)
_HOME_ZH = re.compile(r"[((](?:香港|中国)[))]")
_CLASS_ZH = re.compile(r"[-－]?(?:s?w|b|ddr|ky|r)$")

# How often a word stands in a language (wordfreq: lists of words at least once in a million, by frequency), as its Zipf value: the power
# of ten of its times in a thousand million words. "today" has 5.6, "apple" 4.8, "ferguson" 3.9, "hsbc" 3.1.
_COMMON_SHORTENED, _COMMON_ALIAS = 3.3, 3.5


@cache
def _common_words() -> dict[str, float]:
    """English and Chinese words, folded, with their Zipf value."""
    words: dict[str, float] = {}
    for language in ("en", "zh"):
        for word, share in get_frequency_dict(language, wordlist="small").items():
            words[fold(word)] = max(words.get(fold(word), 0.0), log10(share) + 9)
    return words


_SUFFIXES = {"HKEX": ("hk",), "SSE": ("sh", "ss"), "SZSE": ("sz",), "BSE": ("bj",), "TWSE": ("tw",), "TPEX": ("two",)}
_MARKETS = {
    "HKEX": ("hkex", "sehk", "hkg", "hk"),
    "SSE": ("sse", "sha", "sh"),
    "SZSE": ("szse", "she", "sz"),
    "TWSE": ("twse", "tpe"),
    "TPEX": ("tpex",),
    "US": ("nasdaq", "nyse", "nasdaqgs", "amex"),
}
_MARKS_ZH = ("股份代号", "股票代码", "股份代码", "股票代号", "证券代码", "stock code")


def is_latin(character: str) -> bool:
    """A letter or digit that must not be followed by another where a name ends with it."""
    return character.isascii() and character.isalnum()


def long_enough(name: str) -> bool:
    """Not under two Chinese or four Latin characters."""
    return len(name) >= (SHORTEST_HAN if is_chinese(name) else SHORTEST_LATIN)


def has_legal_form(name: str) -> bool:
    """It says "Limited" or 公司: nothing else is called so."""
    return bool(legal_form(name))


def whole(entry: NameEntry) -> str:
    """The name as it is held, folded. A listed alias may be short ("TVB"), a single letter not."""
    folded = folded_name(entry.name)
    return folded if len(folded) >= _SHORTEST_CODE_NAME else ""


def shortened(entry: NameEntry) -> Iterator[str]:
    """Each shorter form of a name, folded, from the longest: without its legal form, then without what many names end in."""
    folded = folded_name(entry.name)
    core = core_name(entry.name)
    steps = _chinese_steps(folded, core) if is_chinese(folded) else _english_steps(folded, core)
    seen = {folded}
    for step in steps:
        if step not in seen and long_enough(step):
            seen.add(step)
            yield step


def _english_steps(folded: str, core: str) -> Iterator[str]:
    """As written, with its marks ("a.s. watson & co"), then as words; each shortened from the right."""
    written = folded
    for _ in range(8):
        shorter = _END_EN.sub("", written).rstrip(" ,")
        if shorter == written or not shorter:
            break
        written = shorter
        yield written
    words = core.split()
    yield core
    while len(words) > 1 and words[-1] in _ENDS_EN:
        words.pop()
        yield " ".join(words)


def _chinese_steps(folded: str, core: str) -> Iterator[str]:
    yield _HOME_ZH.sub("", folded)
    short = _CLASS_ZH.sub("", core)
    yield core
    yield short
    for _ in range(6):
        shorter = _ENDS_ZH.sub("", short)
        if shorter == short:
            break
        short = shorter
        yield short
    place = LEADING_PLACE.match(short)
    if place and place.end() and len(short) - place.end() >= 4:
        yield short[place.end() :]


def is_common(name: str, *, held: bool) -> bool:
    """A word of every day; or several that say only what a company does and where. A name that is `held` as such may be more usual."""
    if _common_words().get(name, 0.0) >= (_COMMON_ALIAS if held else _COMMON_SHORTENED):
        return True
    if is_chinese(name):
        return LEADING_PLACE.fullmatch(name) is not None or GENERIC_ZH.fullmatch(name) is not None
    return all(word in GENERIC_EN or word in PLACES_EN for word in english_words(name))


def is_slight(name: str) -> bool:
    """Two Chinese characters that are left of a name: they stand inside other words and people's names all the time."""
    return len(name) == SHORTEST_HAN and is_chinese(name)


def codes(entry: NameEntry) -> Iterator[str]:
    """How papers mark a stock code, folded: "0005.hk", "sehk: 5", "(00005)", "股份代号:5"; never a bare number."""
    exchange, _colon, code = entry.name.partition(":")
    code = code.lower()
    plain = code.lstrip("0") or code
    written = sorted({code, plain, plain.zfill(4), plain.zfill(5)}) if exchange == "HKEX" else [code]
    for number in written:
        for suffix in _SUFFIXES.get(exchange, ()):
            yield f"{number}.{suffix}"
        for market in _MARKETS.get(exchange, ()):
            yield f"{market}:{number}"
            yield f"{market}: {number}"
        if exchange != "US":
            for mark in _MARKS_ZH:
                yield f"{mark}:{number}"
                yield f"{mark}: {number}"
    # In brackets alone only what looks like nothing else: five digits with a leading nought, six digits of the mainland.
    if (exchange == "HKEX" and len(code) == 5 and code.startswith("0")) or (exchange in ("SSE", "SZSE") and len(code) == 6):
        yield f"({code})"
