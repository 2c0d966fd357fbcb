"""A data folder of its own with an invented bank, on the embedded settings as shipped; children that work on it."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
SETTINGS = "tests.proof.settings"
SIZE = 500


def environment(folder: Path) -> dict[str, str]:
    """The environment of a child that works in `folder`."""
    own = {
        "DJANGO_SETTINGS_MODULE": SETTINGS,
        "RAPPORT_DATA_DIR": str(folder),
        "RAPPORT_MODE": "embedded",
        "PYTHONPATH": str(ROOT),
        "PYTHONUNBUFFERED": "1",
    }
    return {**os.environ, **own}


def lay(folder: Path, *, migrated: Path | None = None, size: int = SIZE) -> Path:
    """Put a bank of `size` companies into `folder`; `migrated` is an empty migrated database to begin with, where there is one."""
    folder.mkdir(parents=True, exist_ok=True)
    database = folder / "db.sqlite3"
    if migrated is not None:
        shutil.copyfile(migrated, database)
    child(folder, "manage.py", "migrate", "--skip-checks", "--verbosity", "0")
    child(folder, "-m", "tests.benchmarks.seed", str(size), str(database))
    return folder


def child(folder: Path, *command: str) -> str:
    """Run a child with this Python to its end; its standard output."""
    return subprocess.run(
        [sys.executable, *command], cwd=ROOT, env=environment(folder), check=True, stdout=subprocess.PIPE, text=True
    ).stdout


def together(folder: Path, commands: Sequence[Sequence[str]]) -> list[Any]:
    """Run children side by side; what each printed, as JSON."""
    running = [
        subprocess.Popen([sys.executable, *command], cwd=ROOT, env=environment(folder), stdout=subprocess.PIPE, text=True)
        for command in commands
    ]
    answers = [process.communicate()[0] for process in running]
    failed = [process.args for process in running if process.returncode]
    if failed:
        raise RuntimeError(f"{len(failed)} of {len(running)} ended with an error: {failed[0]}")
    return [json.loads(answer) for answer in answers]
