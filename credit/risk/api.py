"""Risk classes through the API: the same services and visibility as the pages."""

from typing import Annotated, Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Router
from pydantic import ConfigDict, Field

from credit.risk import permissions, selectors, services
from credit.risk.models import Movement, Proposal, Standing
from crm.web.api import once, page
from crm.web.bodies import Body, RecordId

router = Router(tags=["risk classes"])

_READ = ("facility", "loan_class", "risk_class", "grade", "watch", "since_on", "days_overdue", "days_on")
Reason = Annotated[str, Field(min_length=1, max_length=1000)]
LoanClassNumber = Annotated[int, Field(ge=1, le=5)]
Grade = Annotated[int, Field(ge=1, le=10)]


class RiskClassIn(Body):
    """A class that the manager proposes."""

    model_config = ConfigDict(json_schema_extra={"example": {"loan_class": 1, "grade": 3, "reason": "Debt was paid down by half."}})

    loan_class: LoanClassNumber
    grade: Grade | None = None
    reason: Reason


class RiskDowngradeIn(Body):
    """Evidence that lowers a class at once."""

    model_config = ConfigDict(json_schema_extra={"example": {"loan_class": 2, "evidence": "Nobody was there, twice."}})

    loan_class: LoanClassNumber
    grade: Grade | None = None
    evidence: Reason


def serialise(row: Standing) -> dict[str, Any]:
    """A class as lists give it."""
    company = row.client.company
    names = {"name": str(row), "name_en": company.name_en, "name_zh": company.name_zh}
    return {"id": row.pk, **names, "url": row.get_absolute_url(), "client_id": row.client_id} | {name: getattr(row, name) for name in _READ}


def _visible(request: HttpRequest) -> Any:
    permissions.can_read_risk(user=request.user).require()
    return Standing.objects.visible_to(request.user).select_related("client__company")


def _movement(row: Movement) -> dict[str, Any]:
    names = ("old_loan_class", "new_loan_class", "old_risk_class", "new_risk_class", "ground", "days_overdue", "reason", "on")
    return {"id": row.pk, "by": row.actor.username if row.actor else None, **{name: getattr(row, name) for name in names}}


def _proposal(row: Proposal | None) -> dict[str, Any] | None:
    if row is None:
        return None
    names = ("loan_class", "grade", "reason", "state", "proposed_at", "reviewed_at")
    return {"id": row.pk, "proposed_by": row.proposed_by.username, **{name: getattr(row, name) for name in names}}


def _one(row: Standing) -> dict[str, Any]:
    return {
        **serialise(row),
        "proposal": _proposal(selectors.pending_of(row)),
        "movements": [_movement(one) for one in selectors.movements_of(row)],
    }


@router.get("")
def risk_classes(
    request: HttpRequest, client_id: RecordId | None = None, risk_class: str = "", limit: int = 50, cursor: str = ""
) -> dict[str, Any]:
    """Classes of the debts that the token's user follows, the worst first."""
    rows = _visible(request)
    if client_id is not None:
        rows = rows.filter(client_id=client_id)
    if risk_class:
        rows = rows.filter(risk_class=risk_class)
    return page(rows, request, serialise, ordering=("-risk_class",))


@router.get("{int:standing_id}")
def risk_class(request: HttpRequest, standing_id: int) -> dict[str, Any]:
    """One class with its open proposal and its movements."""
    return _one(get_object_or_404(_visible(request), pk=standing_id))


@router.post("{int:standing_id}/propose", response={201: dict})
@once("risk.propose")
def propose(request: HttpRequest, standing_id: int, body: RiskClassIn) -> tuple[int, dict[str, Any]]:
    """Propose a class as the client's manager; the head reviews, credit sets."""
    row = get_object_or_404(_visible(request), pk=standing_id)
    services.propose(standing_id=row.pk, actor=request.user, now=timezone.now(), **body.dict())
    return 201, _one(get_object_or_404(_visible(request), pk=standing_id))


@router.post("{int:standing_id}/downgrade", response={201: dict})
@once("risk.downgrade")
def downgrade(request: HttpRequest, standing_id: int, body: RiskDowngradeIn) -> tuple[int, dict[str, Any]]:
    """Lower a class at once, on evidence."""
    row = get_object_or_404(_visible(request), pk=standing_id)
    services.downgrade(standing_id=row.pk, actor=request.user, now=timezone.now(), **body.dict())
    return 201, _one(get_object_or_404(_visible(request), pk=standing_id))
