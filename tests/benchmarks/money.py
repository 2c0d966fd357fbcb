"""Limits raced for by 64 processes with 50 decisions each, on both databases: nothing overspent, nothing drifted, no failure (T6)."""

import json
import tempfile
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

from tests.benchmarks.figures import Figure, rounded
from tests.benchmarks.stores import VENDORS, environment, migrated, run

NAMES = ("gift_year", "hospitality_month", "hospitality_pages", "concession_bucket")
PROCESSES, DECISIONS = 64, 50
RUNS = 20 // len(NAMES)
"""Of each contest: twenty on each database."""


def measure(
    *, vendors: tuple[str, ...] = VENDORS, processes: int = PROCESSES, decisions: int = DECISIONS, runs: int = RUNS
) -> list[Figure]:
    """The figures of all contests on the databases there are."""
    figures = []
    with tempfile.TemporaryDirectory(prefix="rapport-money-") as name:
        for vendor in vendors:
            told = []
            with migrated(vendor, Path(name) / vendor, NAMES) as addresses:
                for contest, address in addresses.items():
                    env = environment(Path(name) / vendor / contest, address)
                    command = ["-W", "ignore", "-m", "tests.benchmarks.racing", contest, str(processes), str(decisions), str(runs)]
                    told += [(contest, one) for one in json.loads(run(command, env=env))]
            figures += _figures(vendor, told, processes=processes, decisions=decisions) if told else []
    return figures


def _figures(vendor: str, told: list[tuple[str, dict[str, Any]]], *, processes: int, decisions: int) -> list[Figure]:
    failures = sum((Counter(one["failures"]) for _name, one in told), Counter())
    wrong = sum(one["approved"] != one["fitting"] for _name, one in told)
    seconds = sum(one["seconds"] for _name, one in told)
    how = f"{len(told)} runs of {processes} processes x {decisions} decisions"
    return [
        Figure(f"money.{vendor}.overspent", _sum(told, "overspent"), "", f"0: {how}"),
        Figure(f"money.{vendor}.unspent", _sum(told, "unspent"), "", "0: exactly what fits"),
        Figure(f"money.{vendor}.drift", sum(one["drift"] for _name, one in told), "counters", "0"),
        Figure(f"money.{vendor}.miscounted", wrong, "runs", "0: as many approved as fit"),
        Figure(f"money.{vendor}.failures", failures.total(), "", "0" + ("; " + "; ".join(failures)[:300] if failures else "")),
        Figure(f"money.{vendor}.decisions_per_second", rounded(len(told) * processes * decisions / seconds), "1/s", how),
        Figure(f"money.{vendor}.slowest", rounded(max(one["slowest"] for _name, one in told)), "s", "one decision, with its wait"),
    ]


def _sum(told: list[tuple[str, dict[str, Any]]], name: str) -> str:
    return f"{sum((Decimal(one[name]) for _contest, one in told), Decimal(0)).normalize():f}"
