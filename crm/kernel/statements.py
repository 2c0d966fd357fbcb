"""Migration operations that lay statements of the database's own into it: triggers that refuse what must not change."""

from collections.abc import Callable, Iterable
from typing import Any

from django.db.migrations.operations.base import Operation


class Lay(Operation):
    """Runs `laid(connection)` forwards and `lifted(connection)` backwards; both give the statements for that database.

    RunPython would do, but makes Django build the models of the whole project anew each time, which takes seconds.
    """

    reversible = True

    def __init__(self, laid: Callable[[Any], Iterable[str]], lifted: Callable[[Any], Iterable[str]]) -> None:
        self.laid, self.lifted = laid, lifted

    def state_forwards(self, app_label: str, state: Any) -> None:
        """The models stay as they are."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Lay them."""
        for statement in self.laid(schema_editor.connection):
            schema_editor.execute(statement)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Lift them."""
        for statement in self.lifted(schema_editor.connection):
            schema_editor.execute(statement)

    def describe(self) -> str:
        """For the command that migrates."""
        return "Lay statements of the database's own"
