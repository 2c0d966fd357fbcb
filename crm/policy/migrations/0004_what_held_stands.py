"""The database itself refuses to change a figure that two people set: only the day on which it ends may be written later.

A migration that rebuilds the table on SQLite drops its triggers: lay this one again afterwards (a test says so).
"""

from django.db import migrations

from crm.kernel.statements import Lay

_COLUMNS = ("table", "key", "jurisdiction", "person_id", "value", "effective_from", "set_by_id", "approved_by_id")
_SENTENCE = "a figure that two people set is never changed"

_SQLITE = """
CREATE TRIGGER policy_figure_stands BEFORE UPDATE ON policy_figure FOR EACH ROW
WHEN OLD.approved_by_id IS NOT NULL AND ({differs})
BEGIN SELECT RAISE(ABORT, '{sentence}'); END
""".format(differs=" OR ".join(f'OLD."{name}" IS NOT NEW."{name}"' for name in _COLUMNS), sentence=_SENTENCE)

_POSTGRESQL = (
    f"""
CREATE FUNCTION policy_figure_stands() RETURNS trigger LANGUAGE plpgsql AS
$$BEGIN RAISE EXCEPTION '{_SENTENCE}' USING ERRCODE = 'integrity_constraint_violation'; END$$
""",
    """
CREATE TRIGGER policy_figure_stands BEFORE UPDATE ON policy_figure FOR EACH ROW
WHEN (OLD.approved_by_id IS NOT NULL AND ({differs})) EXECUTE FUNCTION policy_figure_stands()
""".format(differs=" OR ".join(f'OLD."{name}" IS DISTINCT FROM NEW."{name}"' for name in _COLUMNS)),
)


def laid(connection):
    """The trigger in the database's own words."""
    return _POSTGRESQL if connection.vendor == "postgresql" else (_SQLITE,)


def lifted(connection):
    """Takes it away."""
    if connection.vendor == "postgresql":
        return "DROP TRIGGER policy_figure_stands ON policy_figure", "DROP FUNCTION policy_figure_stands()"
    return ("DROP TRIGGER policy_figure_stands",)


class Migration(migrations.Migration):
    dependencies = [('policy', '0001_initial')]

    operations = [Lay(laid, lifted)]
