"""Events: asked for, decided, reported, claimed."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from crm.hospitality import permissions, services
from crm.hospitality.api.answers import at_table, found_event, serialise, serialise_more
from crm.hospitality.api.bodies import (
    ClaimIn,
    DecisionIn,
    EventChangeIn,
    EventReasonIn,
    HospitalityStepIn,
    MoreDecisionIn,
    MoreIn,
    ReportIn,
    WishIn,
)
from crm.hospitality.api.routing import router
from crm.hospitality.models import HospitalityRequest
from crm.hospitality.rules import Slip
from crm.web.api import once, page
from crm.web.bodies import RecordId


@router.get("")
def events(request: HttpRequest, company_id: RecordId | None = None, state: str = "", limit: int = 50, cursor: str = "") -> dict[str, Any]:
    """Events that the token's user may see, newest first."""
    permissions.can_read(user=request.user).require()
    rows = HospitalityRequest.objects.visible_to(request.user).select_related("company", "owner")
    rows = rows.filter(company_id=company_id) if company_id is not None else rows
    rows = rows.filter(state=state) if state else rows
    return page(rows, request, serialise, ordering=("-event_at",))


@router.get("{int:event_id}")
def event(request: HttpRequest, event_id: int) -> dict[str, Any]:
    """One event, with its guests and what was asked for above what was paid."""
    found = found_event(request, event_id)
    extras = [serialise_more(extra) for extra in found.extras.order_by("pk")]
    return {**serialise(found), "guests": at_table(found), "more": extras}


@router.post("", response={201: dict})
@once("hospitality.request")
def request_event(request: HttpRequest, body: WishIn) -> tuple[int, dict[str, Any]]:
    """Ask for hospitality, or keep a draft."""
    made = services.draft_request(
        actor=request.user, now=timezone.now(), company_id=body.company_id, wish=body.wish(), submit=not body.draft
    )
    return 201, serialise(made)


@router.post("{int:held_id}/report", response={200: dict})
@once("hospitality.report")
def report_event(request: HttpRequest, held_id: int, body: ReportIn) -> tuple[int, dict[str, Any]]:
    """Report an event that took place."""
    told = body.told(found_event(request, held_id))
    services.report_event(event_id=held_id, actor=request.user, now=timezone.now(), told=told)
    return 200, serialise(found_event(request, held_id))


@router.post("{int:reported_id}/claim", response={200: dict})
@once("hospitality.claim")
def claim_event(request: HttpRequest, reported_id: int, body: ClaimIn) -> tuple[int, dict[str, Any]]:
    """Claim a reported event, with the receipts."""
    slips = [Slip(slip.merchant, slip.number, slip.day, slip.amount, slip.file_id) for slip in body.receipts]
    bill = body.bill.bill() if body.bill else None
    services.file_claim(event_id=reported_id, actor=request.user, now=timezone.now(), slips=slips, bill=bill)
    return 200, serialise(found_event(request, reported_id))


@router.post("{int:asked_id}/decide", response={200: dict})
@once("hospitality.decide")
def decide_event(request: HttpRequest, asked_id: int, body: DecisionIn) -> tuple[int, dict[str, Any]]:
    """Decide on a request, or consent to it."""
    who: dict[str, Any] = {"event_id": asked_id, "actor": request.user, "now": timezone.now()}
    if body.act == "approve":
        services.approve(**who, reason=body.reason)
    elif body.act == "consent":
        services.consent(**who, reason=body.reason)
    elif body.act == "pass_up":
        services.pass_up(**who, reason=body.reason)
    else:
        services.send_back(**who, reason=body.reason, reject=body.act == "reject")
    return 200, serialise(found_event(request, asked_id))


@router.patch("{int:draft_id}/draft", response={200: dict})
@once("hospitality.change")
def change_event(request: HttpRequest, draft_id: int, body: EventChangeIn) -> tuple[int, dict[str, Any]]:
    """Change a draft, or what was returned, and hand it in unless it stays a draft."""
    who: dict[str, Any] = {"event_id": draft_id, "actor": request.user, "now": timezone.now()}
    services.change_request(**who, version=body.version, wish=body.wish(), submit=not body.draft)
    return 200, serialise(found_event(request, draft_id))


@router.post("{int:draft_id}/submit", response={200: dict})
@once("hospitality.submit")
def submit_event(request: HttpRequest, draft_id: int, body: HospitalityStepIn) -> tuple[int, dict[str, Any]]:
    """Hand a draft in."""
    services.submit_request(event_id=draft_id, actor=request.user, now=timezone.now())
    return 200, serialise(found_event(request, draft_id))


@router.post("{int:event_id}/cancel", response={200: dict})
@once("hospitality.cancel")
def cancel_event(request: HttpRequest, event_id: int, body: EventReasonIn) -> tuple[int, dict[str, Any]]:
    """It does not take place; what was reserved is free again."""
    services.cancel_request(event_id=event_id, actor=request.user, now=timezone.now(), reason=body.reason)
    return 200, serialise(found_event(request, event_id))


@router.post("{int:expired_id}/reopen", response={200: dict})
@once("hospitality.reopen")
def reopen_event(request: HttpRequest, expired_id: int, body: EventReasonIn) -> tuple[int, dict[str, Any]]:
    """What expired unreported may be reported after all."""
    services.reopen(event_id=expired_id, actor=request.user, now=timezone.now(), reason=body.reason)
    return 200, serialise(found_event(request, expired_id))


@router.post("{int:over_id}/more", response={201: dict})
@once("hospitality.more")
def ask_more(request: HttpRequest, over_id: int, body: MoreIn) -> tuple[int, dict[str, Any]]:
    """Ask for a part of one's own cost: a variation inside the limits, an exception outside them."""
    who: dict[str, Any] = {"event_id": over_id, "actor": request.user, "now": timezone.now()}
    return 201, serialise_more(services.ask_more(**who, amount=body.amount, reason=body.reason))


@router.post("more/{int:extra_id}/decide", response={200: dict})
@once("hospitality.decide_more")
def decide_more(request: HttpRequest, extra_id: int, body: MoreDecisionIn) -> tuple[int, dict[str, Any]]:
    """Grant or refuse more, before the month closes."""
    who: dict[str, Any] = {"extra_id": extra_id, "actor": request.user, "now": timezone.now()}
    return 200, serialise_more(services.decide_more(**who, grant=body.grant, reason=body.reason))
