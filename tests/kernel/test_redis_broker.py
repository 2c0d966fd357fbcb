"""On a broker of a bank's servers the outbox is delivered just as on files."""

import os
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ASK = """
import django; django.setup()
from crm.kernel.outbox import enqueue
from crm.kernel.models import Outbox
print(enqueue("clients.follow_names", company_ids=[]).pk)
"""


@pytest.mark.slow
@pytest.mark.redis
def test_a_worker_on_redis_carries_out_what_a_command_asked_for(redis_server, tmp_path):
    env = os.environ | {
        "RAPPORT_DATA_DIR": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "crm.settings.test",
        "RAPPORT_TEST_BROKER_URL": redis_server,
    }

    def python(*args: str) -> str:
        return subprocess.run([sys.executable, *args], cwd=ROOT, env=env, check=True, capture_output=True, text=True).stdout.strip()

    def waiting() -> int:
        with sqlite3.connect(tmp_path / "db.sqlite3") as database:
            return database.execute("SELECT count(*) FROM kernel_outbox WHERE done_at IS NULL").fetchone()[0]

    python("manage.py", "migrate", "--skip-checks", "--verbosity", "0")
    python("-c", ASK)
    assert waiting() == 1
    worker = subprocess.Popen(
        [
            *(sys.executable, "-m", "celery", "-A", "crm.celery", "worker", "-B"),
            *("--pool", "threads", "--concurrency", "2", "-s", str(tmp_path / "beat")),
        ],
        cwd=ROOT, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        until = time.monotonic() + 60
        while waiting() and time.monotonic() < until:
            time.sleep(0.5)
        assert waiting() == 0
    finally:
        worker.terminate()
        worker.wait(20)
