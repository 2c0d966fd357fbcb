"""Credit packs through the API: the same services and visibility as the pages."""

import datetime as dt
from decimal import Decimal
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Router, Schema
from pydantic import ConfigDict, Field

from credit.packs import permissions, selectors, services
from credit.packs.contents import content
from credit.packs.models import Pack
from credit.packs.rules import PackOrder
from crm.companies.models import Company
from crm.web.api import identity, once, page
from crm.web.bodies import Body, RecordId

router = Router(tags=["credit packs"])

ClientTypeName = Literal["company", "partnership", "listed", "young", "overseas", "cn_subsidiary", "institution", "state_owned"]
_READ = (
    *("number", "state", "state_since", "authorship", "segment", "kind", "jurisdiction", "currency", "client_types", "requested"),
    *("handed_off_at", "decided_at"),
)


class PackIn(Body):
    """A pack to begin. The model is fixed from then on."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "company_id": 1201,
                "kind": "increase",
                "authorship": "A",
                "segment": "sme",
                "client_types": ["company"],
            }
        }
    )

    company_id: RecordId
    kind: Literal["new", "increase", "renewal", "change"]
    authorship: Literal["A", "B"]
    segment: Literal["sme", "corporate"]
    client_types: Annotated[list[ClientTypeName], Field(min_length=1, max_length=8)]

    def order(self) -> PackOrder:
        """As the service takes it."""
        return PackOrder(self.authorship, self.segment, self.kind, tuple(self.client_types))


PACK_EXAMPLE: dict[str, Any] = {
    "id": 12, "name": "Golden Hill Foods", "name_en": "Golden Hill Foods", "name_zh": "金山食品", "url": "/credit/packs/12/",
    "company_id": 1201, "owner": "rm", "number": "GH-2026-01", "state": "handed_off", "state_since": "2026-03-04T02:00:00Z",
    "authorship": "A", "segment": "sme", "kind": "new", "jurisdiction": "HK", "currency": "HKD", "client_types": ["company"],
    "requested": "8000000.00", "handed_off_at": "2026-03-04T02:00:00Z", "decided_at": None,
}  # fmt: skip


class PackOut(Schema):
    """A pack as lists give it; amounts as text in its currency."""

    model_config = ConfigDict(json_schema_extra={"example": PACK_EXAMPLE})

    id: int
    name: str
    name_en: str
    name_zh: str
    url: str
    company_id: int
    owner: str
    number: str
    state: str
    state_since: dt.datetime
    authorship: Literal["A", "B"]
    segment: str
    kind: str
    jurisdiction: str
    currency: str
    client_types: list[str]
    requested: Decimal
    handed_off_at: dt.datetime | None
    decided_at: dt.datetime | None


class PackPage(Schema):
    """A page of packs."""

    model_config = ConfigDict(json_schema_extra={"example": {"items": [PACK_EXAMPLE], "next": None}})

    items: list[PackOut]
    next: str | None


class PackVersionOut(Schema):
    """A version of a pack."""

    number: int
    state: str
    opened_at: dt.datetime
    sealed_at: dt.datetime | None
    reason: str


class PackWhole(PackOut):
    """A pack with its versions and what the shown one asks for."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": PACK_EXAMPLE
            | {
                "versions": [
                    {"number": 1, "state": "sealed", "opened_at": "2026-03-01T02:00:00Z", "sealed_at": "2026-03-03T02:00:00Z", "reason": ""}
                ],
                "shown_version": 1,
                "request": {"client_types": ["company"], "parties": {}, "facilities": {}, "securities": {}},
            }
        }
    )

    versions: list[PackVersionOut]
    shown_version: int | None
    request: dict[str, Any] | None


def serialise(pack: Pack) -> dict[str, Any]:
    """A pack as lists give it."""
    return {
        **identity(pack),
        "company_id": pack.company_id,
        "owner": pack.owner.username,
        **{name: getattr(pack, name) for name in _READ},
    }


def _visible(request: HttpRequest) -> Any:
    permissions.can_read_packs(user=request.user).require()
    return Pack.objects.visible_to(request.user).select_related("company", "owner")


def _one(request: HttpRequest, pack: Pack) -> dict[str, Any]:
    versions = selectors.versions_of(pack, user=request.user)
    shown = selectors.shown_version(versions)
    return {
        **serialise(pack),
        "versions": [
            {"number": row.number, "state": row.state, "opened_at": row.opened_at, "sealed_at": row.sealed_at, "reason": row.reason}
            for row in versions
        ],
        "shown_version": shown.number if shown else None,
        "request": content(shown) if shown else None,
    }


@router.get("", response=PackPage, summary="Credit packs")
def packs(
    request: HttpRequest, q: str = "", company_id: RecordId | None = None, state: str = "", limit: int = 50, cursor: str = ""
) -> dict[str, Any]:
    """Packs that the token's user may see, those that moved last first; `q` finds by company or the beginning of the number."""
    rows = _visible(request)
    if company_id is not None:
        rows = rows.filter(company_id=company_id)
    if state:
        rows = rows.filter(state=state)
    if q:
        rows = rows.found(q, Company.objects.visible_to(request.user).named(q))
    return page(rows, request, serialise, ordering=("-state_since",))


@router.get("{int:pack_id}", response=PackWhole, summary="A credit pack")
def pack(request: HttpRequest, pack_id: int) -> dict[str, Any]:
    """One pack with its versions, and what the newest one that may be seen asks for: parties, facilities, securities."""
    return _one(request, get_object_or_404(_visible(request), pk=pack_id))


@router.post("", response={201: PackWhole}, summary="Begin a credit pack")
@once("packs.create")
def create_pack(request: HttpRequest, body: PackIn) -> tuple[int, dict[str, Any]]:
    """Begin a pack for a company that the token's user looks after."""
    made = services.create_pack(company_id=body.company_id, order=body.order(), actor=request.user, now=timezone.now())
    return 201, _one(request, made)
