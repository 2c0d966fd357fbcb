"""One way to ask whether a state leads to another."""

from collections.abc import Collection, Mapping

from django.utils.translation import gettext_lazy as _

from crm.kernel.errors import InvalidTransition


def check_transition(table: Mapping[str, Collection[str]], source: str, target: str) -> None:
    """Raise InvalidTransition unless `table[source]` holds `target`."""
    if target not in table.get(source, ()):
        raise InvalidTransition(_("This step is not open any more: the record has moved on. Look at it again."))
