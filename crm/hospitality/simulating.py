"""What past hospitality would have been under other figures, for whoever proposes them."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.utils.translation import ngettext

from crm.hospitality import rules
from crm.hospitality.choices import LEVELS, Level
from crm.hospitality.models import HospitalityRequest
from crm.kernel.errors import Sentence


def _events(jurisdiction: str, since: dt.date, until: dt.date) -> Any:
    rows = HospitalityRequest.objects.filter(event_on__range=(since, until))
    return rows.filter(centre__jurisdiction=jurisdiction) if jurisdiction else rows


def months(*, proposed: dict[str, Any], jurisdiction: str, since: dt.date, until: dt.date) -> list[Sentence]:
    """How many months of hosts would have gone above another limit."""
    used: dict[tuple[int, str, str], Decimal] = {}
    rows = _events(jurisdiction, since, until).filter(paid__gt=0).values_list("owner_id", "host_role", "event_on", "paid")
    for owner_id, role, day, paid in rows:
        key = (owner_id, rules.column_of(role), rules.month_of(day))
        used[key] = used.get(key, rules.ZERO) + paid
    over = sum(1 for (_owner, role, _month), total in used.items() if role in proposed and total > Decimal(str(proposed[role])))
    return [ngettext("%(count)s month would have been too full.", "%(count)s months would have been too full.", over) % {"count": over}]


def ladder(*, proposed: dict[str, Any], jurisdiction: str, since: dt.date, until: dt.date) -> list[Sentence]:
    """How many requests would have gone higher, and how many lower, by their estimate."""
    caps = {level: Decimal(str(proposed[level])) for level in (Level.TH, Level.RCH) if level in proposed}
    higher = lower = 0
    for level, estimate in _events(jurisdiction, since, until).exclude(level="").values_list("level", "estimate"):
        would = next((one for one in LEVELS if one in caps and estimate <= caps[one]), Level.HO)
        higher += LEVELS.index(would) > LEVELS.index(Level(level))
        lower += LEVELS.index(would) < LEVELS.index(Level(level))
    return [
        ngettext("%(count)s request would have gone higher.", "%(count)s requests would have gone higher.", higher) % {"count": higher},
        ngettext("%(count)s request would have gone lower.", "%(count)s requests would have gone lower.", lower) % {"count": lower},
    ]
