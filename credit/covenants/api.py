"""Covenants through the API: the same services and visibility as the pages. Papers are named by their address, and brought on the page."""

import datetime as dt
from decimal import Decimal
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Router, Schema
from pydantic import ConfigDict, Field

from credit.covenants import permissions, services
from credit.covenants.models import Covenant, CovenantTest
from crm.web.api import once, page
from crm.web.bodies import Body, Day, RecordId

router = Router(tags=["covenants"])
Address = Annotated[str, Field(max_length=500)]
_READ = (
    *("id", "pack_id", "condition_id", "replaces_id", "metric", "comparison", "threshold", "currency", "words", "document"),
    *("frequency", "first_on", "due_days", "cure_days", "state", "next_on", "until_on"),
)
_OF_TEST = (
    *("id", "covenant_id", "ends_on", "paper_due_on", "state", "received_on", "test_due_at", "tested_at"),
    *("value", "threshold", "figures", "reason", "cure_until", "settled_at"),
)
_COVENANT: dict[str, Any] = {
    "id": 4, "pack_id": 12, "company_id": 1201, "condition_id": None, "replaces_id": None, "metric": "gearing", "comparison": "most",
    "threshold": "2.0000", "currency": "", "words": "", "document": "management", "frequency": 3, "first_on": "2026-03-31",
    "due_days": 60, "cure_days": 30, "state": "in_force", "standing": "met", "next_on": "2026-06-30", "until_on": None,
}  # fmt: skip
_TEST: dict[str, Any] = {
    "id": 41, "covenant_id": 4, "ends_on": "2026-03-31", "paper_due_on": "2026-05-30", "state": "met", "received_on": "2026-05-20",
    "test_due_at": "2026-06-04T09:30:00Z", "tested_at": "2026-05-27T02:00:00Z", "tested_by": "analyst", "value": "1.850000",
    "threshold": "2.0000", "figures": {"metric": "gearing", "period": "2026-03-31", "months": 12}, "reason": "", "cure_until": None,
    "settled_at": "2026-05-27T02:00:00Z",
}  # fmt: skip


class CovenantOut(Schema):
    """A covenant with how it stands today. `threshold` in times, per cent, or an amount of `currency`; `frequency` in months."""

    model_config = ConfigDict(json_schema_extra={"example": _COVENANT})

    id: int
    pack_id: int
    company_id: int
    condition_id: int | None
    replaces_id: int | None
    metric: str
    comparison: str
    threshold: Decimal | None
    currency: str
    words: str
    document: str
    frequency: int
    first_on: dt.date
    due_days: int
    cure_days: int
    state: str
    standing: str
    next_on: dt.date | None
    until_on: dt.date | None


class CovenantsOut(Schema):
    """A page of covenants."""

    model_config = ConfigDict(json_schema_extra={"example": {"items": [_COVENANT], "next": None}})

    items: list[CovenantOut]
    next: str | None


class CovenantTestOut(Schema):
    """The test of one period with the figures that its value came from, as they were frozen."""

    model_config = ConfigDict(json_schema_extra={"example": _TEST})

    id: int
    covenant_id: int
    ends_on: dt.date
    paper_due_on: dt.date
    state: str
    received_on: dt.date | None
    test_due_at: dt.datetime | None
    tested_at: dt.datetime | None
    tested_by: str | None
    value: Decimal | None
    threshold: Decimal | None
    figures: dict[str, Any]
    reason: str
    cure_until: dt.date | None
    settled_at: dt.datetime | None


class CovenantTestsOut(Schema):
    """A page of tests."""

    model_config = ConfigDict(json_schema_extra={"example": {"items": [_TEST], "next": None}})

    items: list[CovenantTestOut]
    next: str | None


class CovenantPaperIn(Body):
    """When the paper of a period came, and where it is."""

    model_config = ConfigDict(
        json_schema_extra={"example": {"received_on": "2026-05-20", "link": "https://files.example.com/accounts.pdf"}}
    )

    received_on: Day
    link: Annotated[str, Field(min_length=1, max_length=500)]
    note: Annotated[str, Field(max_length=1000)] = ""


class CovenantResultIn(Body):
    """Of what is measured a remark at most: the value is worked out here. Of an undertaking the answer with its evidence."""

    model_config = ConfigDict(json_schema_extra={"example": {"answer": "met", "note": "No charge is registered.", "link": "/visits/7/"}})

    answer: Literal["met", "breached", "untestable", ""] = ""
    note: Annotated[str, Field(max_length=1000)] = ""
    link: Address = ""


def _row(row: Covenant) -> dict[str, Any]:
    return {**{name: getattr(row, name) for name in _READ}, "company_id": row.pack.company_id, "standing": row.standing}


def _test(row: CovenantTest) -> dict[str, Any]:
    return {**{name: getattr(row, name) for name in _OF_TEST}, "tested_by": row.tested_by.username if row.tested_by else None}


def _rows(request: HttpRequest) -> Any:
    return Covenant.objects.visible_to(request.user).standing_on(timezone.localdate()).select_related("pack")


def _one_test(request: HttpRequest, test_id: int) -> dict[str, Any]:
    return _test(get_object_or_404(CovenantTest.objects.visible_to(request.user).select_related("tested_by"), pk=test_id))


@router.get("", response=CovenantsOut, summary="Covenants")
def covenants(
    request: HttpRequest, pack_id: RecordId | None = None, state: str = "", standing: str = "", limit: int = 50, cursor: str = ""
) -> dict[str, Any]:
    """Covenants that the token's user may see with how they stand today, the newest first."""
    permissions.can_read_covenants(user=request.user).require()
    rows = _rows(request)
    for column, value in (("pack_id", pack_id), ("state", state), ("standing", standing)):
        if value:
            rows = rows.filter(**{column: value})
    return page(rows, request, _row, ordering=("-proposed_at",))


@router.get("{int:covenant_id}", response=CovenantOut, summary="One covenant")
def covenant(request: HttpRequest, covenant_id: int) -> dict[str, Any]:
    """A covenant with its terms and how it stands today."""
    return _row(get_object_or_404(_rows(request), pk=covenant_id))


@router.get("{int:covenant_id}/tests", response=CovenantTestsOut, summary="The tests of a covenant")
def periods(request: HttpRequest, covenant_id: int, limit: int = 50, cursor: str = "") -> dict[str, Any]:
    """The tests of a covenant's periods with their figures, the newest first."""
    found = get_object_or_404(Covenant.objects.visible_to(request.user), pk=covenant_id)
    rows = CovenantTest.objects.visible_to(request.user).filter(covenant=found).select_related("tested_by")
    return page(rows, request, _test, ordering=("-ends_on",))


@router.post("tests/{int:covenant_test_id}/paper", response=CovenantTestOut, summary="Record the paper of a period")
@once("covenants.receive")
def paper(request: HttpRequest, covenant_test_id: int, body: CovenantPaperIn) -> tuple[int, dict[str, Any]]:
    """Record that the paper of a period is here: it is tested within the bank's working days."""
    services.receive_paper(test_id=covenant_test_id, actor=request.user, now=timezone.now(), **body.dict())
    return 200, _one_test(request, covenant_test_id)


@router.post("tests/{int:received_test_id}/result", response=CovenantTestOut, summary="Test a period")
@once("covenants.test")
def result(request: HttpRequest, received_test_id: int, body: CovenantResultIn) -> tuple[int, dict[str, Any]]:
    """Record the result of a period: worked out from the figures that the bank holds, or a person's answer to an undertaking."""
    services.record_result(test_id=received_test_id, actor=request.user, now=timezone.now(), **body.dict())
    return 200, _one_test(request, received_test_id)
