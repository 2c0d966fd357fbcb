"""When an item is over, and in which language it is read. Pure functions."""

import datetime as dt
from collections.abc import Mapping

from content.library.choices import COLUMNS, Kind


def expires_on(*, kind: str, dated_on: dt.date, chosen: dt.date | None, days: int) -> dt.date | None:
    """The last day on which it is offered: the editor's choice, else `days` after its date; none for a product sheet."""
    if chosen is not None or kind == Kind.PRODUCT:
        return chosen
    return dated_on + dt.timedelta(days=days)


def in_language(texts: Mapping[str, str], language: str) -> str:
    """The text in a reader's language, by the columns' endings; else in the other Chinese one, else whatever there is."""
    wanted = COLUMNS.get(language, "en")
    order = {"en": ("en", "hant", "hans"), "hant": ("hant", "hans", "en"), "hans": ("hans", "hant", "en")}[wanted]
    return next((texts[ending] for ending in order if texts.get(ending)), "")
