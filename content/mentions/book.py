"""The book of names: patterns of all companies in one automaton, a small one more for names added since, and the question asked of both."""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Self

from ahocorasick_rs import AhoCorasick, Implementation

from content.mentions.codes import CodeHit, bracketed_code, code_of, marked_codes
from content.mentions.common import COMMON_SHARE, is_bank, is_trade, is_word
from content.mentions.entries import Form, NameEntry, NameKind, patterns
from content.mentions.judging import Found, Owner, Place, Rulings, judge
from content.mentions.texts import FoldedText
from crm.kernel.text import ANALYSER_VERSION

RULES_VERSION = 1
"""Raised when other patterns or other kinds would come out of the same names; part of each book's version."""

_LATIN_BELOW = "\u2e80"
_BRIEF = 3

Counts = Callable[[str], int] | Mapping[str, int]


@dataclass(frozen=True, slots=True)
class _Layer:
    """An automaton and whose its patterns are; `codes` by `HKEX:00005`; `common` are the short names that are words."""

    automaton: AhoCorasick | None
    owners: dict[str, tuple[Owner, ...]] = field(default_factory=dict)
    codes: dict[str, tuple[int, ...]] = field(default_factory=dict)
    common: frozenset[str] = frozenset()


class NameBook:
    """The names of companies, to be found in texts. Immutable; made by `build`, and by `extended` with names added since.

    A book of 200,000 companies takes some hundred megabytes and seconds to build: one in each worker process, rebuilt in the background
    and never stored. `version` is the same for the same names, common words and rules.
    """

    __slots__ = ("_added", "_base", "_late", "version")

    def __init__(self, base: _Layer, added: _Layer, late: tuple[NameEntry, ...], version: str) -> None:
        self._base = base
        self._added = added
        self._late = late
        self.version = version

    @classmethod
    def build(cls, entries: Iterable[NameEntry], counts: Counts | None = None, held: int = 0) -> Self:
        """The book of `entries`. A stripped name that `counts` says to stand in over 0.2 % of the `held` clippings needs a person's yes.

        `counts` gives for a folded short name the number of clippings held that it stands in (`count` of an earlier book makes such a
        mapping); a callable is asked once for each short name. A code that does not tell its exchange is left out.
        """
        known = _in_order(entries)
        base = _layer(known, _Layer(None), counts, held)
        return cls(base, _Layer(None), (), _version(known, base.common, ""))

    def extended(self, entries: Iterable[NameEntry], counts: Counts | None = None, held: int = 0) -> Self:
        """This book and `entries` besides, found by the same rules as if built together; quick, as long as those added since are few."""
        late = _in_order((*self._late, *entries))
        added = _layer(late, self._base, counts, held)
        return type(self)(self._base, added, late, _version(late, added.common, self.version))

    def find(self, title: str, body: str, *, ruled: Rulings | None = None) -> list[Found]:
        """The companies that title and body name: every place, title first, in the order of the text.

        Offsets count characters of the original title or body (`in_title` says which), `end` excluded. `ruled` holds what people
        answered, by (company, `Found.pattern`): True makes a link, False leaves the company out at that name.
        """
        texts = (FoldedText(title), FoldedText(body))
        places = [*self._places(texts[0].folded, in_title=True), *self._places(texts[1].folded, in_title=False)]
        return judge(places, texts, ruled or {}) if places else []

    def count(self, texts: Iterable[str]) -> Counter[str]:
        """In how many of the texts each name of this book stands: the `counts` of the next one."""
        counted: Counter[str] = Counter()
        for text in texts:
            folded = FoldedText(text).folded
            counted.update({folded[start:end] for start, end in self._hits(folded)})
        return counted

    def _places(self, folded: str, *, in_title: bool) -> Iterator[Place]:
        if not folded:
            return
        names = [self._place(in_title, start, end, folded[start:end]) for start, end in self._hits(folded)]
        yield from names
        marked = {code.start: code for code in marked_codes(folded)}
        for place in names:
            behind = bracketed_code(folded, place.end)
            if behind and behind.start not in marked:
                yield from self._code_places(behind, in_title, frozenset(owner.company_id for owner in place.owners))
        for code in marked.values():
            if not any(place.start < code.end and code.start < place.end for place in names):
                yield from self._code_places(code, in_title)

    def _place(self, in_title: bool, start: int, end: int, name: str) -> Place:
        is_common = name in self._base.common or name in self._added.common
        return Place(in_title, start, end, name, self._added.owners.get(name) or self._base.owners[name], is_common)

    def _code_places(self, code: CodeHit, in_title: bool, among: frozenset[int] | None = None) -> Iterator[Place]:
        """The companies of a code, all of them as owners of one place; `among` leaves only these."""
        owners = {
            company: written
            for written in code.codes
            for company in self._added.codes.get(written) or self._base.codes.get(written) or ()
            if among is None or company in among
        }
        if owners:
            pattern = min(owners.values()).lower()
            yield Place(in_title, code.start, code.end, pattern, tuple(Owner(company, Form.FULL) for company in owners), is_code=True)

    def _hits(self, folded: str) -> Iterator[tuple[int, int]]:
        """Of the names that stand whole in the text the leftmost, of those the longest, unless a yet longer one begins inside it (如兴 in
        比如兴业银行); then the next behind it.
        """
        found: list[tuple[int, int, int]] = []
        for automaton in (self._base.automaton, self._added.automaton):
            if automaton is not None:
                found += automaton.find_matches_as_indexes(folded, overlapping=True)
        if not found:
            return
        reached, last = 0, len(folded)
        held: tuple[int, int] | None = None
        for start, minus_end in sorted({(start, -end) for _pattern, start, end in found}):
            end = -minus_end
            if start < reached and (held is None or end <= reached or end - start <= max(reached - held[0], _BRIEF)):
                continue
            if start and _is_joined(folded[start - 1], folded[start]):
                continue
            if end == last or not _is_joined(folded[end - 1], folded[end]):
                if held and start >= reached:
                    yield held
                held, reached = (start, end), end
        if held:
            yield held


def _in_order(entries: Iterable[NameEntry]) -> tuple[NameEntry, ...]:
    return tuple(sorted(set(entries), key=lambda entry: (entry.company_id, entry.name, entry.kind)))


def _layer(entries: Iterable[NameEntry], below: _Layer, counts: Counts | None, held: int) -> _Layer:
    """The patterns of `entries`; an owner that the layer below knows for one of them is an owner here too."""
    owners: dict[str, tuple[Owner, ...]] = {}
    codes: dict[str, tuple[int, ...]] = {}
    for entry in entries:
        kind = NameKind(entry.kind)
        if kind is NameKind.CODE:
            if code := code_of(entry.name):
                codes[code] = tuple(dict.fromkeys((*(codes.get(code) or below.codes.get(code, ())), entry.company_id)))
            continue
        for pattern in patterns(entry.name, kind):
            held_by = owners.get(pattern.text) or below.owners.get(pattern.text, ())
            owners[pattern.text] = _joined(held_by, Owner(entry.company_id, pattern.form, pattern.legal, pattern.written))
    common = frozenset(name for name, held_by in owners.items() if _is_common(name, held_by[0].form, counts, held))
    automaton = AhoCorasick(list(owners), implementation=Implementation.ContiguousNFA, store_patterns=False) if owners else None
    return _Layer(automaton, owners, codes, common)


def _joined(owners: tuple[Owner, ...], owner: Owner) -> tuple[Owner, ...]:
    """The surest first. A company has a pattern in its surest form only, with every legal form that it lacks."""
    if not owners:
        return (owner,)
    if owner in owners:
        return owners
    same = [one for one in owners if one.company_id == owner.company_id]
    if not same:
        return tuple(sorted((*owners, owner), key=_surest))
    form = min(owner.form, same[0].form)
    told = dict.fromkeys(one._replace(form=form) for one in (*same, owner) if one.form == form or one.legal)
    mine = [one for one in told if one.legal or one.written] or list(told)
    return tuple(sorted((*(one for one in owners if one.company_id != owner.company_id), *mine), key=_surest))


def _surest(owner: Owner) -> tuple[Form, int]:
    return owner.form, owner.company_id


def _is_common(name: str, form: Form, counts: Counts | None, held: int) -> bool:
    if form < Form.BARE:
        return form is Form.FULL and is_trade(name)
    if is_word(name) and not (form is Form.SHORT and is_bank(name)):
        return True
    if counts is None or not held:
        return False
    standing = counts.get(name, 0) if isinstance(counts, Mapping) else counts(name)
    return standing > COMMON_SHARE * held


def _version(entries: Iterable[NameEntry], common: Iterable[str], before: str) -> str:
    """20 characters that differ where anything does that decides what is found."""
    digest = hashlib.sha256(f"{ANALYSER_VERSION} {RULES_VERSION} {before}\n".encode())
    for entry in entries:
        digest.update(f"{entry.company_id}\t{entry.kind}\t{entry.name}\n".encode())
    for name in sorted(common):
        digest.update(f"{name}\n".encode())
    return digest.hexdigest()[:20]


def _is_joined(one: str, other: str) -> bool:
    """Whether two neighbours are of one Latin word or number, so that no name ends between them; Chinese is written without blanks."""
    return one.isalnum() and other.isalnum() and one < _LATIN_BELOW and other < _LATIN_BELOW
