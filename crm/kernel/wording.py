"""How a sentence is put together in the reader's language where gettext alone does not say it."""

from collections.abc import Iterable

from django.utils.translation import gettext as _


def listed(items: Iterable[object]) -> str:
    """The items one after the other, with the mark that the language sets between them."""
    return _(", ").join(str(item) for item in items)
