"""Finds the companies that the rows of a list are of: by what the source said before, by exact keys, by likeness (domain 2.4)."""

from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from itertools import chain
from typing import Self

from django.db.models import Exists, OuterRef

from crm.companies.choices import IdentifierKind
from crm.companies.indexing import match_keys_of
from crm.companies.matching import COMPARED_AT_MOST, directors_of, likenesses, scores, taken
from crm.companies.models import Address, Company, CompanyName, Identifier, MatchKey, Officer, SourceRecord
from crm.companies.rules import mail_domain, phone_numbers
from crm.kernel.names.bounds import Bound
from crm.kernel.names.legal import core_name
from crm.kernel.names.likeness import Likeness, NameParts, name_score
from crm.kernel.names.renamed import is_another_name
from prospects.directories.choices import HeldBack, Verdict
from prospects.directories.models import RowDecision, Source
from prospects.directories.rules import Changes, Held, Key, Row, Statement, bears_out, merge
from prospects.directories.selectors import held, in_chunks, survivors
from prospects.directories.services.namesakes import bearers_of, unmet_in, unmet_names
from prospects.directories.services.sketches import Glance, Sketch

BLOCK_AT_MOST = 2_000
"""A block of more companies says nothing (the domain of a public mail service)."""

SAME_NAME = 100
_CONTACT = {"t": "phone", "d": "email_domain"}
"""First letters of blocks that are no names, with the field that they are of."""

_BLOCKS_KEPT, _SKETCHES_KEPT, _READ_AT_ONCE = 2_000_000, 200_000, 5_000
_ENTITY_KINDS = frozenset(IdentifierKind) - {IdentifierKind.STOCK, IdentifierKind.ISIN}

Target = int
"""A company's id; for a company that an earlier row of the file makes, that row's number, negative."""


@dataclass(slots=True)
class Found:
    """What becomes of a row: its verdict; the company where there is one; what changes; or why it waits, and for whom it may be."""

    row: Row
    verdict: Verdict
    target: Target | None = None
    changes: Changes | None = None
    held_back: str = ""
    candidates: dict[Target, int] = field(default_factory=dict)


class Matcher:
    """Goes through a file from its first row to its last, a batch at a time, and remembers what earlier rows of it have made."""

    def __init__(self, source: Source | None, *, show_from: int) -> None:
        self.source = source
        self.source_name = source.name if source else ""
        self.show_from = show_from
        self.held: dict[Target, Held] = {}
        self._claimed: dict[Key, tuple[Target, Row]] = {}
        self._stated: dict[bytes, Target] = {}
        self._new = _NewRows()
        self._ready: dict[int, _Ready] = {}
        self._bearers: Mapping[str, set[int]] = {}
        self._known = _KnownCompanies()

    def find(self, rows: Sequence[Row]) -> list[Found]:
        """What becomes of each row of the next batch, in order. The number of queries does not depend on what is in it."""
        self._ready = {row.number: _Ready.of(row) for row in rows}
        batch = _Known(self.source, rows)
        wanted = {target for target in (*batch.recorded.values(), *batch.taken.values()) if target not in self.held}
        self.held |= held(wanted)
        self._bearers = bearers_of(unmet_in(rows, batch.taken, self.held))
        alike = self._alike([row for row in rows if row.key not in batch.recorded and batch.taken.keys().isdisjoint(row.statement.keys)])
        return [self._find(row, batch, alike.get(row.number, {})) for row in rows]

    def _find(self, row: Row, batch: "_Known", alike: dict[Target, int]) -> Found:
        recorded = batch.recorded.get(row.key)
        hits = self._hits(row, batch)
        if recorded is not None and row.key in batch.decided:
            others = {key for key, target in hits.items() if target != recorded}
            return self._join(row, recorded, hits, foreign=others | batch.elsewhere)
        targets = set(hits.values()) | ({recorded} if recorded is not None else set())
        if len(targets) > 1:
            return self._hold(row, HeldBack.TWO_COMPANIES, dict.fromkeys(sorted(targets, reverse=True), SAME_NAME))
        if targets:
            target = targets.pop()
            reason = self._doubt(row, target, hits, is_recorded=recorded is not None)
            return self._join(row, target, hits, foreign=batch.elsewhere, reason=reason)
        if (copied := self._stated.get(_said(row))) is not None:
            return self._update(row, copied)
        alike = alike | self._new.alike(self._ready[row.number], at_least=self.show_from)
        return self._hold(row, HeldBack.ALIKE, _likest_first(alike)) if alike else self._create(row)

    def _hits(self, row: Row, batch: "_Known") -> dict[Key, Target]:
        """The targets that hold the row's exact keys, in the file so far or among the companies held."""
        hits: dict[Key, Target] = {}
        for key in row.statement.keys:
            target = self._claimed[key][0] if key in self._claimed else batch.taken.get(key)
            if target is not None:
                hits[key] = target
        return hits

    def _doubt(self, row: Row, target: Target, hits: dict[Key, Target], *, is_recorded: bool) -> str:
        """Why a row whose keys lead to one company is not taken for that company."""
        kinds = {key[0] for key in hits}
        only_isin = kinds == {IdentifierKind.ISIN}
        earlier = [self._claimed[key][1] for key in hits if key in self._claimed]
        if any(other.number != row.number and self._differs(row, other.statement.keys, _names(other), only_isin) for other in earlier):
            return HeldBack.REPEATED
        if is_recorded or not hits:
            return ""
        held = self._held_of(target)
        if not self._differs(row, held.keys, held.names, only_isin):
            return ""
        other_isin = _differing(row.statement.keys, held.keys) & {IdentifierKind.ISIN}
        return HeldBack.OTHER_NAME if only_isin or (kinds == {IdentifierKind.STOCK} and other_isin) else ""

    def _differs(self, row: Row, keys: Iterable[Key], names: Iterable[str], only_isin: bool) -> bool:
        """Whether the names differ. Two codes of one exchange that share an ISIN and no more are of one company only under one name."""
        two_codes = only_isin and IdentifierKind.STOCK in _differing(row.statement.keys, keys)
        return _unlike(_names(row), names, SAME_NAME if two_codes else self.show_from)

    def _join(self, row: Row, target: Target, hits: dict[Key, Target], *, foreign: Iterable[Key], reason: str = "") -> Found:
        """The row is of the company to which its numbers lead, unless there is a reason against it, or its name is another's."""
        namesakes = self._namesakes(row, target) if hits else None
        if reason or namesakes is not None:
            return self._hold(row, reason or HeldBack.OTHER_NAME, dict.fromkeys((target, *(namesakes or ())), SAME_NAME))
        return self._update(row, target, foreign=foreign)

    def _namesakes(self, row: Row, target: Target) -> list[Target] | None:
        """Who else bears the row's name (perhaps nobody known), where it is none of the company to which its numbers lead; else None."""
        if target < 0 or not (cores := unmet_names(row, self._held_of(target))):
            return None
        others = {pk for core in cores for pk in self._bearers.get(core, ())} | set(self._new.bearing(self._ready[row.number], cores))
        others.discard(target)
        is_other = is_another_name(_names(row), self._held_of(target).names) and not self._is_renamed(row, target)
        return sorted(others, reverse=True) if others or is_other else None

    def _is_renamed(self, row: Row, target: Target) -> bool:
        """Whether this very row of the source, in a newer list, gives its company another name and bears it out by what else it says."""
        before = self._held_of(target).said.get((self.source_name, row.key))
        return before is not None and before.as_of < row.as_of and bears_out(before.statement, row.statement)

    def _update(self, row: Row, target: Target, foreign: Iterable[Key] = ()) -> Found:
        changes = merge(self._held_of(target), row, self.source_name, foreign=frozenset(foreign))
        self._claim(row, target, without=foreign)
        return Found(row, Verdict.UPDATED if changes else Verdict.UNCHANGED, target, changes)

    def _create(self, row: Row) -> Found:
        target = -row.number
        self._claim(row, target)
        self._new.add(self._ready[row.number])
        return Found(row, Verdict.CREATED, target)

    def _held_of(self, target: Target) -> Held:
        """What is held of a company; of one that the file makes, once a second row is of it."""
        if target not in self.held:
            self.held[target] = Held.made_of(self._new.row(-target), self.source_name)
        return self.held[target]

    def _hold(self, row: Row, reason: str, candidates: dict[Target, int]) -> Found:
        return Found(row, Verdict.DUPLICATE, held_back=reason, candidates=candidates)

    def _claim(self, row: Row, target: Target, without: Iterable[Key] = ()) -> None:
        for key in row.statement.keys:
            if key not in without:
                self._claimed.setdefault(key, (target, row))
        self._stated.setdefault(_said(row), target)

    def _alike(self, rows: Sequence[Row]) -> dict[int, dict[Target, int]]:
        """For each row the companies held that are like it, with their scores."""
        if not rows:
            return {}
        close = self._known.close([self._ready[row.number] for row in rows], at_least=self.show_from)
        worth = {pk for ids in close.values() for pk in ids}
        known, numbers = likenesses(sorted(worth)), _numbers_of(worth)
        return {row.number: self._scored(row, close[row.number], known, numbers) for row in rows if close[row.number]}

    def _scored(self, row: Row, ids: Sequence[int], known: dict[int, Likeness], numbers: dict[int, set[Key]]) -> dict[Target, int]:
        others = {pk: known[pk] for pk in ids if pk in known and not _is_other(row, numbers.get(pk, set()), known[pk].names)}
        return scores(_likeness(row.statement), others, at_least=self.show_from) if others else {}


@dataclass(frozen=True, slots=True)
class _Ready:
    """A row, ready to be compared by likeness: the blocks in which it stands, its sketch, and the bound of its names."""

    row: Row
    blocks: set[str]
    sketch: Sketch
    bound: Bound

    @classmethod
    def of(cls, row: Row) -> Self:
        said = row.statement
        phone, email, website = (_value(said, name) for name in ("phone", "email", "website"))
        blocks = match_keys_of(names=_names(row), phone=phone, email=email, website=website)
        names = NameParts.of(_names(row))
        sketch = Sketch.of(names, phone=bool(phone_numbers(phone)), address=bool(said.addresses), director=bool(said.officers))
        return cls(row, blocks, sketch, Bound(sketch.names))


class _KnownCompanies:
    """The companies held, by block, with their sketches; each is read once for a whole file."""

    def __init__(self) -> None:
        self._blocks: dict[str, array[int]] = {}
        self._too_large: set[str] = set()
        self._sketches: dict[int, Sketch] = {}

    def close(self, rows: Sequence[_Ready], *, at_least: int) -> dict[int, list[int]]:
        """For each row, by its number, the companies that may be as like as `at_least`."""
        self._fetch_blocks({key for ready in rows for key in ready.blocks})
        chosen = {ready.row.number: _sharing_most(self._blocks, ready.blocks) for ready in rows}
        self._fetch_sketches({pk for ids in chosen.values() for pk in ids})
        return {ready.row.number: self._may_be(ready, chosen[ready.row.number], at_least) for ready in rows}

    def _may_be(self, ready: _Ready, ids: Sequence[int], at_least: int) -> list[int]:
        return _glance(ready, self._blocks, self._too_large, at_least=at_least).allowed(ids, self._sketches)

    def _fetch_blocks(self, keys: set[str]) -> None:
        if sum(map(len, self._blocks.values())) > _BLOCKS_KEPT:
            self._blocks.clear()
            self._too_large.clear()
        found: dict[str, array[int]] = {key: array("q") for key in keys - self._blocks.keys()}
        for chunk in in_chunks(sorted(found)):
            rows = MatchKey.objects.filter(key__in=chunk, company__merged_into=None).values_list("key", "company_id")
            for key, pk in rows.iterator(chunk_size=_READ_AT_ONCE):
                found[key].append(pk)
        too_large = {key for key, ids in found.items() if len(ids) > BLOCK_AT_MOST}
        self._blocks.update((key, array("q") if key in too_large else ids) for key, ids in found.items())
        self._too_large |= too_large

    def _fetch_sketches(self, ids: set[int]) -> None:
        if len(self._sketches) > _SKETCHES_KEPT:
            self._sketches.clear()
        for chunk in in_chunks(ids - self._sketches.keys()):
            names: dict[int, list[str]] = defaultdict(list)
            for pk, text in CompanyName.objects.filter(company_id__in=chunk).values_list("company_id", "text"):
                names[pk].append(text)
            others = Exists(Address.objects.filter(company=OuterRef("pk"))), Exists(Officer.objects.filter(company=OuterRef("pk")))
            for pk, phone, address, officer in Company.objects.filter(pk__in=chunk).values_list("pk", "phone", *others):
                parts = NameParts.of(names[pk])
                self._sketches[pk] = Sketch.of(parts, phone=bool(phone_numbers(phone)), address=address, director=officer)


class _Known:
    """What the tables say of a batch: companies of its row keys, decisions on them, companies that hold its exact keys.

    Of a company that was merged into another, that other one; `elsewhere` are the keys that still stand with the company merged away.
    """

    def __init__(self, source: Source | None, rows: Sequence[Row]) -> None:
        row_keys = [row.key for row in rows]
        self.recorded: dict[str, int] = {}
        self.decided: set[str] = set()
        if source is not None:
            for keys in in_chunks(row_keys):
                records = SourceRecord.objects.filter(source=source.name, row_key__in=keys)
                self.recorded.update(records.values_list("row_key", "company_id"))
                if source.pk:
                    self.decided.update(RowDecision.objects.filter(source=source, row_key__in=keys).values_list("row_key", flat=True))
        self.taken: dict[Key, int] = taken(key for row in rows for key in row.statement.keys)
        merged = survivors({*self.recorded.values(), *self.taken.values()})
        self.elsewhere = {key for key, pk in self.taken.items() if pk in merged}
        if merged:
            self.recorded = {key: merged.get(pk, pk) for key, pk in self.recorded.items()}
            self.taken = {key: merged.get(pk, pk) for key, pk in self.taken.items()}


class _NewRows:
    """The companies that the file has made so far, by the blocks in which they are compared with later rows."""

    def __init__(self) -> None:
        self._blocks: dict[str, list[int]] = defaultdict(list)
        self._too_large: set[str] = set()
        self._rows: dict[int, Row] = {}
        self._sketches: dict[int, Sketch] = {}

    def add(self, ready: _Ready) -> None:
        number = ready.row.number
        self._rows[number], self._sketches[number] = ready.row, ready.sketch
        for key in ready.blocks - self._too_large:
            self._blocks[key].append(number)
            if len(self._blocks[key]) > BLOCK_AT_MOST:
                self._too_large.add(key)
                del self._blocks[key]

    def row(self, number: int) -> Row:
        """The row that makes a company."""
        return self._rows[number]

    def bearing(self, ready: _Ready, cores: set[str]) -> list[Target]:
        """The companies made so far that bear one of these core names."""
        numbers = _sharing_most(self._blocks, ready.blocks)
        return [-number for number in numbers if not cores.isdisjoint(map(core_name, _names(self._rows[number])))]

    def alike(self, ready: _Ready, *, at_least: int) -> dict[Target, int]:
        """The companies made so far whose likeness to the row reaches a score, each with it."""
        others = _sharing_most(self._blocks, ready.blocks)
        if not others:
            return {}
        row = ready.row
        close = _glance(ready, self._blocks, self._too_large, at_least=at_least).allowed(others, self._sketches)
        likely = {
            -number: _likeness(other.statement)
            for number, other in ((number, self._rows[number]) for number in close)
            if not _is_other(row, set(other.statement.keys), tuple(_names(other)))
        }
        return scores(_likeness(row.statement), likely, at_least=at_least) if likely else {}


def _sharing_most(blocks: Mapping[str, Sequence[int]], keys: set[str]) -> list[int]:
    """Who stands in these blocks: those that share most of them first, and no more than are compared for one company."""
    shared = Counter(chain.from_iterable(blocks.get(key, ()) for key in keys))
    if len(shared) <= COMPARED_AT_MOST:
        return list(shared)
    return sorted(sorted(shared), key=shared.__getitem__, reverse=True)[:COMPARED_AT_MOST]


def _glance(ready: _Ready, blocks: Mapping[str, Sequence[int]], too_large: set[str], *, at_least: int) -> Glance:
    """A row, ready to be held against the sketches of others: of those that share a phone number or mail domain, and of the rest."""
    contacts = [key for key in ready.blocks if key[0] in _CONTACT]
    unknown = {_CONTACT[key[0]] for key in contacts if key in too_large}
    by_contact = {one for key in contacts for one in blocks.get(key, ())}
    return Glance(ready.sketch, ready.bound, at_least=at_least, contacts=unknown, by_contact=by_contact)


def _said(row: Row) -> bytes:
    """What makes two rows copies of each other."""
    said = row.statement
    parts = said.values, said.names, said.keys, said.addresses, said.officers, said.details
    return blake2b(repr(parts).encode(), digest_size=16).digest()


def _value(statement: Statement, name: str) -> str:
    """A text of the company's own fields, or nothing."""
    return str(statement.values.get(name, ""))


def _likeness(statement: Statement) -> Likeness:
    """What is compared of a company that a row states."""
    domain = mail_domain(_value(statement, "email"), _value(statement, "website"))
    return Likeness(
        names=tuple(text for _, text in statement.names),
        phones=phone_numbers(_value(statement, "phone")),
        addresses=tuple(text for _, *texts in statement.addresses for text in texts if text),
        email_domains=frozenset({domain} if domain else ()),
        directors=directors_of(name for name, _ in statement.officers),
    )


def _names(row: Row) -> list[str]:
    return [text for _, text in row.statement.names]


def _numbers_of(ids: Iterable[int]) -> dict[int, set[Key]]:
    found: dict[int, set[Key]] = defaultdict(set)
    for chunk in in_chunks(sorted(ids)):
        for pk, *key in Identifier.objects.filter(company_id__in=chunk).values_list("company_id", "kind", "scope", "value"):
            found[pk].add((key[0], key[1], key[2]))
    return found


def _differing(ours: Iterable[Key], theirs: Iterable[Key]) -> set[str]:
    """The kinds of numbers that both have and in which they differ; a stock code differs within one exchange only."""
    mine, other = _by_kind(ours), _by_kind(theirs)
    return {kind for kind, scope in mine.keys() & other.keys() if mine[kind, scope].isdisjoint(other[kind, scope])}


def _by_kind(keys: Iterable[Key]) -> dict[tuple[str, str], set[str]]:
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for kind, scope, value in keys:
        found[kind, scope].add(value)
    return found


def _is_other(row: Row, numbers: set[Key], names: Sequence[str]) -> bool:
    """Certainly another company: another number of a kind that is given to a company once; or another code on the same exchange.

    A company has several codes on one exchange for its classes of shares, but then one name.
    """
    kinds = _differing(row.statement.keys, numbers)
    if kinds & _ENTITY_KINDS:
        return True
    return IdentifierKind.STOCK in kinds and (name_score(_names(row), names) or 0) < SAME_NAME


def _unlike(ours: Iterable[str], theirs: Iterable[str], show_from: int) -> bool:
    """The names differ; names of different scripts cannot be compared, which is not the same."""
    score = name_score(ours, theirs)
    return score is not None and score < show_from


def _likest_first(scored: dict[Target, int]) -> dict[Target, int]:
    return dict(sorted(scored.items(), key=lambda pair: (-pair[1], pair[0])))
