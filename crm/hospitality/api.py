"""Hospitality through the API: the same services and visibility as the pages."""

import datetime as dt
from decimal import Decimal
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Router, Schema
from pydantic import AwareDatetime, Field

from crm.hospitality import permissions, services
from crm.hospitality.models import HospitalityRequest
from crm.hospitality.rules import Bill, Carried, Invited, Slip, Told, Wish
from crm.web.api import identity, once, page

router = Router(tags=["hospitality"])

Line = Annotated[str, Field(max_length=300)]
Name = Annotated[str, Field(max_length=120)]
Text = Annotated[str, Field(max_length=2_000)]
Amount = Annotated[Decimal, Field(max_digits=14)]
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


class GuestIn(Schema):
    """A guest: a contact's id, or the name of somebody new."""

    contact_id: int | None = None
    name: Name = ""
    title: Name = ""
    company: Name = ""
    official: bool = False
    family: bool = False

    def invited(self) -> Invited:
        """As the service takes it."""
        return Invited(self.contact_id, self.name, self.title, self.company, self.official, self.family)


class WishIn(Schema):
    """What somebody wants to do. Times carry their zone; the estimate is for all, in the centre's currency."""

    company_id: int
    event_at: AwareDatetime
    venue: Line
    kind: str
    purpose: str
    estimate: Amount
    guests: Annotated[list[GuestIn], Field(max_length=500)]
    colleague_ids: Annotated[list[int], Field(max_length=50)] = []
    note: Line = ""
    away: bool = False
    visit_id: int | None = None
    draft: bool = False

    def wish(self) -> Wish:
        """As the service takes it."""
        plain = ("event_at", "venue", "kind", "purpose", "estimate", "note", "away", "visit_id")
        values: dict[str, Any] = {name: getattr(self, name) for name in plain}
        return Wish(**values, guests=tuple(guest.invited() for guest in self.guests), colleague_ids=tuple(self.colleague_ids))


class BillIn(Schema):
    """A bill, line by line."""

    food: Amount = Decimal(0)
    drink: Amount = Decimal(0)
    other: Amount = Decimal(0)
    service: Amount = Decimal(0)
    tip: Amount = Decimal(0)

    def bill(self) -> Bill:
        """As the service takes it."""
        return Bill(self.food, self.drink, self.other, self.service, self.tip)


class CarriedIn(Schema):
    """Something that a guest carried away."""

    what: Name
    value: Amount
    guest: Name = ""


class ReportIn(Schema):
    """The report of an event; `came` names the invited guests who came, all of them where it is left out."""

    bill: BillIn
    means: str
    relationship: str
    purposes: Annotated[list[str], Field(max_length=6)]
    topics: Text
    result: Text
    declared: bool
    came: Annotated[list[int], Field(max_length=200)] | None = None
    more: Annotated[list[GuestIn], Field(max_length=200)] = []
    colleague_ids: Annotated[list[int], Field(max_length=50)] = []
    venue: Line = ""
    client_requests: Text = ""
    commitments: Text = ""
    intelligence: Text = ""
    next_step: Line = ""
    next_step_on: dt.date | None = None
    deviation: Text = ""
    carried: Annotated[list[CarriedIn], Field(max_length=10)] = []

    def told(self, event: HospitalityRequest) -> Told:
        """As the service takes it."""
        came = tuple(event.guests.values_list("pk", flat=True)) if self.came is None else tuple(self.came)
        texts = ("topics", "client_requests", "commitments", "result", "intelligence", "next_step", "deviation")
        plain = ("means", "relationship", "venue", "next_step_on", "declared", *texts)
        return Told(
            bill=self.bill.bill(),
            purposes=tuple(self.purposes),
            came=came,
            more=tuple(guest.invited() for guest in self.more),
            colleague_ids=tuple(self.colleague_ids),
            carried=tuple(Carried(thing.what, thing.value, thing.guest) for thing in self.carried),
            **{name: getattr(self, name) for name in plain},
        )


class SlipIn(Schema):
    """A receipt."""

    merchant: Name
    number: Annotated[str, Field(max_length=60)]
    day: dt.date
    amount: Amount


class ClaimIn(Schema):
    """The receipts; a corrected bill where finance asks for one."""

    receipts: Annotated[list[SlipIn], Field(max_length=20)]
    bill: BillIn | None = None


class DecisionIn(Schema):
    """What is decided: `consent` is compliance's, the others are the level's; all but approving and consenting need a reason."""

    act: Literal["approve", "return", "reject", "pass_up", "consent"]
    reason: Line = ""


def serialise(event: HospitalityRequest) -> dict[str, Any]:
    """An event as lists and single reads give it."""
    return {**identity(event), "owner": event.owner.username, **{name: getattr(event, name) for name in _READ}}


def _found(request: HttpRequest, event_id: int) -> HospitalityRequest:
    rows = HospitalityRequest.objects.visible_to(request.user).select_related("company", "owner")
    return get_object_or_404(rows, pk=event_id)


@router.get("")
def events(request: HttpRequest, company_id: int | None = None, state: str = "", limit: int = 50, cursor: str = "") -> dict[str, Any]:
    """Events that the token's user may see, newest first."""
    permissions.can_read(user=request.user).require()
    rows = HospitalityRequest.objects.visible_to(request.user).select_related("company", "owner")
    rows = rows.filter(company_id=company_id) if company_id is not None else rows
    rows = rows.filter(state=state) if state else rows
    return page(rows, request, serialise, ordering=("-event_at",))


@router.get("{int:event_id}")
def event(request: HttpRequest, event_id: int) -> dict[str, Any]:
    """One event."""
    return serialise(_found(request, event_id))


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
    told = body.told(_found(request, held_id))
    services.report_event(event_id=held_id, actor=request.user, now=timezone.now(), told=told)
    return 200, serialise(_found(request, held_id))


@router.post("{int:reported_id}/claim", response={200: dict})
@once("hospitality.claim")
def claim_event(request: HttpRequest, reported_id: int, body: ClaimIn) -> tuple[int, dict[str, Any]]:
    """Claim a reported event, with the receipts."""
    slips = [Slip(slip.merchant, slip.number, slip.day, slip.amount) for slip in body.receipts]
    bill = body.bill.bill() if body.bill else None
    services.file_claim(event_id=reported_id, actor=request.user, now=timezone.now(), slips=slips, bill=bill)
    return 200, serialise(_found(request, reported_id))


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
    return 200, serialise(_found(request, asked_id))
