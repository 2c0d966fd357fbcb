"""Looking a figure up by table, jurisdiction and day."""

import datetime as dt
from typing import Any

from django.core.exceptions import ImproperlyConfigured

from crm.policy.models import Figure


def table(name: str, *, jurisdiction: str, on: dt.date) -> dict[str, Any]:
    """All figures of a table on a day: `{"ARM": 150, "RM": 120}`. A jurisdiction's own row stands before one for all. One query.

    Raises ImproperlyConfigured where the table has no row: a missing limit must never read as "no limit".
    """
    rows = Figure.objects.filter(table=name).under(jurisdiction).on(on).order_by("jurisdiction", "effective_from")
    figures = {row.key: row.value for row in rows}
    if not figures:
        raise ImproperlyConfigured(f"The policy table {name} has no figures for {jurisdiction} on {on}.")
    return figures


def tables(names: tuple[str, ...], *, jurisdiction: str, on: dt.date) -> dict[str, dict[str, Any]]:
    """Several tables with one query, by name. Raises as `table` does."""
    found: dict[str, dict[str, Any]] = {name: {} for name in names}
    for row in Figure.objects.filter(table__in=names).under(jurisdiction).on(on).order_by("jurisdiction", "effective_from"):
        found[row.table][row.key] = row.value
    for name, figures in found.items():
        if not figures:
            raise ImproperlyConfigured(f"The policy table {name} has no figures for {jurisdiction} on {on}.")
    return found
