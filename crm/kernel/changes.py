"""Who changed what of an audited record, from what to what: its history as a person reads it."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import QuerySet
from django.utils.translation import gettext as _

ROWS = 100


@dataclass(frozen=True)
class FieldChange:
    """One field of one change. `before` is empty for the first version."""

    label: str
    before: Any
    after: Any


@dataclass(frozen=True)
class Change:
    """One saved version of a record: who, when, why, and which fields it changed. `of` names the record where several are shown."""

    at: dt.datetime
    who: Any
    reason: str
    fields: list[FieldChange]
    of: str = ""


def changes_of(record: Any, fields: Sequence[str]) -> list[Change]:
    """The last hundred versions of `record`, newest first, with what each changed among `fields`: name the fields that the reader may see.

    One query, and one more for each foreign key among the fields. A version that changed none of them and gives no reason is left out.
    """
    return _compared(record.history, record._meta, fields)


def changes_of_several(records: QuerySet[Any], fields: Sequence[str]) -> list[Change]:
    """As `changes_of`, for some records of one model together, each change with its record's name: their last hundred versions."""
    return _compared(records.model.history.filter(id__in=records.values("pk")), records.model._meta, fields, named=True)


def _compared(history: Any, options: Any, fields: Sequence[str], *, named: bool = False) -> list[Change]:
    columns = [options.get_field(name) for name in fields]
    links = [column.name for column in columns if isinstance(column, models.ForeignKey)]
    rows = history.select_related("history_user").prefetch_related(*links).order_by("-history_date", "-history_id")
    versions = list(rows[: ROWS + 1])
    older_of: dict[int, Any] = {}
    found = []
    for position, version in reversed(list(enumerate(versions))):
        older = older_of.get(version.id)
        older_of[version.id] = version
        if position == ROWS or (older is None and len(versions) > ROWS and version.history_type != "+"):
            continue
        changed = [FieldChange(str(column.verbose_name), _shown(older, column), _shown(version, column)) for column in columns]
        changed = [field for field in changed if field.before != field.after]
        if changed or version.history_change_reason:
            of = str(version.instance) if named else ""
            found.append(Change(version.history_date, version.history_user, version.history_change_reason or "", changed, of))
    return found[::-1]


def _shown(version: Any, column: "models.Field[Any, Any]") -> Any:
    """The value as a person reads it; nothing for empty ones."""
    if version is None:
        return ""
    value = getattr(version, column.name)
    if value in (None, "", []):
        return ""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    return str(dict(column.flatchoices).get(value, value)) if column.choices else value
