"""Settings of the tests: SQLite as shipped in a file, or the PostgreSQL of RAPPORT_TEST_DATABASE_URL."""

import os
import tempfile
from pathlib import Path

os.environ.setdefault("RAPPORT_DATA_DIR", tempfile.mkdtemp(prefix="rapport-test-"))

from crm.settings import env
from crm.settings.embedded import *  # noqa: F403
from crm.settings.embedded import DATA_DIR, sqlite

MODE = "test"
SECRET_KEY = "only-for-tests-" + "x" * 50
ALLOWED_HOSTS = ["*"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

if env.text("RAPPORT_TEST_DATABASE_URL", default=""):
    DATABASES = {"default": env.database("RAPPORT_TEST_DATABASE_URL")}
else:
    DATABASES = {"default": sqlite(DATA_DIR / "db.sqlite3")}
    # A file, never ":memory:": races and plans must be those of the shipped database.
    DATABASES["default"]["TEST"] = {"NAME": str(Path(DATA_DIR) / "test.sqlite3")}
