"""For whom a page or file is made: their language and their centre's time zone."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone, translation


def zone_of(user: Any) -> ZoneInfo | None:
    """The time zone of the centre that the user's first post belongs to; None for those without one."""
    centre = user.actor.centre
    return centre.zone if centre is not None else None


@contextmanager
def reading_as(user: Any) -> Iterator[None]:
    """Texts in the user's language and times in their zone, as long as it lasts."""
    with translation.override(user.language), timezone.override(zone_of(user) or timezone.get_default_timezone()):
        yield
