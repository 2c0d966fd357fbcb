"""Draws that are owed beyond the windows. An order says between which days one is drawn; on which, nobody knows before its eve."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from credit.surprises import planning, selectors
from credit.surprises.choices import Origin
from credit.surprises.models import DrawOrder, RevealRun, SurpriseVisit
from crm.clients.models import Client
from crm.kernel.errors import RuleBroken
from crm.staff.models import OrgUnit

SEVERITIES = {"H": "high_days", "C": "critical_days"}


def first_sealed(centre: OrgUnit, now: dt.datetime) -> dt.date:
    """The first day of a centre that is not revealed yet, tomorrow at the earliest."""
    tomorrow = selectors.today_in(centre, now) + dt.timedelta(days=1)
    run = RevealRun.objects.filter(centre=centre).first()
    return max(tomorrow, run.through_on + dt.timedelta(days=1)) if run else tomorrow


@transaction.atomic
def force_draw(*, client_id: int, severity: str, source: str, actor: Any = None, now: dt.datetime) -> DrawOrder | None:
    """An open high flag forces one draw within 5 working days, a critical one within 1 (domain 7.2); None for others.

    `source` names the flag: the same again owes nothing more. RuleBroken for an unknown severity. For features above; no person calls it.
    """
    if severity not in ("L", "M", "H", "C"):
        raise RuleBroken(_("Unknown severity."))
    if severity not in SEVERITIES:
        return None
    client = Client.objects.select_related("centre").get(pk=client_id)
    known = selectors.figures(client.centre.jurisdiction, selectors.today_in(client.centre, now))
    calendar = selectors.calendar_of(client.centre, now)
    today = selectors.today_in(client.centre, now)
    until = calendar.add_working_days(today, known.days(SEVERITIES[severity]))
    window = f"flag-{source}"[:40]
    found = DrawOrder.objects.filter(client=client, window=window, attempt="1").first()
    values = {"client": client, "origin": Origin.FLAG, "from_on": today + dt.timedelta(days=1), "until_on": until, "reason": severity}
    return found or DrawOrder.objects.create(window=window, attempt="1", at=now, actor=actor, **values)


def order_anew(visit: SurpriseVisit, reason: str, *, actor: Any, now: dt.datetime) -> DrawOrder | None:
    """A visit that was cancelled, announced or not made is drawn anew, in its window and ten working days beyond. Once for each visit."""
    if visit.origin == Origin.OWN:
        return None
    centre = visit.centre
    calendar = selectors.calendar_of(centre, now)
    known = selectors.figures(centre.jurisdiction, selectors.today_in(centre, now))
    attempt = f"{int(visit.attempt.rstrip('x')) + 1}{'x' if visit.attempt.endswith('x') else ''}"
    quotas = selectors.quotas_of([visit.client_id], since=visit.on).get(visit.client_id, [])
    first = first_sealed(centre, now)
    ends = planning.window_end(quotas, visit.window) or first
    until = calendar.add_working_days(max(ends, first), known.days("redraw_days"))
    found = DrawOrder.objects.filter(client_id=visit.client_id, window=visit.window, attempt=attempt).first()
    values = {"origin": Origin.REDRAWN, "from_on": first, "until_on": until, "reason": reason[:300]}
    return found or DrawOrder.objects.create(client_id=visit.client_id, window=visit.window, attempt=attempt, at=now, actor=actor, **values)
