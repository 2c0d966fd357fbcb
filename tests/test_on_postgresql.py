"""The suite once more on PostgreSQL, where there is a server: same code, same answers."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
# What depends on SQLite alone, drives a browser, or starts servers of its own, runs once on SQLite.
LEFT_OUT = "not browser and not slow and not postgres and not redis"


@pytest.mark.slow
@pytest.mark.postgres
def test_the_suite_passes_on_postgresql(postgres):
    env = os.environ | {"RAPPORT_TEST_ON_POSTGRESQL": "1", "RAPPORT_TEST_DATABASE_URL": postgres, "PYTEST_ADDOPTS": ""}
    for name in [name for name in env if name.startswith("PYTEST_XDIST")]:
        del env[name]
    command = [sys.executable, "-m", "pytest", "tests", "-q", "-p", "no:cacheprovider", "--no-header", "-m", LEFT_OUT]
    command += ["--ignore=tests/real", "--ignore=tests/web/static", "-x", "--create-db"]
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=1500, check=False)
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
