"""What would happen with the first rows of an import, before it is started."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from crm.companies.models import Company
from crm.kernel.errors import Sentence
from prospects.directories.choices import HeldBack, Verdict
from prospects.directories.models import Import
from prospects.directories.services.importing import today_of
from prospects.directories.services.staging import Compared, comparison_of
from prospects.directories.wording import Told, changes_in_words


@dataclass(frozen=True, slots=True)
class Candidate:
    """A company that a row may be of, or an earlier row of the file, with its score."""

    company: Company | None
    row: int | None
    score: int


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """A row of the preview: what it names, what would happen, what changes, for whom it waits, what is wrong."""

    number: int
    name: str
    verdict: Verdict
    company: Company | None
    changes: list[Told]
    why: Sentence
    candidates: list[Candidate]
    problems: list[list[str]]


def preview(directory_import: Import, *, actor: Any, now: dt.datetime) -> list[PreviewRow]:
    """The first rows of the file, as the import's columns and condition stand. The number of queries does not depend on the rows."""
    comparison = comparison_of(directory_import, actor=actor, on=today_of(actor, now))
    compared = [entry for batch in comparison.compare((row[0], row[1:]) for row in directory_import.sample) for entry in batch]
    companies = Company.objects.visible_to(actor).in_bulk({target for entry in compared for target in _targets(entry) if target > 0})
    return [_shown(entry, companies) for entry in compared]


def _targets(entry: Compared) -> list[int]:
    found = entry.found
    return [] if found is None else [*([found.target] if found.target else []), *found.candidates]


def _shown(entry: Compared, companies: dict[int, Company]) -> PreviewRow:
    found = entry.found
    names = [text for _, text in entry.row.statement.names] if entry.row else []
    return PreviewRow(
        number=entry.number,
        name=" ".join(names[:2]) or next((cell for cell in entry.cells if cell), ""),
        verdict=entry.verdict,
        company=companies.get(found.target) if found and found.target else None,
        changes=changes_in_words(found.changes.to_json()) if found and found.changes else [],
        why=HeldBack(found.held_back).label if found and found.held_back else "",
        candidates=[Candidate(companies.get(pk), -pk if pk < 0 else None, score) for pk, score in found.candidates.items()]
        if found
        else [],
        problems=entry.problems,
    )
