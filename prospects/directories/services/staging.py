"""Compares all rows of a file with the companies held, before any of them is carried out."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import Max

from crm.companies.models import Company
from crm.policy import selectors as policy
from crm.staff.choices import Jurisdiction
from prospects.directories.choices import ImportState, Verdict
from prospects.directories.mapping import Mapping, Problem, RefusedRow, RowFacts, to_facts
from prospects.directories.models import Import, StagedRow
from prospects.directories.reading.guarded import read_in_child
from prospects.directories.rules import Row, RowKeys, Statement
from prospects.directories.selectors import in_chunks, marks
from prospects.directories.services.matching import Found, Matcher

COMPARED_AT_ONCE = 500
REASON_LENGTH = 300

Progress = Callable[[int, int], None]
"""Hears how many of how many rows are through."""

Cells = Sequence[str]


@dataclass(slots=True)
class Compared:
    """A row of the file and what becomes of it. `row` and `found` are there unless it is refused or not chosen."""

    number: int
    cells: Cells
    verdict: Verdict
    row: Row | None = None
    found: Found | None = None
    problems: list[list[str]] = field(default_factory=list)


class Reader:
    """Reads cells as an import's mapping and days ask for."""

    def __init__(self, *, mapping: Mapping, as_of: dt.date, today: dt.date) -> None:
        self.mapping = mapping
        self.as_of = as_of
        self.today = today

    def facts(self, cells: Cells) -> RowFacts | RefusedRow:
        """What the cells say of a company."""
        return to_facts(self.mapping, cells, today=self.today)

    def row(self, number: int, facts: RowFacts, statement: Statement, key: str) -> Row:
        """The row, dated by the list's own column where it has one, else by the import."""
        dated = facts.as_of is not None and facts.as_of <= self.today
        return Row(number, key, facts.as_of if dated and facts.as_of else self.as_of, statement)


class Comparison:
    """Compares the rows of a file, first to last, with what is held. Writes nothing."""

    def __init__(self, reader: Reader, matcher: Matcher, *, chosen: Callable[[Cells], bool]) -> None:
        self.reader = reader
        self.matcher = matcher
        self.chosen = chosen
        self._keys = RowKeys()

    def compare(self, rows: Iterable[tuple[int, list[str]]]) -> Iterator[list[Compared]]:
        """The rows in order, in batches, with what becomes of each."""
        for batch in in_chunks(rows, COMPARED_AT_ONCE):
            compared = [self._read(number, cells) for number, cells in batch]
            wanted = {entry.row.number: entry for entry in compared if entry.row is not None}
            for found in self.matcher.find([entry.row for entry in wanted.values() if entry.row is not None]):
                entry = wanted[found.row.number]
                entry.found, entry.verdict = found, found.verdict
            yield compared

    def _read(self, number: int, cells: list[str]) -> Compared:
        if not self.chosen(cells):
            return Compared(number, cells, Verdict.SKIPPED)
        facts = self.reader.facts(cells)
        if isinstance(facts, RefusedRow):
            return Compared(number, cells, Verdict.REFUSED, problems=in_words(facts.problems))
        statement = Statement.of(facts)
        row = self.reader.row(number, facts, statement, self._keys.key_of(statement))
        return Compared(number, cells, Verdict.CREATED, row, problems=in_words(facts.warnings))


def in_words(problems: Iterable[Problem]) -> list[list[str]]:
    """Problems as [column, value, reason], the reason in the language that is active."""
    return [[problem.column, problem.value, str(problem.reason)[:REASON_LENGTH]] for problem in problems]


def show_from(actor: Any, on: dt.date) -> int:
    """The score from which a company may be the same (policy `companies.match`)."""
    centre = actor.actor.centre if actor is not None else None
    jurisdiction = centre.jurisdiction if centre is not None else Jurisdiction.HK
    return int(policy.table("companies.match", jurisdiction=jurisdiction, on=on)["show"])


def reader_of(directory_import: Import, *, on: dt.date) -> Reader:
    """Reads the rows of an import."""
    return Reader(mapping=directory_import.read_as, as_of=directory_import.as_of, today=on)


def comparison_of(directory_import: Import, *, actor: Any, on: dt.date) -> Comparison:
    """The comparison that an import asks for."""
    matcher = Matcher(directory_import.source, show_from=show_from(actor, on))
    return Comparison(reader_of(directory_import, on=on), matcher, chosen=directory_import.chosen)


def stage(directory_import: Import, *, actor: Any, on: dt.date, progress: Progress) -> None:
    """Compare all rows and keep what becomes of each; begun anew, it starts from nothing. UnreadableFile as when it was brought."""
    StagedRow.objects.filter(of_import=directory_import)._raw_delete("default")
    newest_company = Company.objects.aggregate(newest=Max("pk"))["newest"] or 0
    comparison = comparison_of(directory_import, actor=actor, on=on)
    counts = dict.fromkeys(Verdict, 0)
    with read_in_child(directory_import.file.path, directory_import.file.name, directory_import.sheet or None) as result:
        done = 0
        for batch in comparison.compare(result.rows()):
            with transaction.atomic():
                StagedRow.objects.bulk_create([_staged(directory_import, compared) for compared in batch])
            for compared in batch:
                counts[compared.verdict] += 1
            done += len(batch)
            progress(done, result.row_count)
    directory_import.marks, directory_import.read = {**marks(), "company": newest_company}, done
    for verdict, count in counts.items():
        setattr(directory_import, verdict.value, count)
    directory_import.state = ImportState.PUBLISHING
    directory_import.record(actor=actor, fields=["marks", "read", "state", *(verdict.value for verdict in Verdict)])


def _staged(directory_import: Import, compared: Compared) -> StagedRow:
    found = compared.found
    target = found.target if found else None
    kept = compared.verdict != Verdict.SKIPPED
    return StagedRow(
        of_import=directory_import,
        number=compared.number,
        key=compared.row.key if compared.row else "",
        cells=list(compared.cells) if kept else [],
        verdict=compared.verdict,
        company_id=target if target is not None and target > 0 else None,
        same_as_row=-target if target is not None and target < 0 and compared.verdict != Verdict.CREATED else None,
        held_back=found.held_back if found else "",
        problems=compared.problems,
        candidates=[as_candidate(target, score) for target, score in found.candidates.items()] if found else [],
    )


def as_candidate(target: int, score: int) -> dict[str, int]:
    """A candidate as `StagedRow.candidates` keeps it."""
    return {"company": target, "score": score} if target > 0 else {"row": -target, "score": score}
