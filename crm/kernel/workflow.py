"""One way to ask whether a state leads to another."""

from collections.abc import Collection, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.kernel.errors import InvalidTransition


def check_transition(table: Mapping[Any, Collection[Any]], source: str, target: str) -> None:
    """Raise InvalidTransition unless `table[source]` holds `target`."""
    if target not in table.get(source, ()):
        raise InvalidTransition(_("This step is not open any more: the record has moved on. Look at it again."))
