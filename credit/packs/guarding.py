"""What stands in the way of a handoff, asked of all features once for each loaded version."""

import datetime as dt

from credit.packs.models import PackVersion
from credit.packs.parts import HandoffCheck, Obstacle
from crm.kernel.contributions import of

_KEPT = "_obstacles"


def obstacles_of(version: PackVersion, now: dt.datetime) -> list[Obstacle]:
    """In the order of the checks. The card of the page and the button say the same, from one reading."""
    kept = version.__dict__.get(_KEPT)
    if kept is None or kept[0] != now:
        kept = (now, [obstacle for check in of(HandoffCheck) for obstacle in check.obstacles(version, now)])
        version.__dict__[_KEPT] = kept
    found: list[Obstacle] = kept[1]
    return found
