"""Handovers through the API: the same services and visibility as the pages."""

from typing import Annotated, Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Router, Schema
from pydantic import ConfigDict, Field

from credit.handovers import permissions, rules, selectors, services
from credit.handovers.models import Handover
from crm.web.api import once, page

router = Router(tags=["handovers of clients"])


class HandoverSignIn(Schema):
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


@router.post("{int:handover_id}/sign", response={201: dict})
@once("handovers.sign")
def sign(request: HttpRequest, handover_id: int, body: HandoverSignIn) -> tuple[int, dict[str, Any]]:
    """Sign the list for one's own side; the third signature moves the client."""
    row = get_object_or_404(_visible(request), pk=handover_id)
    services.sign(handover_id=row.pk, reason=body.reason, actor=request.user, now=timezone.now())
    return 201, _one(request, row.pk)
