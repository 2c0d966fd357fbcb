"""What tables read: values of records by accessor, what the model says of them, and values as exports hold them."""

import datetime as dt
import inspect
from collections.abc import Callable
from decimal import Decimal
from functools import cache
from operator import attrgetter
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model
from django.utils import timezone

Exported = str | int | float | Decimal | dt.date | dt.datetime | bool | None
Getter = Callable[[Any], Any]


@cache
def getter(accessor: str) -> Getter:
    """Reads `company__name` or `company.name` from a record: None as soon as a step is None; calls what is callable at the end."""
    parts = accessor.replace("__", ".").split(".")
    if len(parts) == 1:
        single = attrgetter(parts[0])
        return lambda record: _called(single(record))

    def read(record: Any) -> Any:
        for part in parts:
            if record is None:
                return None
            record = getattr(record, part)
        return _called(record)

    return read


def _called(value: Any) -> Any:
    return value() if inspect.ismethod(value) else value


def choice_labels(model: type[Model] | None, accessor: str) -> dict[Any, str]:
    """The labels of a choices field, in the reader's language; empty for any other."""
    field = field_of(model, accessor)
    return {value: str(label) for value, label in field.flatchoices} if field is not None and getattr(field, "choices", None) else {}


def is_column(model: type[Model], accessor: str) -> bool:
    """Whether an accessor ends at a plain column, by which rows can be sorted."""
    field = field_of(model, accessor)
    return field is not None and not field.is_relation and field.concrete


def field_of(model: type[Model] | None, accessor: str) -> Any:
    """The model field at the end of an accessor, or None."""
    field = None
    for part in accessor.replace("__", ".").split("."):
        if model is None:
            return None
        try:
            field = model._meta.get_field(part)
        except FieldDoesNotExist:
            return None
        model = field.related_model if field.is_relation else None
    return field


def plain(value: Any) -> Exported:
    """A value as an export may hold it: numbers, dates and truth values as they are, times in the reader's zone, all else as text."""
    if isinstance(value, dt.datetime):
        return timezone.localtime(value) if timezone.is_aware(value) else value
    if value is None or isinstance(value, bool | int | float | Decimal | dt.date):
        return value
    return str(value)
