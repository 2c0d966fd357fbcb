"""Who changed what of an audited record, from what to what: its history as a person reads it."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from crm.kernel.wording import listed

ROWS = 100
Words = Mapping[str, Mapping[Any, Any]]
"""The labels of values by field, for fields whose column knows none."""


@dataclass(frozen=True)
class FieldChange:
    """One field of one change, in the reader's words. `before` is empty for the first version."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Change:
    """One saved version of a record: who, when, why, and which fields it changed. `of` names the record where several are shown."""

    at: dt.datetime
    who: Any
    reason: str
    fields: list[FieldChange]
    of: str = ""


def changes_of(record: Any, fields: Sequence[str], words: Words | None = None) -> list[Change]:
    """The last hundred versions of `record`, newest first, with what each changed among `fields`: name the fields that the reader may see.

    One query, and one more for each foreign key among the fields. A version that changed none of them and gives no reason is left out.
    """
    return _compared(record.history, record._meta, fields, words or {})


def changes_of_several(records: QuerySet[Any], fields: Sequence[str], words: Words | None = None) -> list[Change]:
    """As `changes_of`, for some records of one model together, each change with its record's name: their last hundred versions."""
    history = records.model.history.filter(id__in=records.values("pk"))
    return _compared(history, records.model._meta, fields, words or {}, named=True)


def _compared(history: Any, options: Any, fields: Sequence[str], words: Words, *, named: bool = False) -> list[Change]:
    columns = [options.get_field(name) for name in fields]
    labels = {column.name: words.get(column.name) or dict(column.flatchoices) for column in columns}
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
        changed = [_field(column, older, version, labels[column.name]) for column in columns]
        changed = [field for field in changed if field.before != field.after]
        if changed or version.history_change_reason:
            of = str(version.instance) if named else ""
            found.append(Change(version.history_date, version.history_user, version.history_change_reason or "", changed, of))
    return found[::-1]


def _field(column: "models.Field[Any, Any]", older: Any, version: Any, labels: Mapping[Any, Any]) -> FieldChange:
    before = "" if older is None else in_words(getattr(older, column.name), labels)
    return FieldChange(str(column.verbose_name), before, in_words(getattr(version, column.name), labels))


def in_words(value: Any, labels: Mapping[Any, Any]) -> str:
    """A kept value as the reader reads it, moments in their zone, by `labels` where it is one of them; nothing for empty ones."""
    if value in (None, "", []):
        return ""
    if isinstance(value, list | tuple):
        return listed(in_words(item, labels) for item in value)
    if value.__hash__ is not None and value in labels:
        return str(labels[value])
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, dt.datetime):
        return date_format(timezone.localtime(value), "DATETIME_FORMAT")
    if isinstance(value, dt.date):
        return date_format(value, "DATE_FORMAT")
    return f"{value:,}" if isinstance(value, Decimal) else str(value)
