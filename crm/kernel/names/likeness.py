"""How likely two records are one company: the fuzzy score of domain 2.4."""

import sys
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple, Self

from rapidfuzz import fuzz

from crm.kernel.names.keys import comparable
from crm.kernel.names.legal import split_scripts
from crm.kernel.text import fold, has_han

NAME_ALONE_AT_MOST = 84

WEIGHTS = {"name": 50, "phone": 20, "address": 15, "email_domain": 10, "director": 5}
"""What each field counts (domain 2.4)."""

# The part that tells companies apart counts as much as the whole name with its place and trade.
OWN_PART_SHARE = 0.5

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


class LatinName(NamedTuple):
    """A name as `comparable` gives it, in words, with the letters in all of them: the whole, and the part that tells companies apart."""

    whole: tuple[str, ...]
    own: tuple[str, ...]
    whole_letters: int
    own_letters: int

    @classmethod
    def of(cls, whole: str, own: str) -> Self:
        """Words are interned: a directory has the same few thousand in all its names."""
        parts = (tuple(sys.intern(word) for word in text.split()) for text in (whole, own))
        words, own_words = parts
        return cls(words, own_words, sum(map(len, words)), sum(map(len, own_words)))


@dataclass(frozen=True, slots=True)
class NameParts:
    """The names of one company by script, taken apart once to be compared often. Chinese: (whole, own part), as `comparable` gives them."""

    latin: tuple[LatinName, ...]
    chinese: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, names: Iterable[str]) -> Self:
        """The parts of these names; one that holds both scripts counts in both."""
        parts = dict.fromkeys(part for name in names for part in split_scripts(name) if part)
        latin, chinese = (dict.fromkeys(comparable(part) for part in parts if has_han(part) is is_chinese) for is_chinese in (False, True))
        return cls(tuple(LatinName.of(*name) for name in latin if name[0]), tuple(chinese))


def name_score(a_names: Iterable[str], b_names: Iterable[str]) -> int | None:
    """0 to 100 for the likest pair of names of one script, Chinese with Chinese and English with English (domain 2.4).

    None where no two names share a script: nothing was compared, which is not the same as "differ".
    """
    ours, theirs = _taken_apart(tuple(a_names)), _taken_apart(tuple(b_names))
    scores = [latin_score(one, other) for one in ours.latin for other in theirs.latin]
    scores += [chinese_score(one, other) for one in ours.chinese for other in theirs.chinese]
    return round(max(scores)) if scores else None


@lru_cache(maxsize=1_024)
def _taken_apart(names: tuple[str, ...]) -> NameParts:
    """Remembered, since one company is held against many."""
    return NameParts.of(names)


def latin_score(one: LatinName, other: LatinName) -> float:
    """What `name_score` rounds, for two names in Latin letters."""
    if one.whole == other.whole:
        return 100.0
    own = _ratio_of_words(one.own, other.own)
    return OWN_PART_SHARE * own + (1 - OWN_PART_SHARE) * _ratio_of_words(one.whole, other.whole)


def chinese_score(one: tuple[str, str], other: tuple[str, str]) -> float:
    """What `name_score` rounds, for two Chinese names, each (whole, own part)."""
    if not has_han(one[0]):  # what is left of a name without its legal form and place may be Latin letters alone
        return latin_score(LatinName.of(*one), LatinName.of(*other))
    if one[0] == other[0]:
        return 100.0
    return OWN_PART_SHARE * fuzz.ratio(one[1], other[1]) + (1 - OWN_PART_SHARE) * fuzz.ratio(one[0], other[0])


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


def _ratio_of_words(ours: tuple[str, ...], theirs: tuple[str, ...]) -> float:
    """Likeness by whole words, weighted by their length: letters alone would make "Zhejiang Juhua" and "Zhejiang Jihua" one company."""
    one, other = "".join(ours), "".join(theirs)
    if one == other:
        return 100.0
    left = list(theirs)
    shared = 0
    for word in ours:
        match = word if word in left else next((other for other in left if is_misspelt(word, other)), "")
        if match:
            left.remove(match)
            shared += len(word) + len(match)
    return 100 * shared / (len(one) + len(other))


def is_misspelt(word: str, other: str) -> bool:
    """Whether the other is this word, or this word with a letter wrong."""
    return word[0] == other[0] and fuzz.ratio(word, other, score_cutoff=_MISSPELT_FROM) > 0


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
