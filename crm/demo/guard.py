"""Keeps the demo bank out of production: a server or worker does not start on a database that holds demo people."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig, apps
from django.conf import settings
from django.core.checks import CheckMessage, Error
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

_SENTENCE = "This database is the demo bank's: its people share one password. Production starts on a database of its own only."


def holds_demo_bank() -> bool:
    """The database bears the demo bank's mark. A database that is not migrated yet does not."""
    mark = apps.get_model("demo", "DemoBank")
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
    return mark._meta.db_table in tables and mark._base_manager.exists()


def refuse_demo_bank() -> None:
    """ImproperlyConfigured in production on the demo bank. Servers and workers call it as they start."""
    if settings.MODE == "production" and holds_demo_bank():
        raise ImproperlyConfigured(_SENTENCE)


def check_demo_bank(
    *, app_configs: Sequence[AppConfig] | None = None, databases: Sequence[str] | None = None, **_options: Any
) -> list[CheckMessage]:
    """`manage.py check --deploy --database default` says the same."""
    if databases and settings.MODE == "production" and holds_demo_bank():
        return [Error(_SENTENCE, id="demo.E001")]
    return []
