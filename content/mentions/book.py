"""The book of names: the patterns of all companies, a few more of names added since, and the question asked of both."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple, Self

from content.mentions.codes import CodeHit, bracketed_code, marked_codes
from content.mentions.entries import Form, NameEntry
from content.mentions.judging import Found, Owner, Place, Rulings, judge
from content.mentions.layers import Counts, Layer, Part, layer_of
from content.mentions.texts import FoldedText
from crm.kernel.text import ANALYSER_VERSION

RULES_VERSION = 2
"""Raised when other patterns or other kinds would come out of the same names; part of each book's version."""

_LATIN_BELOW = "\u2e80"
_BRIEF = 3


class _Hit(NamedTuple):
    """A pattern that stands in a folded text, by its part of the book and its number there."""

    start: int
    end: int
    part: Part
    number: int


class NameBook:
    """The names of companies, to be found in texts. Immutable; made by `build`, and by `extended` with names added since.

    A book of 200,000 companies takes some hundred megabytes and seconds to build: one in each worker process, rebuilt in the background
    and never stored. `version` is the same for the same names, common words and rules.
    """

    __slots__ = ("_added", "_base", "_late", "version")

    def __init__(self, base: Layer, added: Layer, late: tuple[NameEntry, ...], version: str) -> None:
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
        base = layer_of(known, Layer(), counts, held)
        return cls(base, Layer(), (), _version(known, base.common, ""))

    def extended(self, entries: Iterable[NameEntry], counts: Counts | None = None, held: int = 0) -> Self:
        """This book and `entries` besides, found by the same rules as if built together; quick, as long as those added since are few."""
        late = _in_order((*self._late, *entries))
        added = layer_of(late, self._base, counts, held)
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
            counted.update({folded[hit.start : hit.end] for hit in self._hits(folded)})
        return counted

    def _places(self, folded: str, *, in_title: bool) -> Iterator[Place]:
        if not folded:
            return
        names = [self._place(in_title, hit, folded[hit.start : hit.end]) for hit in self._hits(folded)]
        yield from names
        marked = {code.start: code for code in marked_codes(folded)}
        for place in names:
            behind = bracketed_code(folded, place.end)
            if behind and behind.start not in marked:
                yield from self._code_places(behind, in_title, frozenset(owner.company_id for owner in place.owners))
        for code in marked.values():
            if not any(place.start < code.end and code.start < place.end for place in names):
                yield from self._code_places(code, in_title)

    def _place(self, in_title: bool, hit: _Hit, name: str) -> Place:
        is_common = name in self._base.common or name in self._added.common
        return Place(in_title, hit.start, hit.end, name, hit.part.owners(hit.number), is_common)

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

    def _hits(self, folded: str) -> Iterator[_Hit]:
        """Of the names that stand whole in the text the leftmost, of those the longest, unless a yet longer one begins inside it (如兴 in
        比如兴业银行); then the next behind it. What was added since goes before what was there.
        """
        parts = (*self._added.parts, *self._base.parts)
        found = [(start, -end, place, number) for place, part in enumerate(parts) for number, start, end in part.find(folded)]
        if not found:
            return
        found.sort()
        held: _Hit | None = None
        for start, minus_end, place, number in found:
            end = -minus_end
            if held and start < held.end and (end <= held.end or end - start <= max(held.end - held.start, _BRIEF)):
                continue
            if _is_whole(folded, start, end):
                if held and start >= held.end:
                    yield held
                held = _Hit(start, end, parts[place], number)
        if held:
            yield held


def _in_order(entries: Iterable[NameEntry]) -> tuple[NameEntry, ...]:
    ordered = sorted(entries, key=lambda entry: (entry.company_id, entry.name, entry.kind))
    return tuple(entry for entry, before in zip(ordered, (None, *ordered), strict=False) if entry != before)


def _version(entries: Iterable[NameEntry], common: Iterable[str], before: str) -> str:
    """20 characters that differ where anything does that decides what is found."""
    digest = hashlib.sha256(f"{ANALYSER_VERSION} {RULES_VERSION} {before}\n".encode())
    for entry in entries:
        digest.update(f"{entry.company_id}\t{entry.kind}\t{entry.name}\n".encode())
    for name in sorted(common):
        digest.update(f"{name}\n".encode())
    return digest.hexdigest()[:20]


def _is_whole(folded: str, start: int, end: int) -> bool:
    before = start > 0 and _is_joined(folded[start - 1], folded[start])
    return not before and not (end < len(folded) and _is_joined(folded[end - 1], folded[end]))


def _is_joined(one: str, other: str) -> bool:
    """Whether two neighbours are of one Latin word or number, so that no name ends between them; Chinese is written without blanks."""
    return one.isalnum() and other.isalnum() and one < _LATIN_BELOW and other < _LATIN_BELOW
