"""Patterns and whose they are, held small: an automaton for each script, and the owners of a pattern packed into one number."""

from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from ahocorasick_rs import AhoCorasick, Implementation

from content.mentions.codes import code_of
from content.mentions.common import COMMON_SHARE, is_bank, is_trade, is_word
from content.mentions.entries import Form, NameEntry, NameKind, Pattern, patterns
from content.mentions.judging import Owner

Counts = Callable[[str], int] | Mapping[str, int]

_FORM_BITS, _WORDS_BITS = 3, 17
_FORMS = tuple(Form)
_SHARED = -1
_MOST_PATTERNS = 260_000
_MOST_COMPANIES = 1 << 43

Held = int | tuple[Owner, ...]
"""The owners of a pattern: nearly always one, as a number of 64 bits (company, words that the pattern lacks, form)."""


class _Packing:
    """How an owner becomes a number and again an owner. The words that patterns lack are few, and are counted up here."""

    __slots__ = ("_numbers", "_words")

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._words: list[str] = []

    def packed(self, owner: Owner) -> Held:
        number = self._numbers.get(owner.legal)
        if number is None:
            number = self._numbers[owner.legal] = len(self._words)
            self._words.append(owner.legal)
        if owner.written or number >> _WORDS_BITS or not 0 <= owner.company_id < _MOST_COMPANIES:
            return (owner,)
        return (owner.company_id << _WORDS_BITS | number) << _FORM_BITS | owner.form

    def unpacked(self, held: Held) -> tuple[Owner, ...]:
        if not isinstance(held, int):
            return held
        rest, form = held >> _FORM_BITS, _FORMS[held & (1 << _FORM_BITS) - 1]
        return (Owner(rest >> _WORDS_BITS, form, self._words[rest & (1 << _WORDS_BITS) - 1]),)


class Part:
    """The patterns of one script. Their texts are in the automaton alone, and their owners in an array by the pattern's number there."""

    __slots__ = ("_automaton", "_is_ascii", "_numbers", "_packing", "_shared")

    def __init__(self, texts: Sequence[str], held: Mapping[str, Held], packing: _Packing) -> None:
        self._packing = packing
        self._is_ascii = all(map(str.isascii, texts))
        self._shared: dict[int, tuple[Owner, ...]] = {}
        self._numbers = array("q", bytes(8 * len(texts)))
        for number, text in enumerate(texts):
            owners = held[text]
            if isinstance(owners, int):
                self._numbers[number] = owners
            else:
                self._numbers[number], self._shared[number] = _SHARED, owners
        self._automaton = AhoCorasick(texts, implementation=Implementation.ContiguousNFA, store_patterns=False)

    def find(self, folded: str) -> list[tuple[int, int, int]]:
        """(number of the pattern, start, end) of all patterns that stand in a folded text, overlapping ones too."""
        if folded.isascii() and not self._is_ascii:
            return []
        return self._automaton.find_matches_as_indexes(folded, overlapping=True)

    def owners(self, number: int) -> tuple[Owner, ...]:
        """The owners of a pattern, the surest first."""
        held = self._numbers[number]
        return self._shared[number] if held == _SHARED else self._packing.unpacked(held)

    def owners_of(self, text: str) -> tuple[Owner, ...]:
        """The owners of the pattern that reads so; none where it is no pattern."""
        whole = (number for number, start, end in self.find(text) if start == 0 and end == len(text))
        return next(map(self.owners, whole), ())


@dataclass(frozen=True, slots=True)
class Layer:
    """Patterns, companies by code (`HKEX:00005`), and the short names that are words."""

    parts: tuple[Part, ...] = ()
    codes: dict[str, tuple[int, ...]] = field(default_factory=dict)
    common: frozenset[str] = frozenset()

    def owners_of(self, text: str) -> tuple[Owner, ...]:
        """The owners of a pattern; none where it is no pattern."""
        return next(filter(None, (part.owners_of(text) for part in self.parts)), ())


def layer_of(entries: Sequence[NameEntry], below: Layer, counts: Counts | None, held: int) -> Layer:
    """The patterns of `entries`; an owner that the layer below knows for one of them is an owner here too."""
    packing = _Packing()
    chinese: dict[str, Held] = {}
    latin: dict[str, Held] = {}
    common: set[str] = set()
    parts: list[Part] = []
    # One script after the other, so that the memory of the first serves the second again. An ASCII name has ASCII patterns only.
    for is_ascii, owned in ((False, chinese), (True, latin)):
        for entry in entries:
            if entry.name.isascii() is is_ascii and entry.kind != NameKind.CODE:
                for pattern in patterns(entry.name, NameKind(entry.kind)):
                    _add(latin if pattern.text.isascii() else chinese, pattern, entry.company_id, below, packing)
        common.update(name for name, owners in owned.items() if _is_common(name, _form(owners), counts, held))
        parts += _parts(owned, packing)
        owned.clear()
    return Layer(tuple(parts), _codes(entries, below), frozenset(common))


def _codes(entries: Iterable[NameEntry], below: Layer) -> dict[str, tuple[int, ...]]:
    """Companies by code, with those that the layer below knows for it."""
    codes: dict[str, tuple[int, ...]] = {}
    for entry in entries:
        if entry.kind == NameKind.CODE and (code := code_of(entry.name)):
            codes[code] = tuple(dict.fromkeys((*(codes.get(code) or below.codes.get(code, ())), entry.company_id)))
    return codes


def _parts(owned: dict[str, Held], packing: _Packing) -> Iterator[Part]:
    """Parts of equal size, since to build one takes twice the memory that it holds in the end."""
    if not owned:
        return
    texts = sorted(owned)  # an automaton is built twice as fast from what is in order
    count = -(-len(texts) // _MOST_PATTERNS)
    size = -(-len(texts) // count)
    for first in range(0, len(texts), size):
        yield Part(texts[first : first + size], owned, packing)


def _add(owned: dict[str, Held], pattern: Pattern, company_id: int, below: Layer, packing: _Packing) -> None:
    owner = Owner(company_id, pattern.form, pattern.legal, pattern.written)
    known = owned.get(pattern.text)
    before = below.owners_of(pattern.text) if known is None else packing.unpacked(known)
    owners = _joined(before, owner) if before else (owner,)
    owned[pattern.text] = packing.packed(owners[0]) if len(owners) == 1 else owners


def _joined(owners: tuple[Owner, ...], owner: Owner) -> tuple[Owner, ...]:
    """The surest first. A company has a pattern in its surest form only, with every legal form that it lacks."""
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


def _form(held: Held) -> Form:
    """The surest form of the owners."""
    return _FORMS[held & (1 << _FORM_BITS) - 1] if isinstance(held, int) else held[0].form


def _is_common(name: str, form: Form, counts: Counts | None, held: int) -> bool:
    if form < Form.BARE:
        return form is Form.FULL and is_trade(name)
    if is_word(name) and not (form is Form.SHORT and is_bank(name)):
        return True
    if counts is None or not held:
        return False
    standing = counts.get(name, 0) if isinstance(counts, Mapping) else counts(name)
    return standing > COMMON_SHARE * held
