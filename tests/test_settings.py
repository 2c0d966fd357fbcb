"""Production refuses to start unsafe, and says which variable is wrong (T15); a good one passes Django's own deployment check."""

import os
import secrets
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
KEY = secrets.token_urlsafe(60)
GOOD = {
    "RAPPORT_MODE": "production",
    "RAPPORT_SECRET_KEY": KEY,
    "RAPPORT_DRAW_KEYS": "/etc/rapport/draw-keys.json",
    "RAPPORT_HOSTS": "crm.bank.example",
    "DATABASE_URL": "postgres://rapport:secret@127.0.0.1:5999/rapport",
    "CELERY_BROKER_URL": "redis://127.0.0.1:6999/0",
}


def start(tmp_path: Path, *command: str, **changes: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("RAPPORT_", "DJANGO_", "DATABASE_", "CELERY_"))}
    env = kept | GOOD | {"RAPPORT_DATA_DIR": str(tmp_path)} | changes
    return subprocess.run([sys.executable, *command], cwd=ROOT, env=env, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("RAPPORT_DEBUG", "true"),
        ("RAPPORT_SECRET_KEY", ""),
        ("RAPPORT_SECRET_KEY", "django-insecure-" + "x" * 60),
        ("RAPPORT_HOSTS", "*"),
        ("DATABASE_URL", "sqlite:///var/db.sqlite3"),
        ("CELERY_BROKER_URL", "filesystem://"),
        ("RAPPORT_SESSION_HOURS", "ten"),
        ("RAPPORT_MODE", "prod"),
        ("ELASTICSEARCH_URL", "search.bank.example:9200"),
        ("ELASTICSEARCH_URL", "https://search.bank.example:port"),
    ],
)
def test_an_unsafe_or_senseless_variable_is_refused_by_name(tmp_path, variable, value):
    done = start(tmp_path, "-c", "import crm.settings", **{variable: value})
    assert done.returncode != 0
    assert variable in done.stderr.splitlines()[-1]
    assert KEY not in done.stderr


def test_a_good_configuration_loads_and_keeps_its_cookies_to_tls(tmp_path):
    ask = "from crm import settings as s; print(s.DEBUG, s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.SECURE_SSL_REDIRECT)"
    done = start(tmp_path, "-c", ask)
    assert done.stdout.split() == ["False", "True", "True", "True"], done.stderr


def test_embedded_makes_a_secret_of_its_own_that_only_its_owner_reads(tmp_path):
    for _twice in range(2):
        done = start(tmp_path, "-c", "from crm.settings import SECRET_KEY; print(SECRET_KEY)", RAPPORT_MODE="embedded")
        assert len(done.stdout.strip()) > 50, done.stderr
    kept = tmp_path / "secret-key"
    assert kept.read_text() == done.stdout.strip()
    assert kept.stat().st_mode & 0o077 == 0


def test_sqlite_is_opened_as_a_product(django_user_model, db):
    from django.db import connection

    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        said = {name: cursor.execute(f"PRAGMA {name}").fetchone()[0] for name in ("journal_mode", "synchronous", "foreign_keys")}
    assert said == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}
    assert connection.settings_dict["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    assert connection.settings_dict["OPTIONS"]["timeout"] == 20
