"""Visits through the API: the same services and visibility as the pages."""

from decimal import Decimal
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Router
from pydantic import Field

from crm.clients.models import Client
from crm.companies.models import Company
from crm.visits import permissions, services
from crm.visits.choices import FACTS, NOTES
from crm.visits.models import Attachment, Visit
from crm.visits.rules import Entry, Met, Promised
from crm.web.api import identity, once, page
from crm.web.bodies import Body, Day, Moment, RecordId

router = Router(tags=["visits"])

Line = Annotated[str, Field(max_length=300)]
Text = Annotated[str, Field(max_length=2_000)]
_READ = (
    "kind",
    "purpose",
    "state",
    "planned_at",
    "happened_at",
    "place",
    "place_text",
    "checked_in_at",
    "latitude",
    "longitude",
    "accuracy_m",
    "two_way",
    "objective",
    "facts_wanted",
    "not_to_raise",
    "summary",
    "next_step",
    "next_step_on",
    "mood",
    "confidentiality",
    "is_late",
    "due_at",
    "locked_at",
    "signed_off_at",
)
_WITH = ("company", "owner", "lead")


class MetIn(Body):
    """Somebody who was there: a contact's id, or the name of somebody new."""

    contact_id: RecordId | None = None
    name: Annotated[str, Field(max_length=120)] = ""
    title: Annotated[str, Field(max_length=120)] = ""
    weight: str = ""


class PromiseIn(Body):
    """What the bank promised."""

    text: Line
    due_on: Day


class NoteIn(Body):
    """A visit or call. Times carry their zone; only these three are compulsory."""

    kind: Literal["visit", "call", "meeting", "joint"]
    happened_at: Moment
    summary: Annotated[str, Field(max_length=10_000)]
    purpose: str = ""
    place: str = ""
    place_text: Line = ""
    two_way: bool = True
    objective: Line = ""
    next_step: Line = ""
    next_step_on: Day | None = None
    mood: Annotated[int, Field(ge=1, le=5)] | None = None
    confidentiality: str = "I"
    met: Annotated[list[MetIn], Field(max_length=20)] = []
    colleague_ids: Annotated[list[RecordId], Field(max_length=20)] = []
    copy_to_ids: Annotated[list[RecordId], Field(max_length=20)] = []
    promises: Annotated[list[PromiseIn], Field(max_length=10)] = []
    checked_in_at: Moment | None = None
    latitude: Decimal | None = Field(None, max_digits=9, decimal_places=6)
    longitude: Decimal | None = Field(None, max_digits=9, decimal_places=6)
    accuracy_m: Annotated[int, Field(ge=0, le=100_000)] | None = None
    business: Text = ""
    orders: Text = ""
    capacity_use: Text = ""
    stock: Text = ""
    headcount: Text = ""
    suppliers: Text = ""
    customers: Text = ""
    banks_used: Text = ""
    new_projects: Text = ""
    funding_needs: Text = ""
    competitor_offers: Text = ""
    client_requests: Text = ""
    product_introduced: Text = ""
    concerns: Text = ""

    def entry(self) -> Entry:
        """As the service takes it."""
        plain = ("kind", "happened_at", "summary", "purpose", "place", "two_way", "next_step_on", "mood", "confidentiality")
        more = ("checked_in_at", "latitude", "longitude", "accuracy_m")
        return Entry(
            **{name: getattr(self, name) for name in (*plain, *more)},
            texts={name: getattr(self, name) for name in ("place_text", "objective", "next_step", *FACTS, *NOTES)},
            met=tuple(Met(person.contact_id, person.name, person.title, person.weight) for person in self.met),
            colleague_ids=tuple(self.colleague_ids),
            copy_ids=tuple(self.copy_to_ids),
            promises=tuple(Promised(promise.text, promise.due_on) for promise in self.promises),
        )


class VisitIn(NoteIn):
    """A visit to a client."""

    client_id: RecordId


class AttachIn(Body):
    """A file of `files`."""

    file_id: RecordId


def serialise(visit: Visit) -> dict[str, Any]:
    """A visit as lists and single reads give it."""
    return {
        **identity(visit),
        "company_id": visit.company_id,
        "owner": visit.owner.username if visit.owner else None,
        **{name: getattr(visit, name) for name in (*_READ, *FACTS, *NOTES)},
        "met": visit.met,
        "colleagues": visit.colleagues,
        "lead": visit.lead.username if visit.lead else None,
        "copied_to": visit.copied_to,
    }


def write_down(request: HttpRequest, company_id: int, note: NoteIn) -> Visit:
    """Log a note with a company, as the token's user; what `visits` and `prospects/<id>/log_visit` share."""
    return services.log_visit(actor=request.user, now=timezone.now(), company_id=company_id, entry=note.entry())


@router.get("")
def visits(request: HttpRequest, q: str = "", company_id: RecordId | None = None, limit: int = 50, cursor: str = "") -> dict[str, Any]:
    """Visits and calls that the token's user may see, newest first; `q` finds companies by name, code or phone."""
    permissions.can_read_visits(user=request.user).require()
    rows = Visit.objects.visible_to(request.user).select_related(*_WITH)
    if company_id is not None:
        rows = rows.filter(company_id=company_id)
    if q:
        rows = rows.filter(company__in=Company.objects.visible_to(request.user).named(q))
    return page(rows, request, serialise, ordering=("-at",))


@router.get("{int:visit_id}")
def visit(request: HttpRequest, visit_id: int) -> dict[str, Any]:
    """One visit."""
    return serialise(get_object_or_404(Visit.objects.visible_to(request.user).select_related(*_WITH), pk=visit_id))


@router.post("", response={201: dict})
@once("visits.log")
def log_visit(request: HttpRequest, body: VisitIn) -> tuple[int, dict[str, Any]]:
    """Log a visit or call with a client."""
    client = get_object_or_404(Client.objects.visible_to(request.user), pk=body.client_id)
    return 201, serialise(write_down(request, client.company_id, body))


@router.get("{int:visit_id}/attachments")
def attachments(request: HttpRequest, visit_id: int) -> dict[str, Any]:
    """The files of a visit."""
    found = get_object_or_404(Visit.objects.visible_to(request.user), pk=visit_id)
    return {"items": [_attached(one) for one in found.attachments.select_related("file").order_by("pk")]}


@router.post("{int:visit_id}/attachments", response={201: dict})
@once("visits.attach")
def attach(request: HttpRequest, visit_id: int, body: AttachIn) -> tuple[int, dict[str, Any]]:
    """Attach a file that the token's user has brought to `files`. The same content again is the attachment that is there."""
    return 201, _attached(services.attach(visit_id=visit_id, actor=request.user, now=timezone.now(), file_id=body.file_id))


def _attached(one: Attachment) -> dict[str, Any]:
    return {"id": one.pk, "name": one.name, "at": one.at, "size": one.file.size, "sha256": one.file.sha256}
