"""Columns that databases compare in ways of their own, made to compare in one."""

from typing import Any

from django.db.models import CharField


class KeyField(CharField):
    """Text for machines, such as a folded name, compared byte by byte: one plain index gives its beginnings and its order.

    SQLite does so by itself. PostgreSQL would follow the language of the database, in whose order no LIKE can be looked up.
    """

    def db_parameters(self, connection: Any) -> Any:
        """As any text, on PostgreSQL in the order of its bytes."""
        parameters = super().db_parameters(connection)
        return {**parameters, "collation": "C"} if connection.vendor == "postgresql" else parameters
