"""What no longer changes of a row that goes on changing: triggers that refuse it, laid in the migration."""

from collections.abc import Sequence
from typing import Any

from credit.reviews.lasting import SENTENCE
from crm.kernel.statements import Lay

TERMS = (
    *("pack_id", "condition_id", "replaces_id", "metric", "comparison", "threshold", "currency", "words", "document"),
    *("frequency", "first_on", "due_days", "cure_days", "proposed_by_id", "confirmed_by_id", "confirmed_at"),
)
RESULT = ("covenant_id", "ends_on", "received_on", "tested_by_id", "tested_at", "value", "threshold", "figures", "cure_until")


def fixed(table: str, columns: Sequence[str], *, once: str) -> Lay:
    """The migration operation that refuses an UPDATE naming any of the columns on rows in which `once` is set.

    A migration that rebuilds the table on SQLite drops its trigger: lay it again afterwards.
    """

    def lifted(connection: Any) -> list[str]:
        on = f" ON {table}" if connection.vendor == "postgresql" else ""
        dropped = [f"DROP TRIGGER {table}_fixed{on}"]
        return [*dropped, f"DROP FUNCTION {table}_fixed()"] if on else dropped

    return Lay(lambda connection: _statements(table, ", ".join(columns), once, connection.vendor), lifted)


def _statements(table: str, columns: str, once: str, vendor: str) -> list[str]:
    begin = f"CREATE TRIGGER {table}_fixed BEFORE UPDATE OF {columns} ON {table} FOR EACH ROW WHEN (OLD.{once} IS NOT NULL)"
    if vendor == "postgresql":
        return [
            f"CREATE FUNCTION {table}_fixed() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN "
            f"RAISE EXCEPTION '{SENTENCE}' USING ERRCODE = 'integrity_constraint_violation'; END$$",
            f"{begin} EXECUTE FUNCTION {table}_fixed()",
        ]
    return [f"{begin} BEGIN SELECT RAISE(ABORT, '{SENTENCE}'); END"]
