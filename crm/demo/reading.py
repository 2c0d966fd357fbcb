"""Reads the demo bank's data files (CSV and TOML under `data/`)."""

import csv
import tomllib
from pathlib import Path
from typing import Any

DATA = Path(__file__).resolve().parent / "data"

#: The user names that people script against (contract: `demo`).
FIXED_USERNAMES = (
    *("arm", "rm2", "rm", "head", "centre", "ho", "ho2", "outsider"),
    *("analyst", "analyst2", "co1", "co2", "approver", "chair", "cc1", "cc2", "cc3", "cc4", "cc5", "cad", "cad2"),
    *("compliance", "compliance2", "finance", "ops", "lobby", "branch", "specialist", "editor", "auditor", "admin", "admin2"),
)


def rows(name: str) -> list[dict[str, str]]:
    """All rows of `data/<name>` as dicts of text; an empty cell is an empty string."""
    with (DATA / name).open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def toml(name: str) -> dict[str, Any]:
    """The parsed tables of `data/<name>`."""
    return tomllib.loads((DATA / name).read_text(encoding="utf-8"))
