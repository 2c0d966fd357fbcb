"""A surprise visit that somebody announced is none: contacts with the client between reveal and check-in are looked for (domain 7.2)."""

import datetime as dt
from typing import Any

from django.db import transaction

from credit.surprises.choices import VisitState
from credit.surprises.models import SurpriseVisit
from credit.surprises.parts import contact_between
from credit.surprises.services.ordering import order_anew

LOOKED_BACK = dt.timedelta(days=30)
"""For so long contacts that are written down afterwards still count."""


def look_for_contacts(*, now: dt.datetime) -> int:
    """Look at the visits under way and at those of the last 30 days. Returns how many were found to be announced."""
    rows = SurpriseVisit.objects.filter(tainted_at=None, checked_in_at__gte=now - LOOKED_BACK)
    found = 0
    for visit_id in rows.exclude(origin="own").order_by("pk").values_list("pk", flat=True):
        with transaction.atomic():
            visit = SurpriseVisit.objects.select_for_update(of=("self",)).get(pk=visit_id)
            found += taint(visit, actor=None, now=now)
    return found


def taint(visit: SurpriseVisit, *, actor: Any, now: dt.datetime) -> bool:
    """Mark a locked visit as announced where a contact is found; another is drawn for it. False where there is none, or it was found."""
    if visit.tainted_at is not None or visit.checked_in_at is None or visit.state == VisitState.CANCELLED:
        return False
    contact = contact_between(visit.client.company_id, visit.revealed_at, visit.checked_in_at)
    if contact is None:
        return False
    visit.tainted_at, visit.taint = now, str(contact)[:300]
    visit.record(actor=actor, reason="announced", fields=["tainted_at", "taint"])
    order_anew(visit, "announced", actor=actor, now=now)
    return True
