"""How likely two records are one company: the fuzzy score of domain 2.4."""

from collections.abc import Iterable
from dataclasses import dataclass

from rapidfuzz import fuzz

from crm.kernel.names.keys import comparable
from crm.kernel.names.legal import split_scripts
from crm.kernel.text import fold, has_han

NAME_ALONE_AT_MOST = 84

_WEIGHTS = {"name": 50, "phone": 20, "address": 15, "email_domain": 10, "director": 5}

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


def name_score(a_names: Iterable[str], b_names: Iterable[str]) -> int | None:
    """0 to 100 for the likest pair of names of one script, Chinese with Chinese and English with English (domain 2.4).

    None where no two names share a script: nothing was compared, which is not the same as "differ".
    """
    ours, theirs = _by_script(a_names), _by_script(b_names)
    scores = [_pair_score(one, other) for one in ours for other in theirs if has_han(one) == has_han(other)]
    return round(max(scores)) if scores else None


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
    score = round(sum(_WEIGHTS[field] * value for field, value in held.items()) / sum(_WEIGHTS[field] for field in held))
    name_and_more = "name" in held and len(held) > 1
    return score if name_and_more else min(score, NAME_ALONE_AT_MOST)


def _by_script(names: Iterable[str]) -> set[str]:
    return {part for name in names for part in split_scripts(name) if part}


def _pair_score(one: str, other: str) -> float:
    whole_one, own_one = comparable(one)
    whole_other, own_other = comparable(other)
    if whole_one == whole_other:
        return 100.0
    likeness = _chinese_ratio if has_han(whole_one) else _english_ratio
    return (1 - _OWN_PART_SHARE) * likeness(whole_one, whole_other) + _OWN_PART_SHARE * likeness(own_one, own_other)


def _chinese_ratio(one: str, other: str) -> float:
    return fuzz.ratio(one, other)


def _english_ratio(one: str, other: str) -> float:
    """Likeness by whole words, weighted by their length: letters alone would make "Zhejiang Juhua" and "Zhejiang Jihua" one company."""
    if one.replace(" ", "") == other.replace(" ", ""):
        return 100.0
    ours, theirs = one.split(), other.split()
    total = sum(map(len, ours)) + sum(map(len, theirs))
    shared = 0
    for word in ours:
        match = word if word in theirs else next((candidate for candidate in theirs if _misspelt(word, candidate)), None)
        if match:
            theirs.remove(match)
            shared += len(word) + len(match)
    return 100 * shared / total


def _misspelt(word: str, other: str) -> bool:
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
