"""The workflows with money in them as state machines at length: whatever is done in whatever order, limits, ledgers and books agree."""

import json
import shutil
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.benchmarks.figures import Figure, rounded
from tests.proof import ground

NAMES = ("hospitality", "gifts", "concessions")
EXAMPLES, STEPS = 500, 50


def run(folder: Path, *, examples: int = EXAMPLES, steps: int = STEPS) -> list[Figure]:
    """Each machine in a process of its own, side by side, on a copy of the database in `folder` that is migrated and empty."""
    homes = {name: folder / name for name in NAMES}
    for home in homes.values():
        home.mkdir()
        shutil.copyfile(folder / "db.sqlite3", home / "db.sqlite3")
    command = ("-W", "ignore", "-m", "tests.proof.workflows")
    with ThreadPoolExecutor(len(homes)) as pool:
        running = {name: pool.submit(ground.child, home, *command, name, str(examples), str(steps)) for name, home in homes.items()}
        told = {name: json.loads(one.result()) for name, one in running.items()}
    figures, how = [], f"{examples} runs of {steps} steps at most"
    for name, (failed, seconds) in told.items():
        figures.append(Figure(f"machines.{name}.failed", failed or 0, "", f"0: {how}"))
        figures.append(Figure(f"machines.{name}.seconds", rounded(seconds), "s", how))
    return figures


def on_empty(folder: Path, *, examples: int = EXAMPLES, steps: int = STEPS) -> list[Figure]:
    """As `run`, beside whatever bank stands in `folder`: the machines begin with the cast of the tests."""
    with tempfile.TemporaryDirectory(dir=folder) as name:
        ground.child(Path(name), "manage.py", "migrate", "--skip-checks", "--verbosity", "0")
        return run(Path(name), examples=examples, steps=steps)
