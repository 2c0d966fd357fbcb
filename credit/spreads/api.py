"""Spreads through the API: the same services and visibility as the pages; amounts as text, so that nothing is rounded."""

from decimal import Decimal
from typing import Annotated, Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Router
from pydantic import Field

from credit.spreads import permissions, selectors, services
from credit.spreads.mapping.periods import Heading
from credit.spreads.models import Spread
from crm.companies.models import Company
from crm.web.api import identity, once, page
from crm.web.bodies import Body, Day, RecordId, Version

router = Router(tags=["spreads"])
Amount = Annotated[Decimal, Field(max_digits=24, decimal_places=8)]


class SpreadPeriodIn(Body):
    """A whole period: lines by code in the spread's unit, costs and payments positive; `pages` says where each stands."""

    ends_on: Day
    months: int = 12
    kind: str = "audited"
    source: Annotated[str, Field(max_length=200)] = ""
    lines: dict[str, Amount]
    pages: dict[str, Annotated[str, Field(max_length=80)]] = {}


class SpreadCheckIn(Body):
    """The word of the second person; `version` is the one that was read."""

    version: Version
    note: Annotated[str, Field(max_length=500)] = ""


def serialise(spread: Spread) -> dict[str, Any]:
    """A spread as lists give it."""
    return {
        **identity(spread),
        "company_id": spread.company_id,
        "currency": spread.currency,
        "unit": spread.unit,
        "jurisdiction": spread.jurisdiction,
        "asked_hkd": spread.asked_hkd,
        "state": spread.state,
        "prepared_by": spread.prepared_by.username,
        "checked_by": spread.checked_by.username if spread.checked_by else None,
        "checked_at": spread.checked_at,
        "version": spread.version,
    }


def _one(request: HttpRequest, spread_id: int) -> dict[str, Any]:
    rows = Spread.objects.visible_to(request.user).select_related("company", "prepared_by", "checked_by")
    spread = get_object_or_404(rows, pk=spread_id)
    return serialise(spread) | selectors.summary(spread).to_json() | {"checked_at": spread.checked_at}


@router.get("")
def spreads(request: HttpRequest, q: str = "", company_id: RecordId | None = None, limit: int = 50, cursor: str = "") -> dict[str, Any]:
    """Spreads that the token's user may see, last changed first; `q` finds companies by name, code or phone."""
    permissions.can_read_spreads(user=request.user).require()
    rows = Spread.objects.visible_to(request.user).select_related("company", "prepared_by", "checked_by")
    if company_id is not None:
        rows = rows.filter(company_id=company_id)
    if q:
        rows = rows.found(Company.objects.visible_to(request.user).named(q))
    return page(rows, request, serialise, ordering=("-updated_at",))


@router.get("{int:spread_id}")
def spread(request: HttpRequest, spread_id: int) -> dict[str, Any]:
    """One spread with its periods, lines, ratios (formula, sources), what does not tie, red flags and stress cases."""
    return _one(request, spread_id)


@router.post("{int:spread_id}/periods", response={200: dict})
@once("spreads.period")
def enter_period(request: HttpRequest, spread_id: int, body: SpreadPeriodIn) -> tuple[int, dict[str, Any]]:
    """Enter a whole period. The same figures again change nothing; others make a further statement beside the earlier one."""
    services.enter_period(
        spread_id=spread_id,
        heading=Heading(body.ends_on, body.months, body.kind),
        values=body.lines,
        pages=body.pages,
        source=body.source,
        actor=request.user,
        now=timezone.now(),
    )
    return 200, _one(request, spread_id)


@router.post("{int:entered_spread_id}/check", response={200: dict})
@once("spreads.check")
def check(request: HttpRequest, entered_spread_id: int, body: SpreadCheckIn) -> tuple[int, dict[str, Any]]:
    """Check the figures that another entered."""
    services.check_spread(spread_id=entered_spread_id, version=body.version, actor=request.user, now=timezone.now(), note=body.note)
    return 200, _one(request, entered_spread_id)
