"""T22: the loading of a directory is killed at random moments and begun again; it ends as one that nobody disturbed."""

import math
import os
import random
import shutil
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from contextlib import closing
from pathlib import Path

from tests.benchmarks import importing
from tests.benchmarks.figures import Figure, rounded
from tests.proof import ground

KILLS, ROWS = 20, 1_500
_RESUME_SECONDS = 300
_RESUME = f"""
import time, django
django.setup()
from crm.kernel.outbox import Outbox, deliver_pending
until = time.monotonic() + {_RESUME_SECONDS}
while Outbox.objects.filter(done_at=None).exists() and time.monotonic() < until:
    deliver_pending()
    time.sleep(0.2)
"""
_WRITTEN = {
    "companies": "SELECT name_en, name_zh, phone FROM companies_company",
    "names": "SELECT c.name_en, c.name_zh, n.text FROM companies_companyname n JOIN companies_company c ON c.id = n.company_id",
    "numbers": "SELECT c.name_en, c.name_zh, i.kind, i.value FROM companies_identifier i JOIN companies_company c ON c.id = i.company_id",
    "addresses": "SELECT c.name_en, c.name_zh, a.text_en FROM companies_address a JOIN companies_company c ON c.id = a.company_id",
    "source_records": "SELECT source, row_key FROM companies_sourcerecord",
}


def run(folder: Path, *, kills: int = KILLS, rows: int = ROWS, seed: int = 1) -> list[Figure]:
    """The figures of T22, beside a copy of the bank into which the same file is loaded in peace."""
    peaceful = folder / "peaceful"
    peaceful.mkdir()
    shutil.copyfile(folder / "db.sqlite3", peaceful / "db.sqlite3")
    path = folder / "directory.csv"
    importing.write(path, held=ground.SIZE, rows=rows)
    whole = _worked(_start(peaceful, path))
    chance = random.Random(seed)
    killed = sum(_kill(_start(folder, path), chance.uniform(0.3, 1.1) * whole) for _ in range(kills))
    finished = _start(folder, path).wait()
    ground.child(folder, "-c", _RESUME)
    undisturbed, left = _written(peaceful), _written(folder)
    undone = _ask(folder, "SELECT count(*) FROM kernel_outbox WHERE done_at IS NULL")[0][0]
    return [
        Figure("T22.import_kills.kills", killed, "kills", f"of {kills} loads of {rows} rows, each of {rounded(whole)} CPU s"),
        Figure("T22.import_kills.companies", left["companies"].total(), "companies", str(undisturbed["companies"].total())),
        *(
            Figure(f"T22.import_kills.{kind}_{how}", (one - other).total(), kind, "0")
            for kind in _WRITTEN
            for how, one, other in (("lost", undisturbed[kind], left[kind]), ("doubled", left[kind], undisturbed[kind]))
        ),
        Figure("T22.import_kills.exit", finished, "", "0: the last load ran to its end"),
        Figure("T22.import_kills.work_undone", undone, "rows", "0"),
    ]


def _start(folder: Path, path: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "manage.py", "import_directory", str(path), "--source", "Proof", "--as", "head", "--json"]
    env = ground.environment(folder) | {"RAPPORT_OUTBOX_LEASE_SECONDS": "2"}
    return subprocess.Popen(command, cwd=ground.ROOT, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def _worked(process: subprocess.Popen[bytes], until: float = math.inf) -> float:
    """How many processor seconds a process has worked, when it ends or at the latest when they are `until`: a busy machine changes none."""
    worked = 0.0
    while process.poll() is None and worked < until:
        told = Path(f"/proc/{process.pid}/stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()
        worked = (int(told[11]) + int(told[12])) / os.sysconf("SC_CLK_TCK")
        time.sleep(0.01)
    return worked


def _kill(process: subprocess.Popen[bytes], after: float) -> bool:
    """kill -9 when it has worked for some seconds; False where it was done by then."""
    _worked(process, after)
    if process.poll() is not None:
        return False
    process.kill()
    process.wait()
    return True


def _written(folder: Path) -> dict[str, Counter[tuple[str, ...]]]:
    return {kind: Counter(_ask(folder, question)) for kind, question in _WRITTEN.items()}


def _ask(folder: Path, question: str) -> list[tuple[str, ...]]:
    with closing(sqlite3.connect(folder / "db.sqlite3", timeout=20)) as database:
        return database.execute(question).fetchall()
