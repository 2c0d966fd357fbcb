"""Gifts through the API: the same services and visibility as the pages."""

import datetime as dt
from decimal import Decimal
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Router
from pydantic import Field

from crm.companies.models import Company
from crm.gifts import permissions, rules, selectors, services
from crm.gifts.models import Gift, GiftItem
from crm.web.api import identity, once, page
from crm.web.bodies import Body, Day, RecordId
from crm.web.months import Currency, Month, MonthName

router = Router(tags=["gifts"])
Line = Annotated[str, Field(max_length=300)]
_READ = (
    "number",
    "direction",
    "state",
    "company_id",
    "person",
    "person_title",
    "relation",
    "is_official",
    "what",
    "category",
    "quantity",
    "value",
    "currency",
    "basis",
    "occasion",
    "on",
    "was_declined",
    "taken_home",
    "is_late",
    "disposal",
    "decided_at",
)


class PersonIn(Body):
    """Who is on the other side: a contact's id, or the name of somebody new."""

    contact_id: RecordId | None = None
    name: Annotated[str, Field(max_length=120)] = ""
    title: Annotated[str, Field(max_length=120)] = ""
    relation: str = "manager"
    is_official: bool = False

    def person(self) -> rules.Person:
        """As the service takes it."""
        return rules.Person(self.contact_id, self.name, self.title, self.relation, self.is_official)


class GiveIn(PersonIn):
    """A gift out of the catalogue."""

    company_id: RecordId
    item_id: RecordId
    quantity: int = 1
    occasion: str
    on: Day
    reason: Line = ""


class ReceivedIn(PersonIn):
    """What was received, or offered and declined."""

    company_id: RecordId
    what: Line
    category: str
    value: Decimal
    basis: str
    occasion: str
    on: Day
    declined: bool = False
    reason: Line = ""


class DecideIn(Body):
    """A decision, or compliance's consent: whichever it waits for."""

    act: Literal["approve", "refuse", "pass_up"]
    note: Line = ""


class IssueIn(Body):
    """Nothing besides."""


class GiftNoteIn(Body):
    """A remark, if any."""

    note: Line = ""


class DisposeIn(GiftNoteIn):
    """What became of a gift that was received."""

    disposal: Literal["kept", "shared", "raffled", "donated", "returned"]


def serialise(gift: Gift) -> dict[str, Any]:
    """A gift as lists and single reads give it."""
    return {**identity(gift), "owner": gift.owner.username, **{name: getattr(gift, name) for name in _READ}}


def _one(request: HttpRequest, gift_id: int) -> dict[str, Any]:
    return serialise(get_object_or_404(Gift.objects.visible_to(request.user).select_related("company", "owner"), pk=gift_id))


@router.get("")
def gifts(request: HttpRequest, q: str = "", company_id: RecordId | None = None, limit: int = 50, cursor: str = "") -> dict[str, Any]:
    """Gifts that the token's user may see, newest first; `q` finds companies by name, code or phone."""
    permissions.can_read_gifts(user=request.user).require()
    rows = Gift.objects.visible_to(request.user).select_related("company", "owner")
    if company_id is not None:
        rows = rows.filter(company_id=company_id)
    if q:
        rows = rows.filter(company__in=Company.objects.visible_to(request.user).named(q))
    return page(rows, request, serialise, ordering=("-on",))


@router.get("{int:gift_id}")
def gift(request: HttpRequest, gift_id: int) -> dict[str, Any]:
    """One gift."""
    return _one(request, gift_id)


@router.post("", response={201: dict})
@once("gifts.give")
def give(request: HttpRequest, body: GiveIn) -> tuple[int, dict[str, Any]]:
    """Ask for a gift out of the catalogue."""
    entry = rules.GivenEntry(body.person(), body.item_id, body.quantity, body.occasion, body.on, body.reason)
    made = services.request_gift(company_id=body.company_id, entry=entry, actor=request.user, now=timezone.now())
    return 201, _one(request, made.pk)


@router.post("received", response={201: dict})
@once("gifts.declare")
def declare(request: HttpRequest, body: ReceivedIn) -> tuple[int, dict[str, Any]]:
    """Declare a gift received, or offered and declined."""
    told = {name: getattr(body, name) for name in ("what", "category", "value", "basis", "occasion", "on", "declined", "reason")}
    entry = rules.ReceivedEntry(person=body.person(), **told)
    made = services.declare_received(company_id=body.company_id, entry=entry, actor=request.user, now=timezone.now())
    return 201, _one(request, made.pk)


@router.post("{int:gift_id}/decide", response={200: dict})
@once("gifts.decide")
def decide(request: HttpRequest, gift_id: int, body: DecideIn) -> tuple[int, dict[str, Any]]:
    """Consent to a gift, or decide it."""
    services.settle(gift_id=gift_id, act=body.act, actor=request.user, now=timezone.now(), note=body.note)
    return 200, _one(request, gift_id)


@router.post("{int:approved_gift_id}/issue", response={200: dict})
@once("gifts.issue")
def issue(request: HttpRequest, approved_gift_id: int, body: IssueIn) -> tuple[int, dict[str, Any]]:
    """Issue an approved gift from stock."""
    services.issue(gift_id=approved_gift_id, actor=request.user, now=timezone.now())
    return 200, _one(request, approved_gift_id)


@router.post("{int:issued_gift_id}/hand_over", response={200: dict})
@once("gifts.hand_over")
def hand_over(request: HttpRequest, issued_gift_id: int, body: IssueIn) -> tuple[int, dict[str, Any]]:
    """The giver handed it over."""
    services.hand_over(gift_id=issued_gift_id, actor=request.user, now=timezone.now())
    return 200, _one(request, issued_gift_id)


@router.post("{int:issued_gift_id}/decline", response={200: dict})
@once("gifts.decline")
def decline(request: HttpRequest, issued_gift_id: int, body: GiftNoteIn) -> tuple[int, dict[str, Any]]:
    """The person did not take it: pieces and room go back, the offer stays in the register."""
    services.decline(gift_id=issued_gift_id, actor=request.user, now=timezone.now(), note=body.note)
    return 200, _one(request, issued_gift_id)


@router.post("{int:gift_id}/cancel", response={200: dict})
@once("gifts.cancel")
def cancel(request: HttpRequest, gift_id: int, body: GiftNoteIn) -> tuple[int, dict[str, Any]]:
    """The giver needs it no more."""
    services.cancel(gift_id=gift_id, actor=request.user, now=timezone.now(), note=body.note)
    return 200, _one(request, gift_id)


@router.post("{int:received_gift_id}/dispose", response={200: dict})
@once("gifts.dispose")
def dispose(request: HttpRequest, received_gift_id: int, body: DisposeIn) -> tuple[int, dict[str, Any]]:
    """What became of a gift that was received."""
    services.dispose(gift_id=received_gift_id, disposal=body.disposal, actor=request.user, now=timezone.now(), note=body.note)
    return 200, _one(request, received_gift_id)


@router.get("catalogue")
def catalogue(request: HttpRequest, limit: int = 50, cursor: str = "") -> dict[str, Any]:
    """What may be given, of the centres that the token's user sees, with its stock."""
    permissions.can_read_catalogue(user=request.user).require()
    rows = GiftItem.objects.visible_to(request.user).offered().select_related("centre")
    return page(rows, request, _item, ordering=("name_en",))


def _item(item: GiftItem) -> dict[str, Any]:
    names = ("name_en", "name_hant", "name_hans", "category", "cost", "quality", "stock")
    return {
        **identity(item),
        "centre_id": item.centre_id,
        "currency": item.centre.currency,
        **{name: getattr(item, name) for name in names},
    }


@router.get("ledger")
def ledger(request: HttpRequest) -> dict[str, Any]:
    """Twelve months of give and take by person, most valuable first, among gifts that the token's user may see."""
    permissions.can_read_gifts(user=request.user).require()
    rows = selectors.exchanges(user=request.user, since=timezone.localdate() - dt.timedelta(days=365))
    names = ("person", "given", "given_value", "received", "received_value", "last_on", "currency", "leans")
    return {
        "items": [{"company_id": row.company.pk if row.company else None, **{name: getattr(row, name) for name in names}} for row in rows]
    }


@router.get("exceptions")
def exceptions(request: HttpRequest, month: MonthName = "", currency: Currency = "HKD") -> dict[str, Any]:
    """What stands out in a month ("2026-03"; this one where none is named), each with the signs in words."""
    permissions.can_read_exceptions(user=request.user).require()
    named = Month.named(month)
    found = selectors.exceptions(user=request.user, first=named.first, last=named.last, currency=currency)
    return {"items": [{**serialise(gift), "stands_out": [str(word) for word in words]} for gift, words in found]}
