"""Who changed what of an audited record, from what to what: its history as a person reads it."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models

ROWS = 100


@dataclass(frozen=True)
class FieldChange:
    """One field of one change. `before` is empty for the first version."""

    label: str
    before: Any
    after: Any


@dataclass(frozen=True)
class Change:
    """One saved version of a record: who, when, why, and which fields it changed."""

    at: dt.datetime
    who: Any
    reason: str
    fields: list[FieldChange]


def changes_of(record: Any, fields: Sequence[str]) -> list[Change]:
    """The last hundred versions of `record`, newest first, with what each changed among `fields`: name the fields that the reader may see.

    One query, and one more for each foreign key among the fields. A version that changed none of them and gives no reason is left out.
    """
    columns = [record._meta.get_field(name) for name in fields]
    links = [column.name for column in columns if isinstance(column, models.ForeignKey)]
    versions = list(
        record.history.select_related("history_user").prefetch_related(*links).order_by("-history_date", "-history_id")[: ROWS + 1]
    )
    found = []
    for index, version in enumerate(versions[:ROWS]):
        older = versions[index + 1] if index + 1 < len(versions) else None
        changed = [FieldChange(str(column.verbose_name), _shown(older, column), _shown(version, column)) for column in columns]
        changed = [field for field in changed if field.before != field.after]
        if changed or version.history_change_reason:
            found.append(Change(version.history_date, version.history_user, version.history_change_reason or "", changed))
    return found


def _shown(version: Any, column: models.Field[Any, Any]) -> Any:
    """The value as a person reads it; nothing for empty ones."""
    if version is None:
        return ""
    value = getattr(version, column.name)
    if value in (None, ""):
        return ""
    return str(dict(column.flatchoices).get(value, value)) if column.choices else value
