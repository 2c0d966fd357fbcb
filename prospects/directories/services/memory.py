"""Keeps a walk through the whole bank out of the process's memory."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


@contextmanager
def unmapped() -> Iterator[None]:
    """On SQLite, read the file instead of mapping it: a list is compared with all companies held, and would map the whole of it.

    The mapping serves pages, which read a little of it; it stands again afterwards. Nothing on other databases, nor where SQLite was
    built without mapping.
    """
    before = _mapped() if connection.vendor == "sqlite" else 0
    if not before:
        yield
        return
    _map(0)
    try:
        yield
    finally:
        _map(before)


def _mapped() -> int:
    """Bytes of the database file that may be mapped."""
    connection.ensure_connection()
    row = connection.connection.execute("PRAGMA mmap_size").fetchone()
    return int(row[0]) if row else 0


def _map(size: int) -> None:
    # Past Django's cursor, which refuses everything once a transaction is broken. A connection opened meanwhile is mapped as set up.
    if connection.connection is not None:
        connection.connection.execute(f"PRAGMA mmap_size={size}")
