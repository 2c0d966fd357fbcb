"""What the database itself refuses: to change or delete a seal, an endorsement, a step, a history row; to change what is sealed.

A version that left its draft keeps all its columns; its state moves only as domain 6.8 says, and the row stays. The row of a file that
a seal pins stays too. A migration that rebuilds one of these tables on SQLite drops its triggers: lay them again afterwards
(a test says so). To restore a backup, or for tests that empty tables, lift them first and lay them afterwards: `laid(connection)`.
"""

from typing import Any

from credit.packs.choices import VERSION_TRANSITIONS

APPEND_ONLY = (
    "handoff_seal",
    "handoff_sealeddocument",
    "handoff_endorsement",
    "packs_packevent",
    "packs_historicalpack",
    "packs_historicalpackversion",
)
VERSION, FILE = "packs_packversion", "kernel_storedfile"
_STANDS = "what is sealed or written down is never changed"
_COLUMNS = ("pack_id", "number", "opened_at", "opened_by_id", "reason", "sealed_at", "client_types", "created_at")
_FILE_COLUMNS = ("id", "sha256", "size", "name", "media_type", "owner_id", "stored_at")


def _moves() -> str:
    """The steps that a version may take, as a condition."""
    pairs = [(source, target) for source, targets in VERSION_TRANSITIONS.items() for target in targets if source != "draft"]
    allowed = " OR ".join(f"(OLD.state = '{source!s}' AND NEW.state = '{target!s}')" for source, target in sorted(pairs))
    return f"(OLD.state = NEW.state OR {allowed})"


def conditions(vendor: str) -> list[tuple[str, str, str]]:
    """(table, verb, condition or "") of everything that is refused."""
    differs = "IS DISTINCT FROM" if vendor == "postgresql" else "IS NOT"
    changed = " OR ".join(f"OLD.{name} {differs} NEW.{name}" for name in ("id", *_COLUMNS))
    file_changed = " OR ".join(f"OLD.{name} {differs} NEW.{name}" for name in _FILE_COLUMNS)
    pinned = "EXISTS (SELECT 1 FROM handoff_sealeddocument WHERE file_id = OLD.id)"
    found = [(table, verb, "") for table in APPEND_ONLY for verb in ("update", "delete")]
    return [
        *found,
        (VERSION, "update", f"OLD.state <> 'draft' AND ({changed} OR NOT {_moves()})"),
        (VERSION, "delete", "OLD.state <> 'draft'"),
        (FILE, "update", f"({file_changed}) AND {pinned}"),
        (FILE, "delete", pinned),
    ]


def laid(connection: Any) -> list[str]:
    """The statements that lay all of it in this database."""
    vendor = connection.vendor
    found = []
    if vendor == "postgresql":
        found.append(
            "CREATE FUNCTION handoff_stands() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN "
            f"RAISE EXCEPTION '{_STANDS}' USING ERRCODE = 'integrity_constraint_violation'; END$$"
        )
    for table, verb, condition in conditions(vendor):
        found += _trigger(vendor, table, verb, condition)
    return found


def _trigger(vendor: str, table: str, verb: str, condition: str) -> list[str]:
    name = f"{table}_stands_{verb}"
    if vendor != "postgresql":
        when = f" WHEN {condition}" if condition else ""
        return [f"CREATE TRIGGER {name} BEFORE {verb.upper()} ON {table} FOR EACH ROW{when} BEGIN SELECT RAISE(ABORT, '{_STANDS}'); END"]
    if "EXISTS" not in condition:
        when = f" WHEN ({condition})" if condition else ""
        return [f"CREATE TRIGGER {name} BEFORE {verb.upper()} ON {table} FOR EACH ROW{when} EXECUTE FUNCTION handoff_stands()"]
    # A trigger's condition may not ask other tables on PostgreSQL: its function does.
    back = "OLD" if verb == "delete" else "NEW"
    return [
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN IF {condition} THEN "
        f"RAISE EXCEPTION '{_STANDS}' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN {back}; END$$",
        f"CREATE TRIGGER {name} BEFORE {verb.upper()} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()",
    ]


def lifted(connection: Any) -> list[str]:
    """The statements that take it away."""
    vendor = connection.vendor
    found = []
    for table, verb, condition in conditions(vendor):
        name = f"{table}_stands_{verb}"
        found.append(f"DROP TRIGGER {name} ON {table}" if vendor == "postgresql" else f"DROP TRIGGER {name}")
        if vendor == "postgresql" and "EXISTS" in condition:
            found.append(f"DROP FUNCTION {name}()")
    return [*found, "DROP FUNCTION handoff_stands()"] if vendor == "postgresql" else found
