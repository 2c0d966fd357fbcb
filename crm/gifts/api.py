"""Gifts through the API: the same services and visibility as the pages."""

import datetime as dt
from decimal import Decimal
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Router, Schema
from pydantic import Field

from crm.companies.models import Company
from crm.gifts import permissions, rules, services
from crm.gifts.models import Gift
from crm.web.api import identity, once, page

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


class PersonIn(Schema):
    """Who is on the other side: a contact's id, or the name of somebody new."""

    contact_id: int | None = None
    name: Annotated[str, Field(max_length=120)] = ""
    title: Annotated[str, Field(max_length=120)] = ""
    relation: str = "manager"
    is_official: bool = False

    def person(self) -> rules.Person:
        """As the service takes it."""
        return rules.Person(self.contact_id, self.name, self.title, self.relation, self.is_official)


class GiveIn(PersonIn):
    """A gift out of the catalogue."""

    company_id: int
    item_id: int
    quantity: int = 1
    occasion: str
    on: dt.date
    reason: Line = ""


class ReceivedIn(PersonIn):
    """What was received, or offered and declined."""

    company_id: int
    what: Line
    category: str
    value: Decimal
    basis: str
    occasion: str
    on: dt.date
    declined: bool = False
    reason: Line = ""


class DecideIn(Schema):
    """A decision, or compliance's consent: whichever it waits for."""

    act: Literal["approve", "refuse", "pass_up"]
    note: Line = ""


class IssueIn(Schema):
    """Nothing besides."""


def serialise(gift: Gift) -> dict[str, Any]:
    """A gift as lists and single reads give it."""
    return {**identity(gift), "owner": gift.owner.username, **{name: getattr(gift, name) for name in _READ}}


def _one(request: HttpRequest, gift_id: int) -> dict[str, Any]:
    return serialise(get_object_or_404(Gift.objects.visible_to(request.user).select_related("company", "owner"), pk=gift_id))


@router.get("")
def gifts(request: HttpRequest, q: str = "", company_id: int | None = None, limit: int = 50, cursor: str = "") -> dict[str, Any]:
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
