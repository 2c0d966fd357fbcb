"""What the README's first command costs: a demo bank from nothing, and the same command again."""

import resource
import tempfile
import time
from pathlib import Path

from tests import banks
from tests.benchmarks.figures import Figure, rounded

FIRST_START_SECONDS, LATER_START_SECONDS = 120, 10


def measure() -> list[Figure]:
    """Seconds on the clock and of the processor, first and again, in a folder that is removed afterwards."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "bank"
        return [*_run(folder, "first_start", FIRST_START_SECONDS), *_run(folder, "later_start", LATER_START_SECONDS)]


def _run(folder: Path, what: str, goal: int) -> list[Figure]:
    used, started = _processor_seconds(), time.perf_counter()
    done = banks.demo(folder, "--no-serve", "--json")
    clock = time.perf_counter() - started
    if done.returncode:
        raise RuntimeError(done.stderr)
    processor = _processor_seconds() - used
    return [
        Figure(f"demo.{what}", rounded(clock), "s", f"goal {goal}"),
        Figure(f"demo.{what}.processor", rounded(processor), "CPU s"),
    ]


def _processor_seconds() -> float:
    """Of all children that have ended: a busy machine makes them late, not busier."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
