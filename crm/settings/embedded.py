"""One machine, no server: SQLite, Celery on its filesystem transport, all state under the data folder."""

import secrets
import tempfile
from contextlib import suppress
from pathlib import Path

from crm.settings import env
from crm.settings.base import *  # noqa: F403
from crm.settings.base import DATA_DIR, sqlite

MODE = "embedded"
DEBUG = False
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]", *env.words("RAPPORT_HOSTS", default=[])]


def _own_secret(folder: Path) -> str:
    """A secret made on the first start and kept beside the data, readable by its owner only."""
    folder.mkdir(parents=True, exist_ok=True)
    kept = folder / "secret-key"
    if not kept.exists():
        # Written aside and linked: of two that start at once one wins, and nobody reads half a key.
        with tempfile.NamedTemporaryFile("w", dir=folder, encoding="ascii") as aside:
            aside.write(secrets.token_urlsafe(50))
            aside.flush()
            with suppress(FileExistsError):
                kept.hardlink_to(aside.name)
    return kept.read_text(encoding="ascii")


SECRET_KEY = _own_secret(DATA_DIR)
DATABASES = {"default": sqlite(DATA_DIR / "db.sqlite3")}

_BROKER = DATA_DIR / "broker"
for _folder in ("queue", "control", "files"):
    (_BROKER / _folder).mkdir(parents=True, exist_ok=True)
CELERY_BROKER_TRANSPORT: str | None = "crm.kernel.broker:Transport"
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "data_folder_in": str(_BROKER / "queue"),
    "data_folder_out": str(_BROKER / "queue"),
    "control_folder": str(_BROKER / "control"),
    "polling_interval": 0.2,
}
# A worker whose hands are full looks again only after the interval. What it holds when it dies, the outbox hands over anew.
CELERY_WORKER_PREFETCH_MULTIPLIER = 25
CELERY_BEAT_SCHEDULE_FILENAME = str(_BROKER / "beat")
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = DATA_DIR / "mail"

# The embedded bank makes its keys by itself; `draw_key` shows each once.
DRAW_KEYS_MAKE = True
