"""Red flags through the API: the same services and visibility as the pages."""

from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Router
from pydantic import ConfigDict, Field

from credit.flags import permissions, selectors, services
from credit.flags.models import Flag, Suggestion
from crm.web.api import once, page
from crm.web.bodies import Body, RecordId

router = Router(tags=["red flags"])
Words = Annotated[str, Field(min_length=1, max_length=2000)]
Address = Annotated[str, Field(max_length=500)]


class FlagIn(Body):
    """What was seen on a client. `critical` only with RF-35, for a winding-up petition."""

    model_config = ConfigDict(
        json_schema_extra={"example": {"client_id": 7, "code": "RF-01", "note": "Door locked at 10:40, no light, nobody there."}}
    )

    client_id: RecordId
    code: Annotated[str, Field(max_length=6)]
    note: Words
    critical: bool = False
    link: Address = ""


class FlagAnswerIn(Body):
    """What is said or done about a flag."""

    act: Literal["explain", "plan", "visit", "note"]
    note: Words
    link: Address = ""


class FlagCloseIn(Body):
    """The evidence that closes a flag: what it shows, and the address of it."""

    note: Words
    link: Address


class SuggestionTakeIn(Body):
    """Raise what the news suggests."""

    note: Words
    critical: bool = False


class SuggestionRefuseIn(Body):
    """Why it is no flag."""

    reason: Annotated[str, Field(min_length=1, max_length=1000)]


def _row(flag: Flag, user: Any) -> dict[str, Any]:
    told = permissions.is_told(user, flag)
    return {
        "id": flag.pk,
        "client_id": flag.client_id,
        "company_id": flag.client.company_id,
        "code": flag.code,
        "name": flag.name,
        "severity": flag.severity,
        "required_action": flag.entry.action,
        "origin": flag.origin,
        "note": flag.note,
        "figures": flag.figures,
        "raised_at": flag.raised_at,
        "raised_by": flag.raised_by.username if flag.raised_by else None,
        "state": flag.state if told else None,
        "due_at": flag.due_at,
        "closed_at": flag.closed_at if told else None,
    }


def _one(request: HttpRequest, flag_id: int) -> dict[str, Any]:
    flag = get_object_or_404(Flag.objects.visible_to(request.user).select_related(*selectors.RELATED), pk=flag_id)
    events = [
        {"act": event.act, "note": event.note, "link": event.link, "at": event.at, "by": event.actor.username if event.actor else None}
        for event in selectors.events_of(flag, user=request.user)
    ]
    return {**_row(flag, request.user), "events": events}


@router.get("")
def flags(
    request: HttpRequest, company_id: RecordId | None = None, code: str = "", state: str = "", limit: int = 50, cursor: str = ""
) -> dict[str, Any]:
    """Flags that the token's user may see, newest first."""
    permissions.can_read_flags(user=request.user).require()
    rows = Flag.objects.visible_to(request.user).select_related("client", "raised_by")
    for column, value in (("client__company_id", company_id), ("code", code), ("state", state)):
        if value:
            rows = rows.filter(**{column: value})
    return page(rows, request, lambda flag: _row(flag, request.user), ordering=("-raised_at",))


@router.get("{int:flag_id}")
def flag(request: HttpRequest, flag_id: int) -> dict[str, Any]:
    """One flag with its way so far."""
    return _one(request, flag_id)


@router.post("", response={201: dict})
@once("flags.raise")
def raise_flag(request: HttpRequest, body: FlagIn) -> tuple[int, dict[str, Any]]:
    """Raise a flag. Evidence by its address; papers are brought on the page."""
    get_object_or_404(permissions.clients_of(request.user), pk=body.client_id)
    made = services.raise_flag(actor=request.user, now=timezone.now(), **body.dict())
    return 201, _one(request, made.pk)


@router.post("{int:flag_id}/answer", response={200: dict})
@once("flags.answer")
def answer(request: HttpRequest, flag_id: int, body: FlagAnswerIn) -> tuple[int, dict[str, Any]]:
    """Explain, plan, say what a visit found, note."""
    _told(request, flag_id)
    services.answer(flag_id=flag_id, actor=request.user, now=timezone.now(), **body.dict())
    return 200, _one(request, flag_id)


@router.post("{int:closed_flag_id}/close", response={200: dict})
@once("flags.close")
def close(request: HttpRequest, closed_flag_id: int, body: FlagCloseIn) -> tuple[int, dict[str, Any]]:
    """Close a flag with evidence; a critical one takes a credit approver and compliance."""
    _told(request, closed_flag_id)
    services.close(flag_id=closed_flag_id, actor=request.user, now=timezone.now(), **body.dict())
    return 200, _one(request, closed_flag_id)


def _told(request: HttpRequest, flag_id: int) -> None:
    found = get_object_or_404(Flag.objects.visible_to(request.user).select_related("client"), pk=flag_id)
    if not permissions.is_told(request.user, found):
        raise Flag.DoesNotExist


@router.get("suggestions")
def suggestions(request: HttpRequest) -> dict[str, Any]:
    """What the news suggests and nobody ruled on, the newest hundred."""
    permissions.can_read_flags(user=request.user).require()
    rows = selectors.suggestions(request.user)[:100]
    return {
        "items": [
            {"id": row.pk, "client_id": row.client_id, "code": row.code, "clipping_id": row.clipping_id, "title": row.clipping.title}
            for row in rows
        ]
    }


@router.post("suggestions/{int:suggestion_id}/take", response={201: dict})
@once("flags.take")
def take(request: HttpRequest, suggestion_id: int, body: SuggestionTakeIn) -> tuple[int, dict[str, Any]]:
    """Raise the flag that a story suggests."""
    get_object_or_404(Suggestion.objects.visible_to(request.user), pk=suggestion_id)
    made = services.take_suggestion(suggestion_id=suggestion_id, actor=request.user, now=timezone.now(), **body.dict())
    return 201, _one(request, made.pk)


@router.post("suggestions/{int:suggestion_id}/refuse", response={200: dict})
@once("flags.refuse")
def refuse(request: HttpRequest, suggestion_id: int, body: SuggestionRefuseIn) -> tuple[int, dict[str, Any]]:
    """It is no flag."""
    get_object_or_404(Suggestion.objects.visible_to(request.user), pk=suggestion_id)
    services.refuse_suggestion(suggestion_id=suggestion_id, reason=body.reason, actor=request.user, now=timezone.now())
    return 200, {"id": suggestion_id}
