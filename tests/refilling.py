"""A PostgreSQL database put back to what the migrations left: of 800 tables a test fills a few, and a new database takes two seconds."""

import time
from dataclasses import dataclass

import psycopg
from psycopg import sql

_TABLES = "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
_SEQUENCES = "SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = 'public'"
_OTHERS = "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"


@dataclass(frozen=True)
class Kept:
    """The rows of the tables that had any, as COPY writes them, and where the sequences stood."""

    rows: dict[str, bytes]
    sequences: dict[str, int | None]


def keep(address: str) -> Kept:
    """What is in the database now."""
    with psycopg.connect(address) as database:
        rows = {}
        for table in _filled(database):
            with database.cursor().copy(sql.SQL("COPY {} TO STDOUT").format(sql.Identifier(table))) as copy:
                rows[table] = b"".join(bytes(piece) for piece in copy)
        return Kept(rows, dict(database.execute(_SEQUENCES).fetchall()))


def put_back(address: str, kept: Kept) -> None:
    """Make the database what it was, once everybody else has left it. No trigger is asked, so the role must be a superuser's."""
    with psycopg.connect(address) as database:
        _send_others_away(database)
        database.execute("SET session_replication_role = replica")
        for table in _filled(database):
            database.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table)))
        for table, rows in kept.rows.items():
            with database.cursor().copy(sql.SQL("COPY {} FROM STDIN").format(sql.Identifier(table))) as copy:
                copy.write(rows)
        for sequence, last in database.execute(_SEQUENCES).fetchall():
            stood = kept.sequences[sequence]
            if last != stood:
                database.execute("SELECT setval(%s::regclass, %s, %s)", [f'"{sequence}"', stood or 1, stood is not None])


def _filled(database: psycopg.Connection) -> list[str]:
    """The tables that hold rows, asked in one statement."""
    tables = [name for (name,) in database.execute(_TABLES)]
    asked = (sql.SQL("SELECT {} WHERE EXISTS (SELECT FROM {})").format(name, sql.Identifier(name)) for name in tables)
    return [name for (name,) in database.execute(sql.SQL(" UNION ALL ").join(asked))]


def _send_others_away(database: psycopg.Connection) -> None:
    """End the connections of threads and processes that the test left behind, and what they had begun."""
    database.autocommit = True
    while database.execute(f"SELECT pg_terminate_backend(pid) {_OTHERS}").fetchall():
        time.sleep(0.01)
    database.autocommit = False
