"""The bank's figures through the API: the same visibility and the same services as the pages."""

from typing import Annotated, Any

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from ninja import Router
from pydantic import Field

from crm.policy import selectors, services
from crm.policy.choices import ChangeState
from crm.policy.models import Figure, FigureChange
from crm.policy.rules import Proposal
from crm.web.api import once, page
from crm.web.bodies import Body, Day, RecordId

router = Router(tags=["policies"])

Key = Annotated[str, Field(max_length=40)]


class ChangeIn(Body):
    """New figures of a table by key. Money as text with two decimals; other numbers whole; null ends a person's own figure."""

    table: Annotated[str, Field(max_length=60)]
    values: Annotated[dict[Key, Any], Field(min_length=1, max_length=100)]
    effective_from: Day
    reason: Annotated[str, Field(max_length=300)]
    jurisdiction: Annotated[str, Field(pattern="^(HK|CN)?$")] = ""
    person_id: RecordId | None = None


class ChangeWithdrawIn(Body):
    """Nothing besides."""


def serialise(row: Figure) -> dict[str, Any]:
    """A figure as lists give it."""
    return {
        "id": row.pk,
        "table": row.table,
        "key": row.key,
        "jurisdiction": row.jurisdiction,
        "person": row.person.username if row.person else None,
        "value": row.value,
        "effective_from": row.effective_from,
        "effective_to": row.effective_to,
        "set_by": row.set_by.username if row.set_by else None,
        "approved_by": row.approved_by.username if row.approved_by else None,
        "url": reverse("policy:table_detail", args=[row.table]),
    }


def serialise_change(change: FigureChange) -> dict[str, Any]:
    """A proposed change."""
    plain = ("table", "jurisdiction", "values", "before", "is_raise", "effective_from", "reason", "state", "decided_at", "remark")
    people = {name: getattr(change, name) for name in ("person", "proposed_by", "decided_by")}
    return {
        "id": change.pk,
        **{name: getattr(change, name) for name in plain},
        **{name: person.username if person else None for name, person in people.items()},
        "url": change.get_absolute_url(),
    }


@router.get("")
def policies(request: HttpRequest, on: Day | None = None, limit: int = 50, cursor: str = "") -> dict[str, Any]:
    """The figures of a day (today) that the token's user may see, by table and key."""
    rows = Figure.objects.visible_to(request.user).on(on or timezone.localdate()).select_related("person", "set_by", "approved_by")
    return page(rows, request, serialise, ordering=("table", "key", "jurisdiction"))


@router.get("changes")
def changes(request: HttpRequest, limit: int = 50, cursor: str = "") -> dict[str, Any]:
    """Proposed changes that the token's user may see, newest first."""
    rows = FigureChange.objects.visible_to(request.user).select_related("person", "proposed_by", "decided_by")
    return page(rows, request, serialise_change, ordering=("-created_at",))


@router.get("changes/{int:figure_change_id}")
def change(request: HttpRequest, figure_change_id: int) -> dict[str, Any]:
    """One proposed change; as long as it waits, with what it would have meant in the last 90 days."""
    rows = FigureChange.objects.visible_to(request.user).select_related("person", "proposed_by", "decided_by")
    found = get_object_or_404(rows, pk=figure_change_id)
    waits = found.state == ChangeState.PROPOSED
    told = selectors.simulation(found, on=timezone.localdate()) if waits else []
    return {**serialise_change(found), "simulation": [str(sentence) for sentence in told]}


@router.post("changes", response={201: dict})
@once("policies.propose")
def propose(request: HttpRequest, body: ChangeIn) -> tuple[int, dict[str, Any]]:
    """Propose figures; a second person decides."""
    return 201, serialise_change(services.propose_change(actor=request.user, now=timezone.now(), proposal=Proposal(**body.dict())))


@router.post("changes/{int:figure_change_id}/withdraw", response={200: dict})
@once("policies.withdraw")
def withdraw(request: HttpRequest, figure_change_id: int, body: ChangeWithdrawIn) -> tuple[int, dict[str, Any]]:
    """Who proposed it takes it back. Others decide it in the inbox: `approvals`."""
    return 200, serialise_change(services.withdraw_change(change_id=figure_change_id, actor=request.user, now=timezone.now()))


@router.get("tables/{table_name}")
def policy(request: HttpRequest, table_name: str, limit: int = 50, cursor: str = "") -> dict[str, Any]:
    """All figures of one table that the token's user may see, past, now and to come."""
    if selectors.policy_of(request.user, table_name) is None:
        raise Http404
    rows = Figure.objects.visible_to(request.user).filter(table=table_name).select_related("person", "set_by", "approved_by")
    return page(rows, request, serialise, ordering=("key", "jurisdiction", "-effective_from"))
