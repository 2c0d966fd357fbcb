"""Hospitality through the API: the same services and visibility as the pages."""

import datetime as dt
from decimal import Decimal
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Router, Schema
from pydantic import AwareDatetime, Field

from crm.hospitality import permissions, selectors, services
from crm.hospitality.models import Batch, Extra, HospitalityRequest
from crm.hospitality.rules import Bill, Carried, Invited, Slip, Told, Wish
from crm.hospitality.tables import oddities
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


class EventPlanIn(Schema):
    """What somebody wants to do. Times carry their zone; the estimate is for all, in the centre's currency."""

    event_at: AwareDatetime
    venue: Line
    kind: str
    purpose: str
    estimate: Amount
    guests: Annotated[list[GuestIn], Field(max_length=500)]
    colleague_ids: Annotated[list[int], Field(max_length=50)] = []
    note: Line = ""
    away: bool = False
    draft: bool = False
    visit_id: int | None = None

    def wish(self) -> Wish:
        """As the service takes it."""
        plain = ("event_at", "venue", "kind", "purpose", "estimate", "note", "away", "visit_id")
        values: dict[str, Any] = {name: getattr(self, name) for name in plain}
        return Wish(**values, guests=tuple(guest.invited() for guest in self.guests), colleague_ids=tuple(self.colleague_ids))


class WishIn(EventPlanIn):
    """For a company's guests."""

    company_id: int


class EventChangeIn(EventPlanIn):
    """A draft, or what was returned, as it is to be; `version` is the one that was read."""

    version: int


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


class EventReasonIn(Schema):
    """Why."""

    reason: Line


class HospitalityStepIn(Schema):
    """Nothing besides."""


class ClaimCheckIn(Schema):
    """What finance reads off the receipts itself."""

    total: Amount
    heads: Annotated[int, Field(ge=1, le=200)]


class MoreIn(EventReasonIn):
    """A part of one's own cost that is asked for."""

    amount: Amount


class MoreDecisionIn(Schema):
    """Granted, or refused with a reason."""

    grant: bool
    reason: Line = ""


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


def _at_table(event: HospitalityRequest) -> list[dict[str, Any]]:
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
    """One event, with its guests and what was asked for above what was paid."""
    found = _found(request, event_id)
    extras = [serialise_more(extra) for extra in found.extras.order_by("pk")]
    return {**serialise(found), "guests": _at_table(found), "more": extras}


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


@router.patch("{int:draft_id}/draft", response={200: dict})
@once("hospitality.change")
def change_event(request: HttpRequest, draft_id: int, body: EventChangeIn) -> tuple[int, dict[str, Any]]:
    """Change a draft, or what was returned, and hand it in unless it stays a draft."""
    who: dict[str, Any] = {"event_id": draft_id, "actor": request.user, "now": timezone.now()}
    services.change_request(**who, version=body.version, wish=body.wish(), submit=not body.draft)
    return 200, serialise(_found(request, draft_id))


@router.post("{int:draft_id}/submit", response={200: dict})
@once("hospitality.submit")
def submit_event(request: HttpRequest, draft_id: int, body: HospitalityStepIn) -> tuple[int, dict[str, Any]]:
    """Hand a draft in."""
    services.submit_request(event_id=draft_id, actor=request.user, now=timezone.now())
    return 200, serialise(_found(request, draft_id))


@router.post("{int:event_id}/cancel", response={200: dict})
@once("hospitality.cancel")
def cancel_event(request: HttpRequest, event_id: int, body: EventReasonIn) -> tuple[int, dict[str, Any]]:
    """It does not take place; what was reserved is free again."""
    services.cancel_request(event_id=event_id, actor=request.user, now=timezone.now(), reason=body.reason)
    return 200, serialise(_found(request, event_id))


@router.post("{int:expired_id}/reopen", response={200: dict})
@once("hospitality.reopen")
def reopen_event(request: HttpRequest, expired_id: int, body: EventReasonIn) -> tuple[int, dict[str, Any]]:
    """What expired unreported may be reported after all."""
    services.reopen(event_id=expired_id, actor=request.user, now=timezone.now(), reason=body.reason)
    return 200, serialise(_found(request, expired_id))


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


@router.post("{int:claimed_id}/check", response={200: dict})
@once("hospitality.check")
def check_claim(request: HttpRequest, claimed_id: int, body: ClaimCheckIn) -> tuple[int, dict[str, Any]]:
    """Finance has read the receipts itself; total and heads agree with the claim, or it is refused."""
    services.verify_claim(event_id=claimed_id, actor=request.user, now=timezone.now(), total=body.total, heads=body.heads)
    return 200, serialise(_found(request, claimed_id))


@router.post("{int:claimed_id}/query", response={200: dict})
@once("hospitality.query")
def query_claim(request: HttpRequest, claimed_id: int, body: EventReasonIn) -> tuple[int, dict[str, Any]]:
    """Finance asks; the host claims again."""
    services.query_claim(event_id=claimed_id, actor=request.user, now=timezone.now(), reason=body.reason)
    return 200, serialise(_found(request, claimed_id))


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
    month: Annotated[str, Field(pattern=r"^(20[0-9]{2}-(0[1-9]|1[0-2]))?$")] = "",
    currency: Literal["HKD", "CNY"] = "HKD",
    limit: int = 50,
    cursor: str = "",
) -> dict[str, Any]:
    """What stands out in a month ("2026-03"; this one where none is named), each with the reasons in words."""
    permissions.can_read_books(user=request.user).require()
    named = month or f"{timezone.localdate():%Y-%m}"
    rows = selectors.exceptions(user=request.user, month=named, currency=currency).select_related("company", "owner")
    return page(rows, request, _odd, ordering=("-event_at",))


def _odd(event: HospitalityRequest) -> dict[str, Any]:
    return {**serialise(event), "stands_out": [str(word) for word in oddities(event)]}
