"""A demo bank, made from nothing by its own command once a run; whoever needs one works on a copy."""

import fcntl
import json
import os
import shutil
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
_WITHIN_SECONDS = 600


@dataclass(frozen=True)
class Made:
    """The data folder in the run's folder, and what the command that made it answered. Nobody changes anything there."""

    run: str
    folder: str
    code: int
    printed: str
    said: str

    def copied(self, to: Path) -> Path:
        """A copy of the data folder, at an address where nothing is yet."""
        return Path(shutil.copytree(self.folder, to))


def environment(folder: Path, **more: str) -> dict[str, str]:
    """Embedded and by default, whatever the tests themselves run with."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("RAPPORT_")}
    for name in {"DJANGO_SETTINGS_MODULE", "DATABASE_URL", "CELERY_BROKER_URL"} & kept.keys():
        del kept[name]
    return {**kept, "RAPPORT_DATA_DIR": str(folder), **more}


def demo(folder: Path, *options: str, **more: str) -> subprocess.CompletedProcess[str]:
    """Run `manage.py demo` on a data folder to its end."""
    command = [sys.executable, "manage.py", "demo", *options]
    env = environment(folder, **more)
    return subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=_WITHIN_SECONDS, check=False)


def made(run: Path) -> Made:
    """The run's demo bank, kept in the run's folder; made by whoever comes first, in a folder that is not there yet."""
    kept = run / "demo-bank.json"
    with (run / "demo-bank.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not kept.exists():
            folder = run / "demo-bank" / "not" / "there" / "yet"
            done = demo(folder, "--no-serve", "--json")
            answer = Made(str(run), str(folder), done.returncode, done.stdout, done.stderr)
            kept.write_text(json.dumps(asdict(answer)))
    return Made(**json.loads(kept.read_text()))
