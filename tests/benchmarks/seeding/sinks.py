"""Where seeded rows go: an open connection of either database, past the ORM but through the models' own columns and defaults."""

import datetime as dt
import json
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from functools import cache
from typing import Any

from django.db import models
from django.utils import timezone

Convert = Callable[[Any], Any]
Converters = tuple[tuple[int, Convert], ...]


class Sink:
    """Rows into one database over its driver's own connection; the caller begins and commits."""

    def __init__(self, raw: Any, *, vendor: str) -> None:
        self.raw = raw
        self.vendor = vendor
        self.written: set[type[models.Model]] = set()

    def put(self, model: type[models.Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        """Insert rows given as tuples of `columns` (attribute names such as "company_id"); every other column gets its default."""
        names, rest, converters = _shape(model, tuple(columns), self.vendor)
        self.written.add(model)
        whole = ((*(_apply(row, converters)), *rest) for row in rows)
        table = f'"{model._meta.db_table}"'
        listed = ", ".join(f'"{name}"' for name in names)
        if self.vendor == "sqlite":
            self.raw.executemany(f"INSERT INTO {table} ({listed}) VALUES ({', '.join('?' * len(names))})", whole)
            return
        with self.raw.cursor() as cursor, cursor.copy(f"COPY {table} ({listed}) FROM STDIN") as copy:
            for row in whole:
                copy.write_row(row)

    def finish(self) -> None:
        """PostgreSQL: let the next ids follow the seeded ones."""
        if self.vendor == "sqlite":
            return
        with self.raw.cursor() as cursor:
            for model in self.written:
                table, key = model._meta.db_table, model._meta.pk.column
                cursor.execute(f'SELECT setval(pg_get_serial_sequence(\'"{table}"\', \'{key}\'), (SELECT max("{key}") FROM "{table}"))')


@cache
def _shape(model: type[models.Model], columns: tuple[str, ...], vendor: str) -> tuple[list[str], tuple[Any, ...], Converters]:
    """Column names, the defaults of those that are not given, and what to convert at which place."""
    fields = {field.attname: field for field in model._meta.concrete_fields}
    given = [fields[name] for name in columns]
    others = [field for name, field in fields.items() if name not in columns and not field.primary_key]
    converters = [(place, convert) for place, field in enumerate(given) if (convert := _converter(field, vendor))]
    rest = []
    for field in others:
        value = timezone.now() if getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False) else field.get_default()
        convert = _converter(field, vendor)
        rest.append(convert(value) if convert and value is not None else value)
    return [field.column for field in (*given, *others)], tuple(rest), tuple(converters)


def _apply(row: Sequence[Any], converters: Converters) -> Sequence[Any]:
    if not converters:
        return row
    values = list(row)
    for place, convert in converters:
        if values[place] is not None:
            values[place] = convert(values[place])
    return values


def _converter(field: models.Field[Any, Any], vendor: str) -> Convert | None:
    """How a Python value is stored, as Django's own backend would store it; None where the driver knows."""
    if isinstance(field, models.JSONField):
        return lambda value: json.dumps(value, ensure_ascii=False)
    if isinstance(field, models.CharField):
        return str  # choices are members of enumerations
    if vendor != "sqlite":
        return None
    if isinstance(field, models.DateTimeField):
        return _utc_text
    if isinstance(field, models.DateField):
        return dt.date.isoformat
    if isinstance(field, models.DecimalField):
        return lambda value: str(Decimal(value))
    return None


def _utc_text(moment: dt.datetime) -> str:
    return str(moment.astimezone(dt.UTC).replace(tzinfo=None))
