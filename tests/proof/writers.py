"""T6b: eight processes write at once on the embedded settings, and nobody is told that the database is locked."""

import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path

from tests.benchmarks.figures import Figure, rounded
from tests.proof import ground

WRITERS = 8
SECONDS = 60.0


def run(folder: Path, *, seconds: float = SECONDS, writers: int = WRITERS, fault: str = "") -> list[Figure]:
    """The figures of T6b. `fault` plants one of `writing.FAULTS`, to see that the proof notices it."""
    answers = ground.together(folder, [("-m", "tests.proof.writing", str(seconds), str(number), fault) for number in range(writers)])
    times = sorted(time for answer in answers for time in answer["times"])
    failures = sum((Counter(answer["failures"]) for answer in answers), Counter())
    locked = sum(count for name, count in failures.items() if "locked" in name)
    with closing(sqlite3.connect(folder / "db.sqlite3")) as database:
        integrity = database.execute("PRAGMA integrity_check").fetchone()[0]
    return [
        Figure("T6b.writers.locked", locked, "errors", "0"),
        Figure("T6b.writers.other_failures", failures.total() - locked, "errors", "0; " + "; ".join(failures)[:200] if failures else "0"),
        Figure(
            "T6b.writers.commits_per_second", rounded(len(times) / seconds), "1/s", f"{writers} writers for {seconds:g} s without a pause"
        ),
        Figure("T6b.writers.p50", rounded(_quantile(times, 0.5)), "ms"),
        Figure("T6b.writers.p99", rounded(_quantile(times, 0.99)), "ms", "wait for the one write lock included"),
        Figure("T6b.writers.max", rounded(times[-1]) if times else None, "ms", "20,000 ms, when a writer would be refused"),
        Figure("T6b.writers.integrity", integrity, "", "ok"),
    ]


def _quantile(times: list[float], share: float) -> float:
    return times[min(len(times) - 1, int(share * len(times)))] if times else 0.0
