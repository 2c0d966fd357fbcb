"""First figures: each feature's `policy.toml`, planted after migrating where a table's key is not there yet.

[[figure]]
table = "deals.lead_cap"
key = "RM"              # optional
jurisdiction = "HK"     # optional: absent means everywhere
value = 120
from = 2020-01-01       # optional
"""

import datetime as dt
import tomllib
from pathlib import Path
from typing import Any

from django.apps import AppConfig, apps
from django.db import connection

from crm.policy.models import Figure

_FROM = dt.date(2020, 1, 1)


def plant(**_signal: Any) -> None:
    """Add the figures whose key is not in the tables yet. Never changes a row: what the bank set since stands."""
    if Figure._meta.db_table not in connection.introspection.table_names():  # only some apps were migrated
        return
    known = set(Figure.objects.filter(person=None).values_list("table", "key", "jurisdiction"))
    rows = [row for config in apps.get_app_configs() for row in _rows_of(config)]
    Figure.objects.bulk_create(_one_after_the_other([row for row in rows if (row.table, row.key, row.jurisdiction) not in known]))


def _one_after_the_other(rows: list[Figure]) -> list[Figure]:
    """Each row ends where the next one of its key begins."""
    latest: dict[tuple[str, str, str], Figure] = {}
    for row in sorted(rows, key=lambda row: row.effective_from):
        before = latest.get((row.table, row.key, row.jurisdiction))
        if before:
            before.effective_to = row.effective_from
        latest[row.table, row.key, row.jurisdiction] = row
    return rows


def _rows_of(config: AppConfig) -> list[Figure]:
    path = Path(config.path) / "policy.toml"
    if not path.exists():
        return []
    return [
        Figure(
            table=item["table"],
            key=item.get("key", ""),
            jurisdiction=item.get("jurisdiction", ""),
            value=item["value"],
            effective_from=item.get("from", _FROM),
        )
        for item in tomllib.loads(path.read_text(encoding="utf-8")).get("figure", ())
    ]
