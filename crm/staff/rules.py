"""What holds of units and accounts whatever the database says: kinds under kinds, time zones, user names."""

import re
from functools import cache
from zoneinfo import available_timezones

from crm.staff.choices import PARENTS_OF

USER_NAME = re.compile(r"^[a-z0-9.\-]{2,60}$")
UNIT_FACTS = ("name_en", "name_hant", "name_hans", "time_zone", "closed_on")
"""What may change of a unit; its kind and its place in the tree are set once."""
# What the machine's own clock is set to, and what a machine without a zone has: no place where a bank could be.
_NO_PLACES = {"Factory", "localtime"}


@cache
def time_zones() -> tuple[str, ...]:
    """The names of the zones of the IANA database, in order."""
    return tuple(sorted(available_timezones() - _NO_PLACES))


def may_stand_under(kind: str, parent_kind: str) -> bool:
    """Whether a unit of one kind may be part of a unit of another."""
    return parent_kind in PARENTS_OF[kind]
