"""A directory of 18,000 companies, loaded by the command against the companies held: how long, how many a second, how much memory."""

import csv
import json
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from tests.benchmarks.figures import Figure, rounded
from tests.benchmarks.seeding.names import CompanyName, company_names
from tests.benchmarks.stores import ROOT, Store, environment

ROWS, KNOWN_SHARE = 18_000, 3
SECONDS_GOAL, MEMORY_GOAL = 60, 500
_LOOK_EVERY = 0.05
HEAD = ("Stock Code", "English Name", "Chinese Name", "Industry", "Address", "Telephone", "Website")


def measure(folder: Path, store: Store, *, rows: int = ROWS) -> list[Figure]:
    """Load it once as the command does, and once again. The peak is that of the command with the child that reads."""
    path = folder / "directory.csv"
    write(path, held=store.size, rows=rows)
    first, seconds, peak = _load(folder, store, path)
    again, seconds_again, _ = _load(folder, store, path)
    name = f"directories.import.{store.vendor}.{store.size}"
    counted = ", ".join(f"{key} {first[key]}" for key in ("created", "updated", "unchanged", "duplicates", "refused"))
    return [
        Figure(
            f"{name}.seconds", rounded(seconds), "s", f"{rows} rows against {store.size} companies, goal: under {SECONDS_GOAL}; {counted}"
        ),
        Figure(f"{name}.rows_per_second", rounded(rows / seconds), "1/s", "start of the process included"),
        Figure(f"{name}.memory_mb", rounded(peak), "MB", f"goal: under {MEMORY_GOAL}"),
        Figure(f"{name}.again_seconds", rounded(seconds_again), "s", "the same file once more"),
        Figure(f"{name}.again_created", again["created"], "rows", "0"),
    ]


def write(path: Path, *, held: int, rows: int = ROWS) -> None:
    """A listed-company directory: one row in three is of a company that the bank of `held` companies knows, by name and telephone."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEAD)
        writer.writerows(_rows(held, rows))


def _rows(held: int, rows: int) -> Iterator[tuple[str, ...]]:
    known = rows // KNOWN_SHARE
    names = company_names(random.Random(1))
    ours = list(islice(names, held))
    step = held // known
    for number in range(rows):
        is_known = number % KNOWN_SHARE == 0
        key = (number // KNOWN_SHARE) * step + 1 if is_known else held + number
        name: CompanyName = ours[key - 1] if is_known else next(names)
        yield (
            f"{700_000 + number}",
            name.english,
            name.chinese,
            name.sector,
            f"{number % 900 + 1} Queen's Road Central, Hong Kong",
            f"+852 2{key:07d}",
            f"https://www.company-{key}.example",
        )


def _load(folder: Path, store: Store, path: Path) -> tuple[dict[str, int], float, float]:
    """The command's report, seconds, and the largest memory of its process and of those that it starts, together, in MB."""
    command = [sys.executable, "manage.py", "import_directory", str(path), "--source", "Benchmark", "--as", "head", "--json"]
    report = folder / "report.json"
    began = time.monotonic()
    peak = 0
    with report.open("wb") as out:
        process = subprocess.Popen(command, cwd=ROOT, env=environment(folder, store.address), stdout=out)
        while process.poll() is None:
            peak = max(peak, _resident(process.pid))
            time.sleep(_LOOK_EVERY)
    seconds = time.monotonic() - began
    if process.returncode:
        raise RuntimeError(f"import_directory ended with {process.returncode}")
    return json.loads(report.read_text()), seconds, peak / 1024


def _resident(pid: int) -> int:
    """KB of memory in which a process and its children stand; 0 for one that is gone."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    own = next((int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS:")), 0)
    return own + sum(_resident(int(child)) for child in children)
