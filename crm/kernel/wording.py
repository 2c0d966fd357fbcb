"""How a sentence is put together in the reader's language where gettext alone does not say it."""

import re
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

from django.db.models import Choices
from django.utils.translation import gettext as _
from django.utils.translation import override

DOT = " · "
_CODE = re.compile(r"[A-Z]+\d+")


def listed(items: Iterable[object]) -> str:
    """The items one after the other, with the mark that the language sets between them."""
    return _(", ").join(str(item) for item in items)


def spoken(*choices: type[Choices]) -> Callable[[str], str]:
    """Says a title that was kept in English, "number · Endorsed · words of somebody", in the reader's language: what of it is a label of
    these choices, or begins with one, and what is a code of theirs. All else is somebody's own words.
    """

    @cache
    def labels() -> dict[str, Any]:
        known: dict[str, Any] = {}
        with override("en"):
            for one in choices:
                known |= {str(label): label for _value, label in one.choices}
                known |= {str(value): label for value, label in one.choices if _CODE.fullmatch(str(value))}
        return known

    def say(part: str) -> str:
        known = labels()
        if part in known:
            return str(known[part])
        begun = max((label for label in known if part.startswith(f"{label} ")), key=len, default="")
        return f"{known[begun]}{part[len(begun) :]}" if begun else part

    return lambda title: DOT.join(map(say, title.split(DOT)))
