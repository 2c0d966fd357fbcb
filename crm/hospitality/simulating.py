"""What past hospitality would have been under other figures, for whoever proposes them."""

import datetime as dt
from decimal import Decimal
from functools import partial
from typing import Any

from django.utils.translation import ngettext

from crm.hospitality import rules
from crm.hospitality.choices import AT_LUNCH_CAP, LEVELS, Level, Need
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


def free(*, proposed: dict[str, Any], jurisdiction: str, since: dt.date, until: dt.date) -> list[Sentence]:
    """How many requests would have needed approval for their estimate, and how many none."""
    asked = spared = 0
    for role, needs, estimate in _events(jurisdiction, since, until).values_list("host_role", "needs", "estimate"):
        if (column := rules.column_of(role)) in proposed:
            above = estimate > Decimal(str(proposed[column]))
            asked += above and not needs
            spared += not above and needs == [Need.AMOUNT]
    return [
        ngettext("%(count)s request would have needed approval.", "%(count)s requests would have needed approval.", asked)
        % {"count": asked},
        ngettext("%(count)s request would have needed none.", "%(count)s requests would have needed none.", spared) % {"count": spared},
    ]


def _meals(*, proposed: dict[str, Any], jurisdiction: str, since: dt.date, until: dt.date, lunch: bool, official: bool) -> list[Sentence]:
    rows = _events(jurisdiction, since, until).filter(per_head__isnull=False, has_official=official)
    rows = rows.filter(kind__in=AT_LUNCH_CAP) if lunch else rows.exclude(kind__in=AT_LUNCH_CAP)
    caps = {role: Decimal(str(cap)) for role, cap in proposed.items()}
    columns = ((rules.column_of(role), per_head) for role, per_head in rows.values_list("host_role", "per_head"))
    over = sum(1 for role, per_head in columns if role in caps and per_head > caps[role])
    told = ngettext(
        "%(count)s meal would have been above the cap per head.", "%(count)s meals would have been above the cap per head.", over
    )
    return [told % {"count": over}]


lunch = partial(_meals, lunch=True, official=False)
dinner = partial(_meals, lunch=False, official=False)
official_lunch = partial(_meals, lunch=True, official=True)
official_dinner = partial(_meals, lunch=False, official=True)


def quarters(*, proposed: dict[str, Any], jurisdiction: str, since: dt.date, until: dt.date) -> list[Sentence]:
    """How many clients' quarters would have gone above another limit of the highest grade that hosted in them."""
    used: dict[tuple[int, dt.date, str], Decimal] = {}
    caps: dict[tuple[int, dt.date, str], Decimal] = {}
    rows = _events(jurisdiction, since, until).filter(paid__gt=0).values_list("company_id", "event_on", "currency", "host_role", "paid")
    for company_id, day, currency, role, paid in rows:
        key = (company_id, rules.quarter_of(day)[0], currency)
        used[key] = used.get(key, rules.ZERO) + paid
        if (column := rules.column_of(role)) in proposed:
            caps[key] = max(caps.get(key, rules.ZERO), Decimal(str(proposed[column])))
    over = sum(1 for key, cap in caps.items() if used[key] > cap)
    told = ngettext("%(count)s client's quarter would have been too full.", "%(count)s clients' quarters would have been too full.", over)
    return [told % {"count": over}]


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
