"""What belongs to a sealed version is refused by the database itself: triggers for each table of parts, laid in its migration."""

from typing import Any

from crm.kernel.statements import Lay

SENTENCE = "a sealed version is never changed"


def freeze(table: str, *, column: str = "version_id") -> Lay:
    """The migration operation that lays the triggers on a table whose `column` names the version.

    Rows are added, changed and deleted as long as the version is a draft. A migration that rebuilds the table on SQLite drops its
    triggers: lay them again afterwards. One that rebuilds packs_packversion fails on SQLite while they stand: lift those of all tables
    first. On a restore load the versions last, or their rows before the triggers are laid.
    """

    def lifted(connection: Any) -> list[str]:
        on = f" ON {table}" if connection.vendor == "postgresql" else ""
        dropped = [f"DROP TRIGGER {table}_frozen_{verb}{on}" for verb in _ROWS]
        return [*dropped, f"DROP FUNCTION {table}_frozen()"] if on else dropped

    return Lay(lambda connection: _statements(table, column, connection.vendor), lifted)


_ROWS = {"insert": ("NEW",), "update": ("OLD", "NEW"), "delete": ("OLD",)}


def _statements(table: str, column: str, vendor: str) -> list[str]:
    if vendor == "postgresql":
        found = [
            f"CREATE FUNCTION {table}_frozen() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN "
            f"IF TG_OP <> 'INSERT' AND (SELECT state FROM packs_packversion WHERE id = OLD.{column}) <> 'draft' THEN "
            f"RAISE EXCEPTION '{SENTENCE}' USING ERRCODE = 'integrity_constraint_violation'; END IF; "
            f"IF TG_OP <> 'DELETE' AND (SELECT state FROM packs_packversion WHERE id = NEW.{column}) <> 'draft' THEN "
            f"RAISE EXCEPTION '{SENTENCE}' USING ERRCODE = 'integrity_constraint_violation'; END IF; "
            f"IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END$$"
        ]
        for verb in _ROWS:
            found.append(
                f"CREATE TRIGGER {table}_frozen_{verb} BEFORE {verb.upper()} ON {table} FOR EACH ROW EXECUTE FUNCTION {table}_frozen()"
            )
        return found
    sealed = "(SELECT state FROM packs_packversion WHERE id = {row}.{column}) <> 'draft'"
    return [
        f"CREATE TRIGGER {table}_frozen_{verb} BEFORE {verb.upper()} ON {table} FOR EACH ROW "
        f"WHEN {' OR '.join(sealed.format(row=row, column=column) for row in rows)} "
        f"BEGIN SELECT RAISE(ABORT, '{SENTENCE}'); END"
        for verb, rows in _ROWS.items()
    ]
