"""The book of names: one automaton over all forms of all names, built once and asked of each text (search.md, section 2)."""

import hashlib
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Self

from ahocorasick_rs import AhoCorasick, Implementation, MatchKind

from content.mentions import forms
from content.mentions.values import Found, NameEntry, Reason
from crm.kernel.text import ANALYSER_VERSION, fold, fold_with_offsets

BOOK_VERSION = 1
MOST_OWNERS = 8
"""A shortened name that more companies bear says nothing, and is not asked about either."""

_BLANKS = str.maketrans(dict.fromkeys("\t\n\r\f\v\u00a0\u3000", " ") | {"[": "(", "]": ")", "【": "(", "】": ")", "〔": "(", "〕": ")"})


_SURE, _HELD, _SHORT = 0, 1, 2
"""How sure a name is: registered, or a stock code; listed beside it; what is left of one of them when it is shortened."""


@dataclass(frozen=True, slots=True)
class _Pattern:
    """A folded name, who bears it (of those who do, the surest), and why a person has to be asked, if at all."""

    owners: tuple[int, ...]
    reason: str
    needs_capital: bool
    starts_latin: bool
    ends_latin: bool


@dataclass(frozen=True, slots=True)
class _Place:
    start: int
    end: int
    number: int


class NameBook:
    """Finds companies in texts. Immutable; `version` changes with the names and with the rules."""

    def __init__(self, names: list[str], patterns: list[_Pattern], version: str) -> None:
        self._names, self._patterns, self.version = names, patterns, version
        # The contiguous automaton is the fastest to walk, and the slowest and largest to build: right for a book that is asked all day.
        self._automaton = (
            AhoCorasick(names, matchkind=MatchKind.Standard, store_patterns=False, implementation=Implementation.ContiguousNFA)
            if names
            else None
        )

    def __len__(self) -> int:
        return len(self._names)

    @classmethod
    def build(cls, entries: Iterable[NameEntry], *, frequent: Collection[str] = ()) -> Self:
        """A book of these names. `frequent`: shortened names, folded, that stand in more of the clippings held than one company would."""
        held: dict[str, dict[int, int]] = {}
        for entry in entries:
            for name, how in _forms(entry):
                of_name = held.setdefault(name, {})
                of_name[entry.company_id] = min(how, of_name.get(entry.company_id, _SHORT))
        kept, patterns = [], []
        digest = hashlib.blake2b(f"{BOOK_VERSION}.{ANALYSER_VERSION}".encode(), digest_size=10)
        for name in sorted(held):
            pattern = _pattern(name, held[name], frequent)
            if pattern is not None:
                kept.append(name)
                patterns.append(pattern)
                digest.update(f"{name}\0{pattern.owners}{pattern.reason}".encode())
        return cls(kept, patterns, digest.hexdigest())

    def find(self, title: str, body: str) -> list[Found]:
        """The companies that a text names, each place by itself, in order; a suggestion says why a person is asked."""
        places = [(in_title, text, place) for in_title, text in ((True, title), (False, body)) for place in self._places(text)]
        if not places:
            return []
        sure = {company for _in_title, _text, place in places for company in self._linked(place)}
        found: list[Found] = []
        spots: dict[bool, list[int]] = {}
        for in_title, text, place in places:
            if in_title not in spots:
                spots[in_title] = list(range(len(text) + 1)) if text.isascii() else fold_with_offsets(text)[1]
            start, end = spots[in_title][place.start], spots[in_title][place.end]
            found += self._found(place, in_title, text, start, end, sure)
        return found

    def _places(self, text: str) -> list[_Place]:
        """The longest names that stand in a text, from the left, without those inside a longer word."""
        if self._automaton is None or not text:
            return []
        folded = fold(text).translate(_BLANKS)
        hits = self._automaton.find_matches_as_indexes(folded, overlapping=True)
        if not hits:
            return []
        places: list[_Place] = []
        at = 0
        exact: list[int] | None = None
        for number, start, end in sorted(hits, key=lambda hit: (hit[1], -hit[2])):
            if start < at:
                continue
            pattern = self._patterns[number]
            if pattern.starts_latin and start and forms.is_latin(folded[start - 1]):
                continue
            if pattern.ends_latin and end < len(folded) and forms.is_latin(folded[end]):
                continue
            if pattern.needs_capital:
                if exact is None:
                    exact = [] if text.isascii() else fold_with_offsets(text)[1]
                if not text[exact[start] if exact else start].isupper():
                    continue
            places.append(_Place(start, end, number))
            at = end
        return places

    def _linked(self, place: _Place) -> tuple[int, ...]:
        pattern = self._patterns[place.number]
        return () if pattern.reason else pattern.owners

    def _found(self, place: _Place, in_title: bool, text: str, start: int, end: int, sure: set[int]) -> Iterator[Found]:
        pattern, name = self._patterns[place.number], self._names[place.number]
        # Where the same text names one of them for certain elsewhere, here it is meant too.
        linked = self._linked(place) or tuple(company for company in pattern.owners if company in sure)
        for company in linked or pattern.owners:
            yield Found(company, in_title, start, end, text[start:end], name, bool(linked), "" if linked else pattern.reason)


def _forms(entry: NameEntry) -> Iterator[tuple[str, int]]:
    if entry.kind == "code":
        yield from ((name, _SURE) for name in forms.codes(entry))
        return
    whole = forms.whole(entry)
    if whole:
        yield whole, _SURE if entry.kind == "full" and forms.has_legal_form(entry.name) else _HELD
    yield from ((name, _SHORT) for name in forms.shortened(entry))


def _pattern(name: str, held: dict[int, int], frequent: Collection[str]) -> _Pattern | None:
    how = min(held.values())
    owners = tuple(sorted(company for company, of_company in held.items() if of_company == how))
    if len(owners) > MOST_OWNERS:
        return None
    return _Pattern(
        owners=owners,
        reason=_reason(name, how, len(owners), frequent),
        needs_capital=_needs_capital(name),
        starts_latin=forms.is_latin(name[0]),
        ends_latin=forms.is_latin(name[-1]),
    )


def _reason(name: str, how: int, owners: int, frequent: Collection[str]) -> str:
    if owners > 1:
        return Reason.SEVERAL
    if how == _SURE:
        return ""
    if forms.is_common(name, held=how == _HELD):
        return Reason.COMMON
    if how == _HELD:
        return ""
    if forms.is_slight(name):
        return Reason.SLIGHT
    return Reason.FREQUENT if name in frequent else ""


def _needs_capital(name: str) -> bool:
    """A single Latin word, or one of every day, means a company only where it is written as a name."""
    if not name.isascii() or not name[0].isalpha() or "." in name or ":" in name:
        return False
    return " " not in name or forms.is_common(name, held=False)
