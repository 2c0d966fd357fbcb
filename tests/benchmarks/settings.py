"""The settings of measured processes: embedded as shipped, on the database that the benchmark made."""

from pathlib import Path
from typing import Any

import environ

from crm.settings import env
from crm.settings.embedded import *  # noqa: F403
from crm.settings.embedded import AUTHENTICATION_BACKENDS, sqlite
from tests.benchmarks.floor_frame import PLAIN_BACKEND

AUTHENTICATION_BACKENDS = [*AUTHENTICATION_BACKENDS, PLAIN_BACKEND]  # the floor's
ALLOWED_HOSTS = ["127.0.0.1", "testserver"]


def database(address: str) -> dict[str, Any]:
    """The database settings of an address: a PostgreSQL URL, or the path of an SQLite file; connections are kept, as both modes do."""
    if "://" in address:
        return {**environ.Env.db_url_config(address), "CONN_MAX_AGE": None}
    return sqlite(Path(address))


DATABASES = {"default": database(env.text("RAPPORT_BENCHMARK_DATABASE"))}
