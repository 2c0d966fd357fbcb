"""Handovers through the API: the same services and visibility as the pages."""

from typing import Annotated, Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Router
from pydantic import ConfigDict, Field

from credit.handovers import permissions, rules, selectors, services
from credit.handovers.models import Handover
from crm.web.api import once, page
from crm.web.bodies import Body, RecordId

router = Router(tags=["handovers of clients"])


class HandoverBeginIn(Body):
    """Which client goes to which manager, before which witness, and why."""

    model_config = ConfigDict(
        json_schema_extra={"example": {"client_id": 7, "incoming_id": 12, "witness_id": 4, "reason": "Moves to the Shatin team"}}
    )

    client_id: RecordId
    incoming_id: RecordId
    witness_id: RecordId
    reason: Annotated[str, Field(min_length=1, max_length=rules.REASON)]


class HandoverDropIn(Body):
    """Why it is not handed over after all."""

    model_config = ConfigDict(json_schema_extra={"example": {"reason": "The client stays with its manager"}})

    reason: Annotated[str, Field(min_length=1, max_length=rules.REASON)]


class HandoverSignIn(Body):
    """One's own signature; `reason` where the head signs in the place of who has left."""

    model_config = ConfigDict(json_schema_extra={"example": {"reason": ""}})

    reason: Annotated[str, Field(max_length=rules.REASON)] = ""


def serialise(row: Handover) -> dict[str, Any]:
    """A handover as lists give it."""
    company = row.client.company
    people = {"outgoing": row.outgoing.username, "incoming": row.incoming.username, "witness": row.witness.username}
    names = ("state", "reason", "begun_at", "listed_at", "ended_at", "sha256")
    return {
        "id": row.pk,
        "name": row.number,
        "name_en": company.name_en,
        "name_zh": company.name_zh,
        "url": row.get_absolute_url(),
        "client_id": row.client_id,
        **people,
        **{name: getattr(row, name) for name in names},
    }


def _visible(request: HttpRequest) -> Any:
    permissions.can_read_handovers(user=request.user).require()
    return Handover.objects.visible_to(request.user).select_related(*selectors.RELATED)


def _one(request: HttpRequest, handover_id: int) -> dict[str, Any]:
    row = get_object_or_404(_visible(request), pk=handover_id)
    signed = [
        {"side": one.side, "by": one.actor.username if one.actor else None, "at": one.at, "reason": one.reason}
        for one in selectors.signatures_of(row)
    ]
    return {**serialise(row), "sections": row.told["sections"], "signatures": signed}


@router.get("")
def handovers(request: HttpRequest, state: str = "", limit: int = 50, cursor: str = "") -> dict[str, Any]:
    """Handovers that the token's user may see, newest first."""
    rows = _visible(request)
    return page(rows.filter(state=state) if state else rows, request, serialise, ordering=("-begun_at",))


@router.get("{int:handover_id}")
def handover(request: HttpRequest, handover_id: int) -> dict[str, Any]:
    """One handover with its list and signatures."""
    return _one(request, handover_id)


@router.post("", response={201: dict})
@once("handovers.begin")
def begin(request: HttpRequest, body: HandoverBeginIn) -> tuple[int, dict[str, Any]]:
    """Begin to hand a client over: the list of all that is open is made, and waits for three signatures."""
    made = services.begin_handover(actor=request.user, now=timezone.now(), **body.dict())
    return 201, _one(request, made.pk)


@router.post("{int:handover_id}/sign", response={201: dict})
@once("handovers.sign")
def sign(request: HttpRequest, handover_id: int, body: HandoverSignIn) -> tuple[int, dict[str, Any]]:
    """Sign the list for one's own side; the third signature moves the client."""
    row = get_object_or_404(_visible(request), pk=handover_id)
    services.sign(handover_id=row.pk, reason=body.reason, actor=request.user, now=timezone.now())
    return 201, _one(request, row.pk)


@router.post("{int:handover_id}/renew", response={200: dict})
@once("handovers.renew")
def renew(request: HttpRequest, handover_id: int) -> tuple[int, dict[str, Any]]:
    """Make the list anew; whoever signed the one before signs again."""
    row = get_object_or_404(_visible(request), pk=handover_id)
    services.renew_list(handover_id=row.pk, actor=request.user, now=timezone.now())
    return 200, _one(request, row.pk)


@router.post("{int:handover_id}/drop", response={200: dict})
@once("handovers.drop")
def drop(request: HttpRequest, handover_id: int, body: HandoverDropIn) -> tuple[int, dict[str, Any]]:
    """It is not handed over after all."""
    row = get_object_or_404(_visible(request), pk=handover_id)
    services.drop_handover(handover_id=row.pk, reason=body.reason, actor=request.user, now=timezone.now())
    return 200, _one(request, row.pk)
