"""The tests once more on PostgreSQL, where there is a server: same code, same answers."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
# In parts, each on a database of its own, so that processes share the work.
PARTS = (
    ("kernel", "web", "visits", "today"),
    ("clients", "companies", "prospects", "search", "staff"),
    # Of access and content what stands on locks, constraints and visibility; the rest asks the database nothing that another does not.
    ("access/test_matrix.py", "access/test_leaving.py", "papers", "content/library"),
    ("content/clippings/test_adding.py", "content/clippings/test_stories.py", "content/clippings/test_visibility.py", "content/alerts"),
)
# What depends on SQLite alone, drives a browser, or starts servers of its own, runs once on SQLite.
LEFT_OUT = "not browser and not slow and not postgres and not redis"


@pytest.mark.slow
@pytest.mark.postgres
@pytest.mark.parametrize("part", range(len(PARTS)))
def test_the_same_code_gives_the_same_answers_on_postgresql(postgres, part):
    address = f"{postgres.rpartition('/')[0]}/rapport_part_{part}"
    env = os.environ | {"RAPPORT_TEST_ON_POSTGRESQL": "1", "RAPPORT_TEST_DATABASE_URL": address, "PYTEST_ADDOPTS": ""}
    # What reads the plans of SQLite leaves itself out there, so this switch is for the first run alone.
    for name in [name for name in env if name.startswith(("PYTEST_XDIST", "RAPPORT_TEST_NOTHING"))]:
        del env[name]
    folders = [f"tests/{name}" for name in PARTS[part]]
    command = [sys.executable, "-m", "pytest", *folders, "-q", "-p", "no:cacheprovider", "--no-header", "-m", LEFT_OUT]
    command += ["-x", "--create-db"]
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=1500, check=False)
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
