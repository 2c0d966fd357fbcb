"""What the API of hospitality answers."""

from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from crm.hospitality import selectors
from crm.hospitality.models import Batch, Extra, HospitalityRequest
from crm.web.api import identity

_READ = (
    "number",
    "company_id",
    "currency",
    "event_at",
    "venue",
    "kind",
    "purpose",
    "note",
    "estimate",
    "heads",
    "guest_names",
    "has_official",
    "is_away",
    "state",
    "needs",
    "level",
    "needs_consent",
    "consented_at",
    "decided_at",
    "approved",
    "reserved",
    "report_due_at",
    "claim_due_at",
    "billed",
    "eligible",
    "paid",
    "own_reason",
    "per_head",
    "version",
)


def serialise(event: HospitalityRequest) -> dict[str, Any]:
    """An event as lists and single reads give it."""
    return {**identity(event), "owner": event.owner.username, **{name: getattr(event, name) for name in _READ}}


def serialise_more(extra: Extra) -> dict[str, Any]:
    """What is asked for above what was paid."""
    names = ("kind", "amount", "reason", "state", "level", "decided_at")
    return {"id": extra.pk, "event_id": extra.request_id, **{name: getattr(extra, name) for name in names}}


def serialise_batch(batch: Batch) -> dict[str, Any]:
    """A posting without its lines."""
    names = ("number", "period", "currency", "is_reversal", "total", "posted_at", "paid_at")
    return {**identity(batch), **{name: getattr(batch, name) for name in names}}


def at_table(event: HospitalityRequest) -> list[dict[str, Any]]:
    """The guests with what the whole bank has done for each this quarter."""
    rows = selectors.guest_rows(event, most=selectors.setting_of(event).figures.guest)
    return [
        {
            "id": row.guest.pk,
            "contact_id": row.guest.contact_id,
            "name": str(row.guest),
            "official": row.guest.is_official,
            "family": row.guest.is_family,
            "came": row.guest.came,
            "times": row.times,
            "most": row.most,
            "spent": row.spent,
        }
        for row in rows
    ]


def found_event(request: HttpRequest, event_id: int) -> HospitalityRequest:
    """An event that the token's user may see; 404 for another."""
    rows = HospitalityRequest.objects.visible_to(request.user).select_related("company", "owner")
    return get_object_or_404(rows, pk=event_id)
