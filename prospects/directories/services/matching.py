"""Finds the companies that the rows of a list are of: by what the source said before, by exact keys, by likeness (domain 2.4)."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from crm.companies.choices import IdentifierKind
from crm.companies.indexing import match_keys_of
from crm.companies.matching import COMPARED_AT_MOST, likeness_from, likenesses, scores, taken
from crm.companies.models import CompanyName, Identifier, MatchKey, SourceRecord
from crm.kernel.names.likeness import Likeness, name_score
from prospects.directories.choices import HeldBack, Verdict
from prospects.directories.models import RowDecision, Source
from prospects.directories.rules import Changes, Held, Key, Row, merge
from prospects.directories.selectors import AT_ONCE, held, in_chunks, survivors

BLOCK_AT_MOST = 2_000
"""A block of more companies says nothing (the domain of a public mail service)."""

NAMES_KEPT = 50_000
SAME_NAME = 100
_ENTITY_KINDS = frozenset(IdentifierKind) - {IdentifierKind.STOCK, IdentifierKind.ISIN}

# Where neither phone nor mail domain is shared, the fields besides the name weigh 20 of 70 at most: below, no score of 65 comes out.
_NAME_AT_LEAST = 50

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
        self._stated: dict[tuple[Any, ...], Target] = {}
        self._new = _NewRows()
        self._blocks: dict[int, set[str]] = {}
        self._names: dict[int, tuple[str, ...]] = {}

    def find(self, rows: Sequence[Row]) -> list[Found]:
        """What becomes of each row of the next batch, in order. The number of queries does not depend on what is in it."""
        self._blocks = {row.number: _match_keys(row) for row in rows}
        batch = _Known(self.source, rows)
        wanted = {target for target in (*batch.recorded.values(), *batch.taken.values()) if target not in self.held}
        self.held |= held(wanted)
        alike = self._alike([row for row in rows if row.key not in batch.recorded and batch.taken.keys().isdisjoint(row.statement.keys)])
        return [self._find(row, batch, alike.get(row.number, {})) for row in rows]

    def _find(self, row: Row, batch: "_Known", alike: dict[Target, int]) -> Found:
        recorded = batch.recorded.get(row.key)
        hits = self._hits(row, batch)
        if recorded is not None and row.key in batch.decided:
            others = {key for key, target in hits.items() if target != recorded}
            return self._update(row, recorded, foreign=others | batch.elsewhere)
        targets = set(hits.values()) | ({recorded} if recorded is not None else set())
        if len(targets) > 1:
            return self._hold(row, HeldBack.TWO_COMPANIES, dict.fromkeys(sorted(targets, reverse=True), SAME_NAME))
        if targets:
            target = targets.pop()
            reason = self._doubt(row, target, hits, is_recorded=recorded is not None)
            return self._hold(row, reason, {target: SAME_NAME}) if reason else self._update(row, target, foreign=batch.elsewhere)
        if (copied := self._stated.get(_said(row))) is not None:
            return self._update(row, copied)
        alike = alike | self._new.alike(row, self._blocks[row.number], at_least=self.show_from)
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
        earlier = [self._claimed[key][1] for key in hits if key in self._claimed]
        if any(other.number != row.number and _unlike(_names(row), _names(other), self.show_from) for other in earlier):
            return HeldBack.REPEATED
        if is_recorded or not hits or not _unlike(_names(row), self.held[target].names, self.show_from):
            return ""
        kinds = {key[0] for key in hits}
        other_isin = _differing(row.statement.keys, self.held[target].keys) & {IdentifierKind.ISIN}
        doubtful = kinds == {IdentifierKind.ISIN} or (kinds == {IdentifierKind.STOCK} and other_isin)
        return HeldBack.OTHER_NAME if doubtful else ""

    def _update(self, row: Row, target: Target, foreign: Iterable[Key] = ()) -> Found:
        changes = merge(self.held[target], row, self.source_name, foreign=frozenset(foreign))
        self._claim(row, target, without=foreign)
        return Found(row, Verdict.UPDATED if changes else Verdict.UNCHANGED, target, changes)

    def _create(self, row: Row) -> Found:
        target = -row.number
        self.held[target] = Held.made_of(row, self.source_name)
        self._claim(row, target)
        self._new.add(row, self._blocks[row.number])
        return Found(row, Verdict.CREATED, target)

    def _hold(self, row: Row, reason: str, candidates: dict[Target, int]) -> Found:
        return Found(row, Verdict.DUPLICATE, held_back=reason, candidates=candidates)

    def _claim(self, row: Row, target: Target, without: Iterable[Key] = ()) -> None:
        for key in row.statement.keys:
            if key not in without:
                self._claimed.setdefault(key, (target, row))
        self._stated.setdefault(_said(row), target)

    def _alike(self, rows: Sequence[Row]) -> dict[int, dict[Target, int]]:
        """For each row the companies held that are like it, with their scores."""
        blocks = {row.number: self._blocks[row.number] for row in rows}
        sharing = _sharing({key for keys in blocks.values() for key in keys})
        shared = {number: Counter(pk for key in keys for pk in sharing.get(key, ())) for number, keys in blocks.items()}
        chosen = {number: [pk for pk, _ in count.most_common(COMPARED_AT_MOST)] for number, count in shared.items()}
        self._fetch_names({pk for ids in chosen.values() for pk in ids})
        by_contact = {number: _by_contact(keys, sharing) for number, keys in blocks.items()}
        close = {row.number: self._close(row, chosen[row.number], by_contact[row.number]) for row in rows}
        worth = {pk for ids in close.values() for pk in ids}
        known, numbers = likenesses(sorted(worth)), _numbers_of(worth)
        return {row.number: self._scored(row, close[row.number], known, numbers) for row in rows if close[row.number]}

    def _close(self, row: Row, ids: Sequence[int], by_contact: set[int]) -> list[int]:
        """Those that can reach the score at all, by their names alone."""
        own = tuple(_names(row))
        return [pk for pk in ids if pk in by_contact or (name_score(own, self._names.get(pk, ())) or 0) >= _NAME_AT_LEAST]

    def _scored(self, row: Row, ids: Sequence[int], known: dict[int, Likeness], numbers: dict[int, set[Key]]) -> dict[Target, int]:
        others = {pk: known[pk] for pk in ids if pk in known and not _is_other(row, numbers.get(pk, set()), known[pk].names)}
        return scores(likeness_from(row.company), others, at_least=self.show_from)

    def _fetch_names(self, ids: set[int]) -> None:
        if len(self._names) > NAMES_KEPT:
            self._names.clear()
        found: dict[int, list[str]] = defaultdict(list)
        for chunk in in_chunks(ids - self._names.keys()):
            for pk, text in CompanyName.objects.filter(company_id__in=chunk).values_list("company_id", "text"):
                found[pk].append(text)
        self._names.update((pk, tuple(texts)) for pk, texts in found.items())


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
        self._rows: dict[int, tuple[Row, Likeness]] = {}

    def add(self, row: Row, blocks: set[str]) -> None:
        self._rows[row.number] = row, likeness_from(row.company)
        for key in blocks:
            self._blocks[key].append(row.number)

    def alike(self, row: Row, blocks: set[str], *, at_least: int) -> dict[Target, int]:
        shared = Counter(number for key in blocks for number in self._blocks.get(key, ()))
        others = [self._rows[number] for number, _ in shared.most_common(COMPARED_AT_MOST)]
        likely = {
            -other.number: likeness for other, likeness in others if not _is_other(row, set(other.statement.keys), tuple(_names(other)))
        }
        return scores(likeness_from(row.company), likely, at_least=at_least) if likely else {}


def _said(row: Row) -> tuple[Any, ...]:
    """What makes two rows copies of each other."""
    said = row.statement
    return tuple(said.values.items()), said.names, said.keys, said.addresses, said.officers, tuple(said.details.items())


def _names(row: Row) -> list[str]:
    return [text for _, text in row.statement.names]


def _match_keys(row: Row) -> set[str]:
    return match_keys_of(names=_names(row), phone=row.company.phone, email=row.company.email, website=row.company.website)


def _sharing(keys: set[str]) -> dict[str, list[int]]:
    """The companies of each block. Large blocks are left out."""
    found: dict[str, list[int]] = defaultdict(list)
    for chunk in in_chunks(sorted(keys)):
        for key, pk in MatchKey.objects.filter(key__in=chunk, company__merged_into=None).values_list("key", "company_id"):
            found[key].append(pk)
    return {key: ids for key, ids in found.items() if len(ids) <= BLOCK_AT_MOST}


def _by_contact(keys: set[str], sharing: dict[str, list[int]]) -> set[int]:
    """Companies that share a phone number or a mail domain, which weigh enough for names that differ."""
    return {pk for key in keys if key[0] in "td" for pk in sharing.get(key, ())}


def _numbers_of(ids: Iterable[int]) -> dict[int, set[Key]]:
    found: dict[int, set[Key]] = defaultdict(set)
    for chunk in in_chunks(sorted(ids), AT_ONCE):
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
