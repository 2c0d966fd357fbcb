"""What the API takes: the base of all bodies, the ids, days and moments in them, and in whose words a field is refused."""

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from typing import Annotated, Any, TypeVar

from django.utils.translation import gettext_lazy as _
from ninja import Schema
from pydantic import AfterValidator, AwareDatetime, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from crm.kernel.clock import in_calendar
from crm.kernel.errors import Sentence

LARGEST_ID = 2**63 - 1
RecordId = Annotated[int, Field(ge=0, le=LARGEST_ID)]
"""The id of a record: what no database holds is 422 and never asked for."""
Version = Annotated[int, Field(ge=0, le=LARGEST_ID)]
"""The version of a record that was read."""

_BEGINS_AS_A_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_NOT_WRITTEN, _OUTSIDE = "iso_written", "calendar_range"
When = TypeVar("When", bound=dt.date)


class Body(Schema):
    """The base of every body and of its parts: a field that nobody asked for is refused, since it is a slip or was meant for more."""

    model_config = ConfigDict(extra="forbid")


def _written(value: Any) -> Any:
    """A number is no day: programs that mean seconds and milliseconds would both be believed."""
    if isinstance(value, dt.date) or (isinstance(value, str) and _BEGINS_AS_A_DAY.match(value)):
        return value
    raise PydanticCustomError(_NOT_WRITTEN, "Write it by ISO 8601")


def _within(value: When) -> When:
    if not in_calendar(value):
        raise PydanticCustomError(_OUTSIDE, "Outside the calendar")
    return value


Day = Annotated[dt.date, BeforeValidator(_written), AfterValidator(_within)]
"""A day, as `2026-03-31`."""
Moment = Annotated[AwareDatetime, BeforeValidator(_written), AfterValidator(_within)]
"""A time with its zone, as `2026-03-31T15:00:00+08:00`."""

_UNREADABLE: Sentence = _("This value cannot be read.")
_SENTENCES: Mapping[str, Sentence] = {
    "missing": _("This field is needed."),
    "extra_forbidden": _("There is no such field."),
    "string_type": _("Write this as text."),
    "bool_type": _("Write true or false."),
    "bool_parsing": _("Write true or false."),
    "int_type": _("Write a whole number."),
    "int_parsing": _("Write a whole number."),
    "int_from_float": _("Write a whole number."),
    "int_parsing_size": _("This number is too large."),
    "decimal_type": _("Write a number."),
    "decimal_parsing": _("Write a number."),
    "float_type": _("Write a number."),
    "float_parsing": _("Write a number."),
    "finite_number": _("Write a number."),
    "decimal_max_digits": _("This number has too many digits."),
    "decimal_whole_digits": _("This number has too many digits."),
    "decimal_max_places": _("This number has too many decimal places."),
    "list_type": _("Write a list."),
    "dict_type": _("Write an object."),
    "model_attributes_type": _("Write an object."),
    "model_type": _("Write an object."),
    "string_pattern_mismatch": _("This does not have the form that is asked for."),
    "timezone_aware": _("Write the time with its zone, such as 2026-03-31T15:00:00+08:00."),
    _OUTSIDE: _("This day is not in our calendar."),
}
_WITH_FIGURES: Mapping[str, tuple[Sentence, str]] = {
    "string_too_long": (_("At most %(limit)s characters."), "max_length"),
    "string_too_short": (_("At least %(limit)s characters."), "min_length"),
    "too_long": (_("At most %(limit)s entries."), "max_length"),
    "too_short": (_("At least %(limit)s entries."), "min_length"),
    "greater_than": (_("More than %(limit)s."), "gt"),
    "greater_than_equal": (_("%(limit)s or more."), "ge"),
    "less_than": (_("Less than %(limit)s."), "lt"),
    "less_than_equal": (_("%(limit)s or less."), "le"),
    "literal_error": (_("One of: %(limit)s."), "expected"),
    "enum": (_("One of: %(limit)s."), "expected"),
}
_A_DAY: Sentence = _("Write a day by ISO 8601, such as 2026-03-31.")
_A_MOMENT: Sentence = _("Write a day or time by ISO 8601, such as 2026-03-31 or 2026-03-31T15:00:00+08:00.")


def sentences(errors: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """What is wrong with each field, in the reader's words."""
    return {".".join(str(part) for part in entry["loc"][2:] or entry["loc"][1:]): str(_sentence(entry)) for entry in errors}


def _sentence(entry: Mapping[str, Any]) -> Sentence:
    kind = str(entry["type"])
    if kind in _WITH_FIGURES:
        words, limit = _WITH_FIGURES[kind]
        return str(words) % {"limit": str(entry.get("ctx", {}).get(limit, "")).replace(" or ", ", ")}
    if kind.startswith("datetime_") or kind == _NOT_WRITTEN:
        return _A_MOMENT
    return _A_DAY if kind.startswith("date_") else _SENTENCES.get(kind, _UNREADABLE)
