"""The inbox of approvals with a thousand requests, beside a list of the same and the floor of as many rows.

The measuring runs in a process of its own on a database that is migrated and empty: `python -m tests.benchmarks.inbox VENDOR ROUNDS`.
"""

import gc
import sys
import tempfile
from pathlib import Path

import django

from tests.benchmarks.figures import Figure, as_json, from_json, rounded
from tests.benchmarks.measuring import Request, Series, take_round, weigh
from tests.benchmarks.stores import VENDORS, environment, migrated, run

REQUESTS, ROUNDS = 1_000, 5
MOST_STATEMENTS = 12
# Each with the rows that it draws.
PATHS = {"inbox": ("/approvals/", 25), "list": ("/hospitality/", 50)}


def measure(*, vendors: tuple[str, ...] = VENDORS, rounds: int = ROUNDS) -> list[Figure]:
    """Statements and milliseconds of both pages on the databases there are."""
    figures = []
    with tempfile.TemporaryDirectory(prefix="rapport-inbox-") as name:
        for vendor in vendors:
            folder = Path(name) / vendor
            with migrated(vendor, folder, ("inbox",)) as addresses:
                for address in addresses.values():
                    command = ["-W", "ignore", "-m", "tests.benchmarks.inbox", vendor, str(rounds)]
                    figures += from_json(run(command, env=environment(folder, address)))
    return figures


def main(vendor: str, rounds: int) -> list[Figure]:
    """What the head of a team waits for, with all that wait for her."""
    bank = cast.build()
    fill(bank)
    browser, bare = Browser(headers={"accept-encoding": "gzip"}), floor.browser(bank.head)
    browser.force_login(bank.head, backend=pages.BACKEND)

    def asker(reader: Browser, path: str) -> Request:
        return lambda: reader.get(path)

    found = []
    for name, (path, rows) in PATHS.items():
        ask, floor_ask = asker(browser, path), asker(bare, f"/rows/{rows}/")
        own, beside = Series(), Series()
        statements = weigh(ask).statements
        gc.freeze()
        for _ in range(rounds):
            take_round(beside, floor_ask)
            take_round(own, ask)
        found += _figures(f"inbox.{vendor}.{name}", own, beside, statements, rows)
    return found


def fill(bank: "Any") -> None:
    """A thousand dinners that wait, each with its task like the one that its service made."""
    ids = contests.dinners(bank, REQUESTS, 0)["ids"]
    made = WorkItem.objects.open().get(subject_type="hospitality.hospitalityrequest")
    WorkItem.objects.bulk_create(contests.clone(made, subject_id=pk, title=f"Dinner {pk}") for pk in ids)


def _figures(name: str, own: Series, bare: Series, statements: int, rows: int) -> list[Figure]:
    return [
        Figure(f"{name}.p50_ms", rounded(own.p50()), "ms", f"{rows} rows on the floor: {rounded(bare.p50())} ms"),
        Figure(f"{name}.p95_ms", rounded(own.p95()), "ms", f"floor: {rounded(bare.p95())} ms"),
        Figure(f"{name}.times_floor", rounded(own.ratio(bare)), "x"),
        Figure(f"{name}.statements", statements, "statements", f"goal: at most {MOST_STATEMENTS}"),
    ]


if __name__ == "__main__":
    django.setup()
    from typing import Any

    from django.test import Client as Browser

    from crm.kernel.worklist import WorkItem
    from tests import cast
    from tests.benchmarks import contests, floor, pages

    print(as_json(main(sys.argv[1], int(sys.argv[2]))))
