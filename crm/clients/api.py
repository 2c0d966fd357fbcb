"""Clients through the API: the same services, visibility and sights as the pages."""

from typing import Annotated, Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Router
from pydantic import Field

from crm.clients import permissions, services
from crm.clients.choices import ClientStatus, KycRisk, Tier
from crm.clients.finding import named
from crm.clients.models import Client
from crm.web.api import identity, once, one_of, page
from crm.web.bodies import Body, Day

router = Router(tags=["clients"])

Reason = Annotated[str, Field(max_length=200)]


class TierIn(Body):
    """A tier set by hand."""

    tier: Tier
    reason: Reason


class KycIn(Body):
    """A know-your-customer review."""

    risk: KycRisk
    reviewed_on: Day


class StatusIn(Body):
    """Where the relationship stands from now on."""

    status: ClientStatus
    reason: Reason = ""


def serialise(client: Client, *, user: Any) -> dict[str, Any]:
    """A client with the fields that this reader sees of it; the others are absent."""
    company, owner = client.company, client.owner
    groups: dict[str, dict[str, Any]] = {
        "number": {"number": client.number},
        "tier": {"tier": client.tier},
        "status": {"status": client.status, "closed_on": client.closed_on, "company_id": client.company_id, "version": client.version},
        "owner": {"owner": owner.username if owner else None},
        "opened_on": {"opened_on": client.opened_on},
        "kyc": {"kyc_risk": client.kyc_risk, "kyc_reviewed_on": client.kyc_reviewed_on, "kyc_due_on": client.kyc_due_on},
        "contact_times": {"last_contact_at": company.last_contact_at, "last_met_at": company.last_met_at},
    }
    seen = permissions.fields_seen(user=user, client=client)
    shown = {name: value for group, values in groups.items() if group in seen for name, value in values.items()}
    return {**identity(client), **shown}


def _answer(request: HttpRequest, client_id: int) -> dict[str, Any]:
    rows = Client.objects.visible_to(request.user).select_related("company", "owner")
    return serialise(get_object_or_404(rows, pk=client_id), user=request.user)


@router.get("")
def clients(request: HttpRequest, q: str = "", tier: str = "", status: str = "", limit: int = 50, cursor: str = "") -> dict[str, Any]:
    """Clients by name; `q` finds them by name, code or phone. `tier` and `status` narrow where the reader sees them of all."""
    permissions.can_read_clients(user=request.user).require()
    narrowed = (("tier", one_of("tier", tier, Tier.values)), ("status", one_of("status", status, ClientStatus.values)))
    rows: QuerySet[Client] = Client.objects.visible_to(request.user).select_related("company", "owner")
    if q:
        rows = named(rows, q, user=request.user)
    columns = permissions.columns_seen(user=request.user)
    asked = {name: value for name, value in narrowed if value and name in columns}
    return page(rows.filter(**asked), request, lambda row: serialise(row, user=request.user), ordering=("sort_key",))


@router.get("{int:client_id}")
def client(request: HttpRequest, client_id: int) -> dict[str, Any]:
    """One client."""
    return _answer(request, client_id)


@router.post("{int:client_id}/tier", response={200: dict})
@once("clients.tier")
def set_tier(request: HttpRequest, client_id: int, body: TierIn) -> tuple[int, dict[str, Any]]:
    """Set a tier by hand, with a reason; it ends after twelve months."""
    services.change_tier(client_id=client_id, actor=request.user, now=timezone.now(), **body.dict())
    return 200, _answer(request, client_id)


@router.post("{int:client_id}/kyc", response={200: dict})
@once("clients.kyc")
def review(request: HttpRequest, client_id: int, body: KycIn) -> tuple[int, dict[str, Any]]:
    """Record a know-your-customer review."""
    services.review_kyc(client_id=client_id, actor=request.user, now=timezone.now(), **body.dict())
    return 200, _answer(request, client_id)


@router.post("{int:client_id}/status", response={200: dict})
@once("clients.status")
def move_on(request: HttpRequest, client_id: int, body: StatusIn) -> tuple[int, dict[str, Any]]:
    """Move the relationship on; closing it needs a reason."""
    services.change_status(client_id=client_id, actor=request.user, now=timezone.now(), **body.dict())
    return 200, _answer(request, client_id)
