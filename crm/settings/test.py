"""Settings of the tests: SQLite as shipped, in a file; or, by a switch, the PostgreSQL of RAPPORT_TEST_DATABASE_URL."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

if "RAPPORT_DATA_DIR" not in os.environ:
    # In memory where the machine offers it: with synchronous=FULL the tests would else mostly wait for the disk.
    _memory = Path("/dev/shm")  # noqa: S108 - a fresh folder of our own is made in it
    _own = tempfile.mkdtemp(prefix="rapport-test-", dir=_memory if os.access(_memory, os.W_OK) else None)
    _process = os.getpid()
    os.environ["RAPPORT_DATA_DIR"] = _own
    # Only the process that made the folder removes it: children of a test inherit the variable.
    atexit.register(lambda: shutil.rmtree(_own, ignore_errors=True) if os.getpid() == _process else None)

from crm.settings import env
from crm.settings.embedded import *  # noqa: F403
from crm.settings.embedded import DATA_DIR, sqlite

MODE = "test"
WEBHOOK_HOSTS = ["credit.example.com"]
SECRET_KEY = "only-for-tests-" + "x" * 50
ALLOWED_HOSTS = ["*"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

# Never a bank's cluster: tests/servers.py names one of their own.
ELASTICSEARCH_URL = ""

# The suite runs on SQLite as shipped; tests/test_on_postgresql.py runs it again with this switch.
if env.boolean("RAPPORT_TEST_ON_POSTGRESQL", default=False):
    DATABASES = {"default": env.database("RAPPORT_TEST_DATABASE_URL")}
else:
    DATABASES = {"default": sqlite(DATA_DIR / "db.sqlite3")}
    # A file, never ":memory:": races and plans must be those of the shipped database.
    DATABASES["default"]["TEST"] = {"NAME": str(Path(DATA_DIR) / f"test-{os.getpid()}.sqlite3")}

if env.text("RAPPORT_TEST_BROKER_URL", default=""):
    CELERY_BROKER_URL = env.text("RAPPORT_TEST_BROKER_URL")
    CELERY_BROKER_TRANSPORT = None
    CELERY_BROKER_TRANSPORT_OPTIONS = {}

# A file of the tests' own, beside the data folder.
DRAW_KEYS = Path(f"{DATA_DIR}-keys") / f"keys-{os.getpid()}.json"
atexit.register(lambda: shutil.rmtree(DRAW_KEYS.parent, ignore_errors=True))
