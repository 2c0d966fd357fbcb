"""The keys under which a company is found: while somebody types, and while a list is compared with the companies held."""

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import chain

from crm.kernel import pinyin
from crm.kernel.names.legal import core_name, english_words, folded_name, without_legal_form
from crm.kernel.names.vocabulary import ABBREVIATIONS, GENERIC_EN, GENERIC_ZH, LEADING_PLACE, PLACES_EN
from crm.kernel.text import HAN, has_han

KEY_LENGTH = 40
MAX_KEYS = 12
LATER = frozenset({"word", "suffix"})
"""The kinds of keys that begin in the middle of a name."""

_NOT_WORD = re.compile(r"[\W_]+")
_HAN_RUN = re.compile(f"[{HAN}]+")
_MOVABLE = re.compile(rf"\(([{HAN}]+)\)")
_RANK = re.compile(rf"(?<=[{HAN}]{{2}})[市省](?![场政值民])")
_SMALL_WORDS = frozenset({"and", "of", "the", "in", "for"})


@lru_cache(maxsize=4_096)
def typed_key(typed: str) -> str:
    """What somebody typed into a find box, in the form of the keys below; look it up as a prefix."""
    folded = folded_name(typed)
    if has_han(folded):
        return _NOT_WORD.sub("", folded)[:KEY_LENGTH]
    return " ".join(english_words(folded))[:KEY_LENGTH]


def search_keys(name: str) -> list[tuple[str, str]]:
    """(kind, key) pairs under which a name is found by prefix while it is typed: at most 12, each of at most 40 characters.

    Kinds: `full` the folded name, also without 市 and 省 or without blanks; `initials` pinyin initials, also without the leading place
    ("szydfz", "ydfz"), or the first letters of English words; `pinyin` the whole reading; `word` the rest from each later Latin word on;
    `suffix` the rest from each later Chinese character on. Look them up with `typed_key(what was typed)`.
    """
    folded = folded_name(name)
    if not folded:
        return []
    candidates = _chinese_keys(name, folded) if has_han(folded) else _english_keys(name, folded)
    keys: list[tuple[str, str]] = []
    for kind, key in candidates:
        cut = key[:KEY_LENGTH].rstrip()
        if cut and not any(held.startswith(cut) for _, held in keys):
            keys.append((kind, cut))
    return keys[:MAX_KEYS]


def _english_keys(name: str, folded: str) -> Iterator[tuple[str, str]]:
    words = english_words(folded)
    core = [word for word in core_name(name).split() if word not in _SMALL_WORDS]
    yield "full", " ".join(words)
    yield "full", "".join(words)
    if len(core) > 1:
        yield "initials", "".join(word[0] for word in core)
    for start, word in enumerate(words):
        if start and word in core:
            yield "word", " ".join(words[start:])


def _chinese_keys(name: str, folded: str) -> Iterator[tuple[str, str]]:
    core = core_name(name)
    whole, _ = comparable(name)
    readings = _readings(whole)
    place = len(whole) - len(_without_place(whole))
    full = _NOT_WORD.sub("", folded)
    yield "full", full
    yield "full", core
    yield "full", whole
    yield "initials", "".join(reading[0] for reading in readings)
    yield "initials", "".join(reading[0] for reading in readings[place:])
    yield "pinyin", "".join(readings[place:])
    tail = full if full.startswith(core) else core
    own_start = len(core) - len(_without_place(core))
    for start in range(max(own_start, 1), len(core) - 1):
        if not (core[start].isascii() and core[start - 1].isascii()):
            yield "suffix", tail[start:]


def _readings(core: str) -> list[str]:
    """One reading per character; a Latin letter or digit stands for itself."""
    parts: list[str] = []
    position = 0
    for match in _HAN_RUN.finditer(core):
        parts.extend(core[position : match.start()])
        parts.extend(pinyin.syllables(match[0]))
        position = match.end()
    parts.extend(core[position:])
    return parts


def _without_place(core: str) -> str:
    """A Chinese core without the place at its start, where at least two characters remain."""
    match = LEADING_PLACE.match(core)
    return core[match.end() :] if match and len(core) - match.end() >= 2 else core


@lru_cache(maxsize=8_192)
def comparable(name: str) -> tuple[str, str]:
    """(whole, own): the form in which two names in one script are compared, and the part of it that tells this company from others.

    Chinese: a place in brackets comes first ("得润（重庆）" is "重庆得润"), 市 and 省 go; `own` drops the leading place and words
    for a trade.
    English: abbreviations are written out ("Int'l"); `own` drops words such as "international", "holdings", "china".
    """
    folded = folded_name(name)
    return _comparable_chinese(name, folded) if has_han(folded) else _comparable_english(name)


def _comparable_chinese(name: str, folded: str) -> tuple[str, str]:
    bare = without_legal_form(folded)
    places = "".join(_MOVABLE.findall(bare))
    whole = _RANK.sub("", _NOT_WORD.sub("", places + _MOVABLE.sub("", bare)))
    if len(whole) < 2:
        whole = core_name(name)
    without_place = _without_place(whole)
    own = GENERIC_ZH.sub("", without_place)
    return whole, own if len(own) >= 2 else without_place


def _comparable_english(name: str) -> tuple[str, str]:
    words = list(chain.from_iterable(ABBREVIATIONS.get(word, word).split() for word in core_name(name).split() if word not in _SMALL_WORDS))
    particular = [word for word in words if word not in GENERIC_EN]
    own = [word for word in particular if word not in PLACES_EN]
    return " ".join(words), " ".join(own or particular or words)


def blocking_keys(name: str) -> frozenset[str]:
    """Few short keys such that two names of one company share at least one: compare only companies that share a key.

    Chinese: the first two characters of the name's own part, its next two, and its pinyin initials (other characters of one sound).
    English: the first six letters of the own part without blanks, and the starts of its two longest words in either order.
    """
    whole, own = comparable(name)
    if not whole:
        return frozenset()
    if has_han(whole):
        letters = "".join(reading[0] for reading in _readings(own))
        keys = {f"z{own[:2]}", f"z{own[2:4]}" if len(own) >= 4 else "", f"p{letters[:4]}" if len(letters) >= 3 else ""}
    else:
        words = own.split()
        longest = sorted(sorted(words, key=len)[-2:])
        keys = {f"e{own.replace(' ', '')[:6]}", "w" + "".join(word[:4] for word in longest) if len(words) > 1 else ""}
    return frozenset(keys - {""})
