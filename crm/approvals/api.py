"""Approvals through the API: the same queues, cards and decisions as the pages."""

from typing import Annotated, Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Router
from pydantic import Field

from crm.approvals import permissions, selectors, services
from crm.approvals.selectors import Row
from crm.kernel.errors import RuleBroken
from crm.kernel.worklist import WorkItem
from crm.web.api import cursor_refusal, once
from crm.web.bodies import Body
from crm.web.paging import PAGE_SIZE, StrangeCursor, paginate

router = Router(tags=["approvals"])
LONGEST = 200

Text = Annotated[str, Field(max_length=2_000)]


class ActIn(Body):
    """An act and what its form asks for, as it would be typed."""

    act: Annotated[str, Field(max_length=40)]
    fields: dict[Annotated[str, Field(max_length=60)], Text] = Field(default_factory=dict)


def serialise(row: Row) -> dict[str, Any]:
    """A request as its card says it."""
    item, card = row.item, row.card
    return {
        "id": item.pk,
        "kind": item.kind,
        "subject_id": item.subject_id,
        "title": card.title,
        "line": row.line,
        "asked_by": card.asked_by,
        "asked_at": item.created_at,
        "due_at": item.due_at,
        "plain": card.plain,
        "flags": [str(flag) for flag in card.flags],
        "url": row.url,
    }


def _limit(asked: int) -> int:
    if not 1 <= asked <= LONGEST:
        sentence = _("From 1 to %(limit)s.") % {"limit": LONGEST}
        raise RuleBroken(_("Some fields cannot be read."), code="invalid", fields={"limit": sentence})
    return asked


@router.get("")
def approvals(request: HttpRequest, kind: str = "", limit: int = PAGE_SIZE, cursor: str = "") -> dict[str, Any]:
    """Requests that wait for the token's person, the nearest limit first."""
    permissions.can_open_inbox(user=request.user).require()
    rows = selectors.waiting(request.user, kind=kind).select_related("company")
    try:
        found = paginate(rows, selectors.ORDER, cursor=cursor, limit=_limit(limit), is_strict=True)
    except StrangeCursor:
        raise cursor_refusal() from None
    return {"items": [serialise(row) for row in selectors.rows_of(found.rows, request.user)], "next": found.next}


@router.get("{int:approval_id}")
def approval(request: HttpRequest, approval_id: int) -> dict[str, Any]:
    """One request with the acts that its pane offers, each with its fields or the reason against it."""
    permissions.can_open_inbox(user=request.user).require()
    found = selectors.request_of(item_id=approval_id, user=request.user, now=timezone.now())
    rows = selectors.rows_of([found.item], request.user)
    if not rows:
        raise WorkItem.DoesNotExist
    acts = [
        {"code": act.code, "label": str(act.label), "needs": list(act.needs), "refusal": str(act.refusal)}
        for act in (found.pane.acts if found.pane else ())
    ]
    return {**serialise(rows[0]), "state": found.item.state, "acts": acts}


@router.post("{int:approval_id}/decide", response={200: dict})
@once("approvals.decide")
def decide(request: HttpRequest, approval_id: int, body: ActIn) -> tuple[int, dict[str, Any]]:
    """Decide one request, by an act that its pane offers."""
    permissions.can_open_inbox(user=request.user).require()
    found = services.decide_by_hand(item_id=approval_id, act=body.act, typed=dict(body.fields), actor=request.user, now=timezone.now())
    found.item.refresh_from_db(fields=["state"])
    return 200, {"id": found.item.pk, "kind": found.item.kind, "act": body.act, "state": found.item.state}
