"""Monitoring through the API: the board's counts, surprise visits from their reveal on, check-in, record and cancellation."""

from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Router
from pydantic import ConfigDict, Field

from credit.surprises import monitoring, permissions, rules, services
from credit.surprises.models import SurpriseVisit
from crm.web.api import once, page
from crm.web.bodies import Body, Moment, RecordId

router = Router(tags=["surprise visits"])

_READ = (
    *("client_id", "origin", "on", "begins_at", "ends_at", "state", "risk_class", "checked_in_at", "distance", "away_reason"),
    *("tainted_at", "people_seen", "on_payroll", "phone_diverted_at", "entry_refused", "result", "result_reason", "record_due_at"),
    *("recorded_at", "edit_until"),
)


class SurpriseCheckInIn(Body):
    """Where the visitor stands; elsewhere, why."""

    model_config = ConfigDict(json_schema_extra={"example": {"latitude": 22.31, "longitude": 114.22}})

    latitude: Annotated[float, Field(ge=-90, le=90)] | None = None
    longitude: Annotated[float, Field(ge=-180, le=180)] | None = None
    away_reason: Annotated[str, Field(max_length=300)] = ""


class SurprisePointIn(Body):
    """The answer to one point."""

    point: Annotated[int, Field(ge=1, le=21)]
    answer: Literal["y", "n", "s"]
    words: Annotated[str, Field(max_length=300)] = ""


class SurpriseRecordIn(Body):
    """What was seen."""

    model_config = ConfigDict(
        json_schema_extra={"example": {"points": [], "entry_refused": True, "result": "unsatisfactory", "result_reason": "Nobody opened."}}
    )

    points: Annotated[list[SurprisePointIn], Field(max_length=21)] = []
    people_seen: Annotated[int, Field(ge=0, le=999_999)] | None = None
    on_payroll: Annotated[int, Field(ge=0, le=999_999)] | None = None
    phone_diverted_at: Moment | None = None
    phone_dialled: Annotated[str, Field(max_length=30)] = ""
    entry_refused: bool = False
    result: Literal["satisfactory", "watch", "unsatisfactory"]
    result_reason: Annotated[str, Field(min_length=1, max_length=1000)]


class SurpriseCancelIn(Body):
    """Why a visit is called off."""

    model_config = ConfigDict(json_schema_extra={"example": {"reason": "Typhoon signal 8 is up."}})

    reason: Annotated[str, Field(min_length=1, max_length=300)]


def serialise(row: SurpriseVisit) -> dict[str, Any]:
    """A visit as lists give it."""
    company = row.client.company
    names = {"name": str(row), "name_en": company.name_en, "name_zh": company.name_zh}
    people = {"visitor": row.visitor.username, "companion": row.companion.username if row.companion else None}
    return {"id": row.pk, **names, "url": row.get_absolute_url(), **people, **{name: getattr(row, name) for name in _READ}}


def _visible(request: HttpRequest) -> Any:
    permissions.can_read_monitoring(user=request.user).require()
    return SurpriseVisit.objects.visible_to(request.user).select_related("client__company", "visitor", "companion")


def _one(request: HttpRequest, surprise_id: int) -> dict[str, Any]:
    row = get_object_or_404(_visible(request), pk=surprise_id)
    photos = [
        {"id": photo.pk, "point": photo.point, "received_at": photo.at, "taken_at": photo.taken_at, "remarks": photo.remarks}
        for photo in row.photos.order_by("pk")
    ]
    return {**serialise(row), "points": row.answers, "photos": photos}


@router.get("board")
def monitoring_board(request: HttpRequest) -> dict[str, Any]:
    """Clients by risk class with the surprise visits of the year: counts only."""
    permissions.can_read_monitoring(user=request.user).require()
    board = monitoring.board(request.user, now=timezone.now())
    names = ("risk_class", "clients", "live", "needed", "done", "due", "late", "flags")
    return {"classes": [{name: getattr(line, name) for name in names} for line in board.lines]}


@router.get("")
def surprise_visits(
    request: HttpRequest, client_id: RecordId | None = None, state: str = "", limit: int = 50, cursor: str = ""
) -> dict[str, Any]:
    """Surprise visits that are revealed to the token's user, the newest first."""
    rows = _visible(request)
    if client_id is not None:
        rows = rows.filter(client_id=client_id)
    if state:
        rows = rows.filter(state=state)
    return page(rows, request, serialise, ordering=("-on",))


@router.get("{int:surprise_id}")
def surprise_visit(request: HttpRequest, surprise_id: int) -> dict[str, Any]:
    """One visit with its points and photos."""
    return _one(request, surprise_id)


@router.post("{int:surprise_id}/check_in", response={201: dict})
@once("surprises.check_in")
def check_in(request: HttpRequest, surprise_id: int, body: SurpriseCheckInIn) -> tuple[int, dict[str, Any]]:
    """Check in as a visitor, at the place."""
    get_object_or_404(_visible(request), pk=surprise_id)
    place = rules.place_of(body.latitude, body.longitude)
    services.check_in(visit_id=surprise_id, place=place, away_reason=body.away_reason, actor=request.user, now=timezone.now())
    return 201, _one(request, surprise_id)


@router.post("{int:present_id}/record", response={201: dict})
@once("surprises.record")
def record(request: HttpRequest, present_id: int, body: SurpriseRecordIn) -> tuple[int, dict[str, Any]]:
    """Write down what was seen, or change it while it is open."""
    get_object_or_404(_visible(request), pk=present_id)
    told = body.dict(exclude={"points"})
    entry = rules.Entry(answers={one.point: (one.answer, one.words) for one in body.points}, **told)
    services.record(visit_id=present_id, entry=entry, actor=request.user, now=timezone.now())
    return 201, _one(request, present_id)


@router.post("{int:surprise_id}/cancel", response={201: dict})
@once("surprises.cancel")
def cancel(request: HttpRequest, surprise_id: int, body: SurpriseCancelIn) -> tuple[int, dict[str, Any]]:
    """Call a visit off as the head of its centre; another is drawn."""
    get_object_or_404(_visible(request), pk=surprise_id)
    services.cancel(visit_id=surprise_id, reason=body.reason, actor=request.user, now=timezone.now())
    return 201, _one(request, surprise_id)
