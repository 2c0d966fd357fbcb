"""What finance does with claims, and what it and overseers read of the books."""

from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone

from crm.hospitality import permissions, selectors, services
from crm.hospitality.api.answers import found_event, serialise, serialise_batch
from crm.hospitality.api.bodies import ClaimCheckIn, EventReasonIn, HospitalityStepIn
from crm.hospitality.api.routing import router
from crm.hospitality.models import Batch, HospitalityRequest
from crm.hospitality.tables import oddities
from crm.web.api import once, page
from crm.web.months import Currency, Month, MonthName


@router.post("{int:claimed_id}/check", response={200: dict})
@once("hospitality.check")
def check_claim(request: HttpRequest, claimed_id: int, body: ClaimCheckIn) -> tuple[int, dict[str, Any]]:
    """Finance has read the receipts itself; total and heads agree with the claim, or it is refused."""
    services.verify_claim(event_id=claimed_id, actor=request.user, now=timezone.now(), total=body.total, heads=body.heads)
    return 200, serialise(found_event(request, claimed_id))


@router.post("{int:claimed_id}/query", response={200: dict})
@once("hospitality.query")
def query_claim(request: HttpRequest, claimed_id: int, body: EventReasonIn) -> tuple[int, dict[str, Any]]:
    """Finance asks; the host claims again."""
    services.query_claim(event_id=claimed_id, actor=request.user, now=timezone.now(), reason=body.reason)
    return 200, serialise(found_event(request, claimed_id))


@router.post("{int:posted_id}/claw_back", response={200: dict})
@once("hospitality.claw_back")
def claw_back(request: HttpRequest, posted_id: int, body: EventReasonIn) -> tuple[int, dict[str, Any]]:
    """Take a posted or paid claim back. The posting that reverses it."""
    return 200, serialise_batch(services.claw_back(event_id=posted_id, actor=request.user, now=timezone.now(), reason=body.reason))


@router.get("postings")
def postings(request: HttpRequest, limit: int = 50, cursor: str = "") -> dict[str, Any]:
    """What was posted, newest first."""
    permissions.can_read_books(user=request.user).require()
    return page(Batch.objects.visible_to(request.user), request, serialise_batch, ordering=("-posted_at",))


@router.get("postings/{int:batch_id}")
def posting(request: HttpRequest, batch_id: int) -> dict[str, Any]:
    """One posting with its lines, debit and credit."""
    batch = get_object_or_404(Batch.objects.visible_to(request.user), pk=batch_id)
    names = ("entry", "account", "code", "debit", "credit", "cost_centre", "client_number", "tier")
    lines = batch.lines.order_by("pk").values("request_id", *names)
    return {**serialise_batch(batch), "lines": [{"event_id": line.pop("request_id"), **line} for line in lines]}


@router.post("postings", response={201: dict})
@once("hospitality.post")
def post_claims(request: HttpRequest, body: HospitalityStepIn) -> tuple[int, dict[str, Any]]:
    """Post every checked claim: one posting for each period and currency."""
    return 201, {"items": [serialise_batch(batch) for batch in services.post_claims(actor=request.user, now=timezone.now())]}


@router.post("postings/{int:batch_id}/pay", response={200: dict})
@once("hospitality.pay")
def pay_posting(request: HttpRequest, batch_id: int, body: HospitalityStepIn) -> tuple[int, dict[str, Any]]:
    """The payment went out."""
    return 200, serialise_batch(services.pay_batch(batch_id=batch_id, actor=request.user, now=timezone.now()))


@router.get("exceptions")
def exceptions(
    request: HttpRequest,
    month: MonthName = "",
    currency: Currency = "HKD",
    limit: int = 50,
    cursor: str = "",
) -> dict[str, Any]:
    """What stands out in a month ("2026-03"; this one where none is named), each with the reasons in words."""
    permissions.can_read_books(user=request.user).require()
    named = Month.named(month)
    rows = selectors.exceptions(user=request.user, first=named.first, last=named.last, currency=currency).select_related("company", "owner")
    return page(rows, request, _odd, ordering=("-event_at",))


def _odd(event: HospitalityRequest) -> dict[str, Any]:
    return {**serialise(event), "stands_out": [str(word) for word in oddities(event)]}
