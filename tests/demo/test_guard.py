"""Production does not start on the demo bank."""

import datetime as dt
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from crm.demo.guard import check_demo_bank, refuse_demo_bank
from crm.demo.models import DemoBank
from tests.conftest import ROOT

NOW = dt.datetime(2026, 3, 4, 2, 0, tzinfo=dt.UTC)


def test_production_refuses_the_demo_bank_and_says_why(db: None, settings: object) -> None:
    settings.MODE = "production"  # type: ignore[attr-defined]
    refuse_demo_bank()
    assert check_demo_bank(databases=["default"]) == []
    DemoBank.objects.create(planted_at=NOW)
    with pytest.raises(ImproperlyConfigured, match="demo bank"):
        refuse_demo_bank()
    assert [error.id for error in check_demo_bank(databases=["default"])] == ["demo.E001"]


def test_embedded_serves_the_demo_bank(db: None, settings: object) -> None:
    settings.MODE = "embedded"  # type: ignore[attr-defined]
    DemoBank.objects.create(planted_at=NOW)
    refuse_demo_bank()


@pytest.mark.slow
@pytest.mark.parametrize("start", [["-c", "import crm.wsgi"], ["-m", "celery", "-A", "crm.celery", "worker", "--pool", "solo"]])
def test_neither_web_server_nor_worker_starts(tmp_path: Path, start: list[str]) -> None:
    """Settings that differ from production's only in their database, since no PostgreSQL is needed to see the refusal."""
    (tmp_path / "as_production.py").write_text('from crm.settings.embedded import *\nMODE = "production"\n')
    own = {"RAPPORT_DATA_DIR": str(tmp_path / "data"), "PYTHONPATH": f"{tmp_path}:{ROOT}", "DJANGO_SETTINGS_MODULE": "as_production"}
    env = {name: value for name, value in os.environ.items() if not name.startswith("RAPPORT_")} | own
    table = "CREATE TABLE demo_demobank (id integer, only bool, planted_at text, directory_at text)"
    mark = f"import django; django.setup(); from django.db import connection as c; c.cursor().execute('{table}'); "
    mark += "c.cursor().execute(\"INSERT INTO demo_demobank VALUES (1, 1, '2026-03-04', NULL)\")"
    subprocess.run([sys.executable, "-c", mark], cwd=ROOT, env=env, check=True)
    started = subprocess.run([sys.executable, *start], cwd=ROOT, env=env, capture_output=True, text=True, timeout=60, check=False)
    assert started.returncode != 0
    assert "This database is the demo bank's" in started.stderr
