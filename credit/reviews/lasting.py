"""What is only ever added is refused by the database to change: triggers for a table, laid in its migration."""

from typing import Any

from crm.kernel.statements import Lay

SENTENCE = "rows of this table are never changed"


def lasting(table: str, *, once: str = "") -> Lay:
    """The migration operation that refuses UPDATE and DELETE on a table; with `once` only of rows in which that column is set.

    A migration that rebuilds the table on SQLite drops its triggers: lay them again afterwards.
    """

    def lifted(connection: Any) -> list[str]:
        on = f" ON {table}" if connection.vendor == "postgresql" else ""
        dropped = [f"DROP TRIGGER {table}_lasts_{verb}{on}" for verb in ("update", "delete")]
        return [*dropped, f"DROP FUNCTION {table}_lasts()"] if on else dropped

    return Lay(lambda connection: _statements(table, once, connection.vendor), lifted)


def kept(table: str) -> Lay:
    """The migration operation that refuses DELETE on a table whose rows change but never go.

    A migration that rebuilds the table on SQLite drops its trigger: lay it again afterwards.
    """

    def lifted(connection: Any) -> list[str]:
        on = f" ON {table}" if connection.vendor == "postgresql" else ""
        dropped = [f"DROP TRIGGER {table}_kept{on}"]
        return [*dropped, f"DROP FUNCTION {table}_kept()"] if on else dropped

    return Lay(lambda connection: _kept(table, connection.vendor), lifted)


def _kept(table: str, vendor: str) -> list[str]:
    sentence = "rows of this table are never deleted"
    if vendor == "postgresql":
        return [
            f"CREATE FUNCTION {table}_kept() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN "
            f"RAISE EXCEPTION '{sentence}' USING ERRCODE = 'integrity_constraint_violation'; END$$",
            f"CREATE TRIGGER {table}_kept BEFORE DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION {table}_kept()",
        ]
    return [f"CREATE TRIGGER {table}_kept BEFORE DELETE ON {table} BEGIN SELECT RAISE(ABORT, '{sentence}'); END"]


def _statements(table: str, once: str, vendor: str) -> list[str]:
    when = f" WHEN (OLD.{once} IS NOT NULL)" if once else ""
    if vendor == "postgresql":
        found = [
            f"CREATE FUNCTION {table}_lasts() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN "
            f"RAISE EXCEPTION '{SENTENCE}' USING ERRCODE = 'integrity_constraint_violation'; END$$"
        ]
        for verb in ("update", "delete"):
            found.append(
                f"CREATE TRIGGER {table}_lasts_{verb} BEFORE {verb.upper()} ON {table} FOR EACH ROW{when} EXECUTE FUNCTION {table}_lasts()"
            )
        return found
    return [
        f"CREATE TRIGGER {table}_lasts_{verb} BEFORE {verb.upper()} ON {table} FOR EACH ROW{when} "
        f"BEGIN SELECT RAISE(ABORT, '{SENTENCE}'); END"
        for verb in ("update", "delete")
    ]
