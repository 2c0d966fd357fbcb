"""The steps of an import that a person takes: bring the file, say what its columns mean, start."""

import datetime as dt
import re
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.companies.rules import one_line
from crm.kernel import files
from crm.kernel.errors import RuleBroken
from crm.kernel.jobs import Job
from crm.kernel.outbox import enqueue
from crm.kernel.workflow import check_transition
from prospects.directories.choices import TRANSITIONS, ImportState
from prospects.directories.mapping import Condition, Mapping
from prospects.directories.models import Import, Source
from prospects.directories.permissions import can_import, can_map, can_start
from prospects.directories.services.tables import ReadTable, require_name

CARRY_OUT, REVERT = "directories.carry_out", "directories.revert"
JOB_KIND = "directory"
SOURCE_LENGTH = 80
MEDIA_TYPE = "application/octet-stream"
_READ_BYTES = 1024 * 1024
_TAIL = re.compile(r"(?:[\s._-]*(?:\(\d+\)|\d{4,8}|\d{1,2}))+$")


def source_name_of(file_name: str) -> str:
    """The name of a source by that of its file, without its ending and a date or copy number: "ListOfSecurities_20230510 (1).xlsx"."""
    stem = one_line(file_name.rsplit(".", 1)[0]) or one_line(file_name)
    return (_TAIL.sub("", stem) or stem)[:SOURCE_LENGTH]


def source_named(name: str, *, file_name: str) -> Source:
    """The source of this name, whatever its case; a new one, not yet saved, where there is none. Without a name: by that of the file."""
    wanted = one_line(name)[:SOURCE_LENGTH] or source_name_of(file_name)
    return Source.objects.filter(name__iexact=wanted).first() or Source(name=wanted)


def require_past(as_of: dt.date, *, today: dt.date) -> None:
    """RuleBroken for a list of a day to come: nothing newer could ever replace its values."""
    if as_of > today:
        sentence = _("The day of the list lies in the future.")
        raise RuleBroken(sentence, code="future", fields={"as_of": sentence})


def today_of(actor: Any, now: dt.datetime) -> dt.date:
    """The day in the zone of the actor's centre; of the bank, for the operator at the console."""
    centre = actor.actor.centre if actor is not None else None
    return timezone.localdate(now, centre.zone if centre is not None else timezone.get_default_timezone())


def proposed_mapping(source: Source, table: ReadTable) -> Mapping:
    """What the columns mean: as remembered for this header of the source, else as proposed."""
    remembered = source.mappings.get(table.proposed.fingerprint)
    return Mapping.from_json(remembered).on(table.columns) if remembered else table.proposed


@transaction.atomic
def start_import(*, actor: Any, now: dt.datetime, table: ReadTable, source_name: str = "", as_of: dt.date | None = None) -> Import:
    """Keep the file and what was read of it. The mapping is that remembered for the source, else the proposed one.

    `actor` None is the operator at the console. NotAllowed for whoever does not load directories; RuleBroken for a day to come.
    """
    can_import(user=actor).require()
    today = today_of(actor, now)
    require_past(as_of or today, today=today)
    source = source_named(source_name, file_name=table.name)
    if source.pk is None:
        source.record(actor=actor)
    with table.path.open("rb") as content:
        stored = files.store(iter(lambda: content.read(_READ_BYTES), b""), name=table.name, media_type=MEDIA_TYPE, owner=actor)
    directory_import = Import(source=source, owner=actor, file=stored, as_of=as_of or today)
    _take_table(directory_import, table)
    directory_import.record(actor=actor)
    return directory_import


@transaction.atomic
def choose_sheet(*, import_id: int, table: ReadTable, actor: Any, now: dt.datetime, version: int | None = None) -> Import:
    """Take another sheet of the workbook, read anew by the caller. StaleVersion where `version`, the shown one, is not the one kept."""
    directory_import = locked_import(import_id, actor=actor)
    can_map(user=actor, directory_import=directory_import).require()
    directory_import.count_up(version, shown=("sheet",))
    _take_table(directory_import, table)
    directory_import.state, directory_import.condition = ImportState.UPLOADED, ""
    directory_import.record(
        actor=actor, fields=["sheets", "sheet", "columns", "sample", "choices", "read", "mapping", "state", "condition", "version"]
    )
    return directory_import


def _take_table(directory_import: Import, table: ReadTable) -> None:
    directory_import.sheets, directory_import.sheet = list(table.sheets), table.sheet[:100]
    directory_import.columns = list(table.columns)
    directory_import.sample = [[number, *cells] for number, cells in table.sample]
    directory_import.choices = table.choices
    directory_import.read = table.row_count
    directory_import.mapping = proposed_mapping(directory_import.source, table).to_json()


@transaction.atomic
def set_mapping(
    *,
    import_id: int,
    mapping: Mapping,
    condition: str = "",
    as_of: dt.date,
    remember: bool = True,
    actor: Any,
    now: dt.datetime,
    version: int | None = None,
) -> Import:
    """Say what the columns mean and which rows are wanted; `remember` it for the next list of this source with the same header.

    NotAllowed; RuleBroken where no column names a company, for a day to come; BadCondition; StaleVersion where `version`, the one that
    was shown, is not the one kept.
    """
    directory_import = locked_import(import_id, actor=actor)
    can_map(user=actor, directory_import=directory_import).require()
    check_transition(TRANSITIONS, directory_import.state, ImportState.MAPPED)
    directory_import.count_up(version, shown=("condition", "as_of"))
    require_past(as_of, today=today_of(actor, now))
    require_name(mapping)
    directory_import.mapping = mapping.on(directory_import.columns).to_json()
    directory_import.condition = require_condition(condition, directory_import.columns)
    directory_import.as_of, directory_import.state = as_of, ImportState.MAPPED
    directory_import.record(actor=actor, fields=["mapping", "condition", "as_of", "state", "version"])
    source = directory_import.source
    if remember and source.mappings.get(mapping.fingerprint) != directory_import.mapping:
        source.mappings = {**source.mappings, mapping.fingerprint: directory_import.mapping}
        source.exchange = mapping.exchange
        source.record(actor=actor, fields=["mappings", "exchange"])
    return directory_import


def require_condition(text: str, columns: list[str]) -> str:
    """The condition, tidied; "" for none. BadCondition where it cannot be understood or names no column of the file."""
    text = one_line(text)
    if text:
        Condition.parse(text).on(columns)
    return text


@transaction.atomic
def start(*, import_id: int, actor: Any, now: dt.datetime) -> Import:
    """Hand the import to a worker, which compares all rows and then carries them out; or, where it stopped, goes on.

    NotAllowed while it runs, when it is done, or for another person's.
    """
    directory_import = locked_import(import_id, actor=actor)
    can_start(user=actor, directory_import=directory_import).require()
    check_transition(TRANSITIONS, directory_import.state, ImportState.STAGING)
    directory_import.state = ImportState.STAGING
    hand_over(directory_import, CARRY_OUT, actor=actor, title=_("Load %(list)s") % {"list": directory_import})
    directory_import.record(actor=actor, fields=["state", "job", "outbox_id"])
    return directory_import


def hand_over(directory_import: Import, task: str, *, actor: Any, title: Any) -> None:
    """Enqueue the work, with a job that shows its owner how far it is; the operator at the console has none."""
    row = enqueue(task, actor=actor, import_id=directory_import.pk)
    directory_import.outbox_id, directory_import.job = row.pk, None
    if actor is not None:
        directory_import.job = Job.objects.create(
            kind=JOB_KIND, title=str(title)[:200], owner=actor, result_url=directory_import.get_absolute_url(), params={"outbox_id": row.pk}
        )


def locked_import(import_id: int, *, actor: Any) -> Import:
    """The import, locked, among those that the actor may see. Import.DoesNotExist where hidden or missing."""
    rows = Import.objects.all() if actor is None else Import.objects.visible_to(actor)
    return held_import(rows.values_list("pk", flat=True).get(pk=import_id))


def held_import(import_id: int) -> Import:
    """The import, locked, with its source and file as they stand once the lock is held."""
    locked = Import.objects.select_for_update(of=("self",)).get(pk=import_id)
    return Import.objects.select_related("source", "file").get(pk=locked.pk)
