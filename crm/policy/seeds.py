"""First figures: each feature's `policy.toml`, planted after migrating where a row is not there yet.

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

from crm.policy.models import Figure

_FROM = dt.date(2020, 1, 1)


def plant(**_signal: Any) -> None:
    """Add the figures of all features that are not in the tables. Never changes a row."""
    known = set(Figure.objects.values_list("table", "key", "jurisdiction", "effective_from"))
    rows = [row for config in apps.get_app_configs() for row in _rows_of(config)]
    Figure.objects.bulk_create(row for row in rows if (row.table, row.key, row.jurisdiction, row.effective_from) not in known)


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
