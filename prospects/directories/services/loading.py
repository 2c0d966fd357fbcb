"""Loads a list in one go: what the command and the demo bank do, and what pages do in steps."""

import datetime as dt
import time
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.kernel.errors import DomainError
from crm.kernel.outbox import lease, run
from prospects.directories.choices import ImportState, Verdict
from prospects.directories.mapping import Condition
from prospects.directories.models import Import, StagedRow
from prospects.directories.permissions import can_import
from prospects.directories.reading.guarded import read_in_child
from prospects.directories.services.importing import (
    proposed_mapping,
    require_condition,
    require_past,
    set_mapping,
    source_named,
    start,
    start_import,
    today_of,
)
from prospects.directories.services.matching import Matcher
from prospects.directories.services.memory import unmapped
from prospects.directories.services.staging import Comparison, Reader, show_from
from prospects.directories.services.tables import described, read_table, require_name


@dataclass
class Report:
    """What came of a list, as the contract names it: every row read is counted in exactly one of the six."""

    read: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    duplicates: int = 0
    refused: int = 0
    skipped: int = 0
    errors: list[dict[str, Any]] = field(default_factory=list)
    seconds: float = 0.0

    def count(self, verdict: str) -> None:
        """One row more."""
        self.read += 1
        setattr(self, verdict, getattr(self, verdict) + 1)

    def refuse(self, number: int, problems: Iterable[list[str]]) -> None:
        """Say what was wrong with a row."""
        self.errors += [{"row": number, "column": column, "value": value, "reason": reason} for column, value, reason in problems]

    def to_json(self) -> dict[str, Any]:
        """Plain values."""
        return asdict(self)


class LoadFailed(DomainError):
    """The list could not be carried out to its end; what is done stands and can be taken back."""

    code = "load_failed"


def load_directory(
    path: Path,
    *,
    actor: Any,
    now: dt.datetime,
    source: str = "",
    only: str = "",
    as_of: dt.date | None = None,
    dry_run: bool = False,
) -> Report:
    """Load the list in the file at `path`, with the columns as remembered or proposed, and say what came of it.

    `only` is a condition such as "Category=Equity"; `as_of` the day of the list, today where it is None. `dry_run` tells what would happen
    and writes nothing. `actor` None is the operator at the console. UnreadableFile, BadCondition, RuleBroken, NotAllowed: nothing is left
    behind. LoadFailed: a worker gave up half-way.
    """
    started = time.perf_counter()
    can_import(user=actor).require()
    report = _rehearse(path, actor, now, source, only, as_of) if dry_run else _load(path, actor, now, source, only, as_of)
    report.seconds = round(time.perf_counter() - started, 2)
    return report


def _rehearse(path: Path, actor: Any, now: dt.datetime, source_name: str, only: str, as_of: dt.date | None) -> Report:
    today = today_of(actor, now)
    require_past(as_of or today, today=today)
    source = source_named(source_name, file_name=path.name)
    report = Report()
    with read_in_child(path, path.name) as result, unmapped():
        mapping = proposed_mapping(source, described(result, path, source.name))
        require_name(mapping)
        condition = require_condition(only, list(result.columns))
        comparison = Comparison(
            Reader(mapping=mapping, as_of=as_of or today, today=today),
            Matcher(source, show_from=show_from(actor, today)),
            chosen=Condition.parse(condition).on(result.columns) if condition else lambda cells: True,
        )
        for batch in comparison.compare(result.rows()):
            for compared in batch:
                report.count(compared.verdict)
                if compared.verdict == Verdict.REFUSED:
                    report.refuse(compared.number, compared.problems)
    return report


def _load(path: Path, actor: Any, now: dt.datetime, source_name: str, only: str, as_of: dt.date | None) -> Report:
    source = source_named(source_name, file_name=path.name)
    table = read_table(path, path.name, source_name=source.name)
    with transaction.atomic():
        brought = start_import(actor=actor, now=now, table=table, source_name=source.name, as_of=as_of)
        set_mapping(
            import_id=brought.pk, mapping=brought.read_as, condition=only, as_of=brought.as_of, remember=False, actor=actor, now=now
        )
        begun = start(import_id=brought.pk, actor=actor, now=now)
        lease(begun.outbox_id or 0, now=timezone.now())
    run(begun.outbox_id or 0)
    return report_of(_finished(begun.pk))


def _finished(import_id: int) -> Import:
    directory_import = Import.objects.select_related("job").get(pk=import_id)
    if directory_import.state != ImportState.DONE:
        reason = directory_import.job.note if directory_import.job else ""
        raise LoadFailed(reason or _("The list was not loaded to its end. A worker goes on with it; see its import."))
    return directory_import


def report_of(directory_import: Import) -> Report:
    """The report of an import that is done."""
    counts: dict[str, Any] = directory_import.counts
    report = Report(read=directory_import.read, **counts)
    refused = StagedRow.objects.filter(of_import=directory_import, verdict=Verdict.REFUSED).order_by("number")
    for number, problems in refused.values_list("number", "problems").iterator():
        report.refuse(number, problems)
    return report
