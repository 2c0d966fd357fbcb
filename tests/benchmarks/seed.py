"""Seeds one database, in a process of its own: `python -m tests.benchmarks.seed SIZE ADDRESS`."""

import sqlite3
import sys
from typing import Any

import django
import psycopg

# What `visits.settle_coverage` does each hour: no company of the seed has visits by another centre than its own.
_SETTLE = """
    UPDATE companies_coverage SET visited_elsewhere = FALSE WHERE NOT EXISTS (
        SELECT 1 FROM visits_visit WHERE visits_visit.company_id = companies_coverage.company_id
        AND visits_visit.centre_id <> companies_coverage.centre_id)
"""


def _open(address: str) -> Any:
    """A connection that trades safety for speed: a seed that fails is thrown away."""
    if "://" in address:
        return psycopg.connect(address)
    raw = sqlite3.connect(address)
    raw.executescript("PRAGMA journal_mode=MEMORY; PRAGMA synchronous=OFF; PRAGMA cache_size=-400000; PRAGMA temp_store=MEMORY;")
    return raw


def main(size: int, address: str) -> None:
    """Write the bank, commit, and gather statistics where a server would do so by itself."""
    from django.utils import timezone

    from tests.benchmarks.seeding.bank import populate
    from tests.benchmarks.seeding.sinks import Sink

    sink = Sink(_open(address), vendor="postgresql" if "://" in address else "sqlite")
    populate(sink, size=size, now=timezone.now())
    sink.raw.execute(_SETTLE)
    sink.raw.commit()
    if sink.vendor == "postgresql":
        sink.raw.autocommit = True
        sink.raw.execute("VACUUM ANALYZE")  # as autovacuum does in time
    sink.raw.close()


if __name__ == "__main__":
    django.setup()
    main(int(sys.argv[1]), sys.argv[2])
