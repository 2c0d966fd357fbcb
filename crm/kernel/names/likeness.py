"""How likely two records are one company: the fuzzy score of domain 2.4."""

import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Self

from rapidfuzz import fuzz

from crm.kernel.names.keys import comparable
from crm.kernel.names.legal import split_scripts
from crm.kernel.text import fold, has_han

NAME_ALONE_AT_MOST = 84

WEIGHTS = {"name": 50, "phone": 20, "address": 15, "email_domain": 10, "director": 5}
"""What each field counts (domain 2.4)."""

# The part that tells companies apart counts as much as the whole name with its place and trade.
_OWN_PART_SHARE = 0.5

# One wrong letter in seven, and never the first; in shorter words one letter is another name (Tat, Tak).
_MISSPELT_FROM = 85

_PUBLIC_MAIL_DOMAINS = """
    gmail.com googlemail.com yahoo.com yahoo.com.hk yahoo.com.tw ymail.com hotmail.com hotmail.com.hk outlook.com live.com live.hk msn.com
    icloud.com me.com qq.com foxmail.com 163.com 126.com yeah.net sina.com sina.cn sohu.com aliyun.com 139.com 189.cn netvigator.com
    biznetvigator.com hkbn.net i-cable.com hinet.net msa.hinet.net ms1.hinet.net seed.net.tw aol.com protonmail.com proton.me gmx.com
"""
_PUBLIC_MAIL = frozenset(_PUBLIC_MAIL_DOMAINS.split())


@dataclass(frozen=True, slots=True)
class Likeness:
    """What is compared of one company. `phones` as E.164, `email_domains` in lower case, `directors` as `person_keys` give them.

    An empty field is a field that this side does not have.
    """

    names: tuple[str, ...]
    phones: frozenset[str] = frozenset()
    addresses: tuple[str, ...] = ()
    email_domains: frozenset[str] = frozenset()
    directors: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class NameParts:
    """The names of one company by script, taken apart once to be compared often: (whole, own part) of each, as `comparable` gives them."""

    english: tuple[tuple[str, str], ...]
    chinese: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, names: Iterable[str]) -> Self:
        """The parts of these names; one that holds both scripts counts in both."""
        parts = dict.fromkeys(part for name in names for part in split_scripts(name) if part)
        english, chinese = ([comparable(part) for part in parts if has_han(part) is is_chinese] for is_chinese in (False, True))
        return cls(tuple(dict.fromkeys(english)), tuple(dict.fromkeys(chinese)))


def name_score(a_names: Iterable[str], b_names: Iterable[str]) -> int | None:
    """0 to 100 for the likest pair of names of one script, Chinese with Chinese and English with English (domain 2.4).

    None where no two names share a script: nothing was compared, which is not the same as "differ".
    """
    score = likest(NameParts.of(a_names), NameParts.of(b_names))
    return None if score is None else round(score)


def likest(ours: NameParts, theirs: NameParts, *, at_least: float = 0) -> float | None:
    """What `name_score` rounds. A score below `at_least` may come out lower than it is: what cannot reach it is not compared to its end."""
    best: float | None = None
    for one in ours.english:
        for other in theirs.english:
            score = _pair_score(one, other, _english_ratio, at_least)
            if best is None or score > best:
                best = score
    for one in ours.chinese:
        # What is left of a name without its legal form and place may be Latin letters alone.
        measure = _chinese_ratio if has_han(one[0]) else _english_ratio
        for other in theirs.chinese:
            score = _pair_score(one, other, measure, at_least)
            if best is None or score > best:
                best = score
    return best


def company_score(a: Likeness, b: Likeness) -> int:
    """0 to 100: the mean of the fields that both sides have, weighted name 50, phone 20, address 15, e-mail domain 10, director 5.

    A name alone reaches at most 84, so that it is shown and never blocks (domain 2.4); nor does anything block where no names could be
    compared, since a secretary's office lends one telephone and one address to hundreds of companies. Public mail domains are no field.
    """
    scores = {
        "name": name_score(a.names, b.names),
        "phone": _shared(a.phones, b.phones),
        "address": _address_score(a.addresses, b.addresses),
        "email_domain": _shared(a.email_domains - _PUBLIC_MAIL, b.email_domains - _PUBLIC_MAIL),
        "director": _shared(a.directors, b.directors),
    }
    held = {field: score for field, score in scores.items() if score is not None}
    if not held:
        return 0
    score = round(sum(WEIGHTS[field] * value for field, value in held.items()) / sum(WEIGHTS[field] for field in held))
    name_and_more = "name" in held and len(held) > 1
    return score if name_and_more else min(score, NAME_ALONE_AT_MOST)


def _pair_score(one: tuple[str, str], other: tuple[str, str], measure: Callable[[str, str], float], at_least: float) -> float:
    whole_one, own_one = one
    whole_other, own_other = other
    if whole_one == whole_other:
        return 100.0
    own = _OWN_PART_SHARE * measure(own_one, own_other)
    if own + 100 * (1 - _OWN_PART_SHARE) < at_least:
        return own
    return own + (1 - _OWN_PART_SHARE) * measure(whole_one, whole_other)


def _chinese_ratio(one: str, other: str) -> float:
    return fuzz.ratio(one, other)


def _english_ratio(one: str, other: str) -> float:
    """Likeness by whole words, weighted by their length: letters alone would make "Zhejiang Juhua" and "Zhejiang Jihua" one company."""
    ours, theirs = _taken_apart(one), _taken_apart(other)
    if ours.joined == theirs.joined:
        return 100.0
    if not ours.initials & theirs.initials:
        return 0.0
    left = list(theirs.words)
    shared = 0
    for word in ours.words:
        match = word if word in left else _misspelt(word, left)
        if match:
            left.remove(match)
            shared += len(word) + len(match)
    return 100 * shared / (len(ours.joined) + len(theirs.joined))


@dataclass(frozen=True, slots=True)
class _Words:
    """A name's words, all their letters in one, and the letters that they begin with, as bits: no word is another that begins otherwise.

    Letters that share a bit are compared for nothing.
    """

    words: tuple[str, ...]
    joined: str
    initials: int


@lru_cache(maxsize=20_000)
def _taken_apart(name: str) -> _Words:
    """Remembered: a directory holds each name against hundreds of others. Interned: they all have the same few thousand words."""
    words = tuple(sys.intern(word) for word in name.split())
    initials = 0
    for word in words:
        initials |= 1 << ord(word[0]) % 64
    return _Words(words, words[0] if len(words) == 1 else "".join(words), initials)


def _misspelt(word: str, others: list[str]) -> str:
    """The first of the others that is this word with a letter wrong, or nothing."""
    first = word[0]
    for other in others:
        if other[0] == first and fuzz.ratio(word, other, score_cutoff=_MISSPELT_FROM) > 0:
            return other
    return ""


def _shared(ours: frozenset[str], theirs: frozenset[str]) -> float | None:
    if not ours or not theirs:
        return None
    return 0.0 if ours.isdisjoint(theirs) else 100.0


def _address_score(ours: tuple[str, ...], theirs: tuple[str, ...]) -> float | None:
    scores = [
        fuzz.token_sort_ratio(fold(one), fold(other))
        for one in ours
        for other in theirs
        if one and other and has_han(one) == has_han(other)
    ]
    return max(scores) if scores else None
