"""What the handoff asks of features above and beside it."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from credit.packs.models import PackVersion


@dataclass(frozen=True)
class GroupTotal:
    """The group's exposure after a request (domain 6.9), in Hong Kong dollars: `total(version, now)`; None where it cannot be computed.

    Who knows the group's limits contributes one; without it the request itself is the total.
    """

    code: str
    total: Callable[[PackVersion, dt.datetime], Decimal | None]


@dataclass(frozen=True)
class GroupConfirmed:
    """When the tree of the pack's group was last confirmed: `on(version)`; None where it never was, or where there is no group to ask."""

    code: str
    has_group: Callable[[PackVersion], bool]
    on: Callable[[PackVersion], dt.date | None]
