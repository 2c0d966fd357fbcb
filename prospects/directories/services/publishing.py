"""Carries out what the comparison found, in chunks of at most half a second; killed half-way, it goes on after the last whole chunk.

How far it is stands in `Import.published_through`, written in the transaction of the chunk itself: a row is carried out exactly once.
"""

import datetime as dt
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Count, Max, OuterRef, Subquery

from crm.companies.matching import taken
from crm.companies.models import Company, SourceRecord
from prospects.directories.choices import HeldBack, ImportState, Verdict
from prospects.directories.mapping import RefusedRow
from prospects.directories.models import Import, RowDecision, StagedRow
from prospects.directories.rules import Changes, Key, Row, Statement, merge
from prospects.directories.selectors import held, survivors
from prospects.directories.services.importing import held_import, today_of
from prospects.directories.services.matching import SAME_NAME, Found, Matcher
from prospects.directories.services.staging import Progress, as_candidate, reader_of, show_from
from prospects.directories.services.writing import Origin, create_companies, write_changes, write_records

CHUNK_SECONDS = 0.5
SMALLEST, FIRST, LARGEST = 10, 50, 400
_AIM = 0.6
_ATTEMPTS = 5
_CARRIED_OUT = (Verdict.CREATED, Verdict.UPDATED, Verdict.UNCHANGED)
_WRITTEN = ["company", "verdict", "done", "held_back", "candidates", "same_as_row"]


def publish(directory_import: Import, *, actor: Any, now: dt.datetime, progress: Progress) -> None:
    """Carry out all rows that are left, then close the import."""
    rows = StagedRow.objects.filter(of_import=directory_import, verdict__in=_CARRIED_OUT)
    total = rows.count()
    done = rows.filter(number__lte=directory_import.published_through).count()
    size, failures = FIRST, 0
    while True:
        started = time.perf_counter()
        try:
            carried_out = _chunk(directory_import.pk, size, actor=actor, now=now)
        except IntegrityError:
            # Somebody took one of these exact keys at this very moment. Alone, the row that meets it is compared again.
            failures += 1
            if failures > _ATTEMPTS * size:
                raise
            size = 1
            continue
        if not carried_out:
            break
        done, failures = done + carried_out, 0
        pace = CHUNK_SECONDS * _AIM / max(time.perf_counter() - started, 0.001)
        size = max(SMALLEST, min(LARGEST, size * 2, int(size * pace)))
        progress(done, total)
    _close(directory_import, actor=actor, now=now)


@transaction.atomic
def _chunk(import_id: int, size: int, *, actor: Any, now: dt.datetime) -> int:
    """Carry out the next rows. Two workers on one import wait for each other here."""
    directory_import = held_import(import_id)
    through = directory_import.published_through
    rows = StagedRow.objects.filter(of_import=directory_import, number__gt=through, verdict__in=_CARRIED_OUT)
    staged = list(rows.order_by("number")[:size])
    if staged:
        _Chunk(directory_import, staged, actor=actor, now=now).carry_out()
        Import.objects.filter(pk=import_id).update(published_through=staged[-1].number)
    return len(staged)


@transaction.atomic
def _close(directory_import: Import, *, actor: Any, now: dt.datetime) -> None:
    directory_import.refresh_from_db()
    count_anew(directory_import)
    last = StagedRow.objects.filter(of_import=directory_import).aggregate(number=Max("number"))["number"]
    directory_import.published_through = last or 0
    directory_import.state, directory_import.finished_at = ImportState.DONE, now
    directory_import.record(actor=actor, fields=["state", "finished_at", "published_through", *(verdict.value for verdict in Verdict)])
    source = directory_import.source
    if source.as_of is None or source.as_of < directory_import.as_of:
        source.as_of = directory_import.as_of
        source.record(actor=actor, fields=["as_of"])


def count_anew(directory_import: Import) -> None:
    """Set the counts of an import by its rows; the caller saves it."""
    counted = StagedRow.objects.filter(of_import=directory_import).order_by().values_list("verdict").annotate(Count("pk"))
    counts = dict(counted)
    for verdict in Verdict:
        setattr(directory_import, verdict.value, counts.get(verdict.value, 0))


def origin_of(directory_import: Import, *, actor: Any, now: dt.datetime) -> Origin:
    """In whose name the import writes."""
    return Origin(actor, directory_import.source.name, directory_import.change_reason, now)


def hold_back(staged: StagedRow, reason: str, candidates: dict[int, int]) -> None:
    """Leave the row to a person; the caller saves it."""
    staged.verdict, staged.held_back, staged.company_id, staged.same_as_row = Verdict.DUPLICATE, reason, None, None
    staged.candidates = [as_candidate(target, score) for target, score in candidates.items()]


def row_of(directory_import: Import, staged: StagedRow, *, on: dt.date) -> Row:
    """What a staged row says, read anew from its cells."""
    reader = reader_of(directory_import, on=on)
    facts = reader.facts(staged.cells)
    if isinstance(facts, RefusedRow):
        raise ValueError(f"Row {staged} was taken when it was compared")
    return reader.row(staged.number, facts, Statement.of(facts), staged.key)


@dataclass(slots=True)
class _Pending:
    """A row in hand: what it says, and the company that it is of, once there is one."""

    staged: StagedRow
    row: Row
    target: int | None
    made: bool = False


class _Chunk:
    """Some rows, carried out in one transaction: what was found is checked against what is held at this moment."""

    def __init__(self, directory_import: Import, staged: Sequence[StagedRow], *, actor: Any, now: dt.datetime) -> None:
        self.directory_import = directory_import
        self.actor = actor
        self.on = today_of(actor, now)
        self.origin = origin_of(directory_import, actor=actor, now=now)
        self.found = {one.pk: (one.verdict, one.company_id) for one in staged}
        self.rows = [_Pending(one, row_of(directory_import, one, on=self.on), one.company_id) for one in staged]
        self.taken: dict[Key, int] = taken(key for pending in self.rows for key in pending.row.statement.keys)
        merged = survivors({*self.taken.values(), *(one.company_id for one in staged if one.company_id)})
        self.elsewhere = {key for key, pk in self.taken.items() if pk in merged}
        self.taken = {key: merged.get(pk, pk) for key, pk in self.taken.items()}
        for pending in self.rows:
            pending.target = merged.get(pending.target, pending.target) if pending.target else None

    def carry_out(self) -> None:
        """Create, then update, then mark the rows."""
        self._create([pending for pending in self.rows if pending.target is None and pending.staged.same_as_row is None])
        self._follow_earlier_rows()
        self._update([pending for pending in self.rows if pending.target is not None and pending.staged.verdict != Verdict.DUPLICATE])
        self._mark()

    def _mark(self) -> None:
        """Write what became of the rows: in bulk for those of which it is what was found, one by one for the few others."""
        created = [pending.staged.pk for pending in self.rows if pending.made]
        if created:
            records = SourceRecord.objects.filter(source=self.origin.source_name, row_key=OuterRef("key"))
            StagedRow.objects.filter(pk__in=created).update(company=Subquery(records.values("company_id")[:1]))
        others = [pending.staged for pending in self.rows if not pending.made]
        as_found = [staged for staged in others if (staged.verdict, staged.company_id) == self.found[staged.pk]]
        StagedRow.objects.bulk_update([staged for staged in as_found if staged.done is not None], ["done"])
        for staged in others:
            if (staged.verdict, staged.company_id) != self.found[staged.pk]:
                staged.save(update_fields=_WRITTEN)

    def _create(self, rows: list[_Pending]) -> None:
        """One company of each row, but for those that somebody has made since the comparison."""
        late = any(key in self.taken for pending in rows for key in pending.row.statement.keys)
        new = rows if not (late or (rows and self._has_newcomers())) else self._compared_again(rows)
        if not new:
            return
        companies = create_companies([pending.row for pending in new], self.origin)
        for pending, company in zip(new, companies, strict=True):
            pending.staged.company_id, pending.made = company.pk, self.found[pending.staged.pk][0] == Verdict.CREATED
            pending.staged.verdict = Verdict.CREATED

    def _has_newcomers(self) -> bool:
        """Whether anybody else has made companies since the comparison."""
        newer = Company.objects.filter(pk__gt=self.directory_import.marks.get("company", 0)).count()
        through = self.directory_import.published_through
        own = StagedRow.objects.filter(of_import=self.directory_import, number__lte=through, verdict=Verdict.CREATED)
        return newer != own.count()

    def _compared_again(self, rows: list[_Pending]) -> list[_Pending]:
        """The rows that are still new; of the others the company is found, or they wait for a person."""
        matcher = Matcher(self.directory_import.source, show_from=show_from(self.actor, self.on))
        by_number = {pending.row.number: pending for pending in rows}
        new = []
        for found in matcher.find([pending.row for pending in rows]):
            pending = by_number[found.row.number]
            if found.verdict == Verdict.CREATED:
                new.append(pending)
            elif found.target is not None and found.target > 0:
                pending.target = found.target
            else:
                self._hold(pending, found)
        return new

    @staticmethod
    def _hold(pending: _Pending, found: Found) -> None:
        candidates = found.candidates or {found.target or 0: SAME_NAME}
        hold_back(pending.staged, found.held_back or HeldBack.REPEATED, candidates)

    def _follow_earlier_rows(self) -> None:
        """Rows of a company that an earlier row of the file makes: which one it is, now that it is made."""
        following = [pending for pending in self.rows if pending.staged.same_as_row is not None]
        if not following:
            return
        numbers = {pending.staged.same_as_row or 0 for pending in following}
        earlier = StagedRow.objects.filter(of_import=self.directory_import, number__in=numbers)
        company_of: dict[int | None, int | None] = dict(earlier.values_list("number", "company_id"))
        company_of |= {pending.staged.number: pending.staged.company_id or pending.target for pending in self.rows}
        for pending in following:
            pending.target = company_of.get(pending.staged.same_as_row)
            if pending.target is None:
                hold_back(pending.staged, HeldBack.REPEATED, {-(pending.staged.same_as_row or 0): SAME_NAME})

    def _update(self, rows: list[_Pending]) -> None:
        """Bring companies up to date, each row on top of those before it."""
        keys = [pending.row.key for pending in rows]
        decided = set(RowDecision.objects.filter(source=self.directory_import.source, row_key__in=keys).values_list("row_key", flat=True))
        now = held({pending.target for pending in rows if pending.target is not None})
        changed: dict[int, list[Changes]] = defaultdict(list)
        said = []
        for pending in rows:
            target = pending.target or 0
            foreign = {key: pk for key in pending.row.statement.keys if (pk := self.taken.get(key, target)) != target}
            if foreign and pending.row.key not in decided:
                hold_back(pending.staged, HeldBack.TWO_COMPANIES, dict.fromkeys((target, *foreign.values()), SAME_NAME))
                continue
            changes = merge(now[target], pending.row, self.origin.source_name, foreign=foreign.keys() | self.elsewhere)
            changed[target].append(changes)
            if changes.says_new:
                said.append((target, pending.row))
            pending.staged.company_id = target
            pending.staged.verdict = Verdict.UPDATED if changes else Verdict.UNCHANGED
            pending.staged.done = changes.to_json() if changes or changes.says_new else None
            self.taken.update(dict.fromkeys(changes.keys, target))
        write_changes(changed, now, self.origin)
        write_records(said, self.origin)
