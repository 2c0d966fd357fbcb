"""Credit packs through the API: the same services and visibility as the pages."""

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

router = Router(tags=["credit packs"])

ClientTypeName = Literal["company", "partnership", "listed", "young", "overseas", "cn_subsidiary", "institution", "state_owned"]
_READ = (
    *("number", "state", "state_since", "authorship", "segment", "kind", "jurisdiction", "currency", "client_types", "requested"),
    *("handed_off_at", "decided_at"),
)


class PackIn(Schema):
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

    company_id: int
    kind: Literal["new", "increase", "renewal", "change"]
    authorship: Literal["A", "B"]
    segment: Literal["sme", "corporate"]
    client_types: Annotated[list[ClientTypeName], Field(min_length=1, max_length=8)]

    def order(self) -> PackOrder:
        """As the service takes it."""
        return PackOrder(self.authorship, self.segment, self.kind, tuple(self.client_types))


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


@router.get("")
def packs(
    request: HttpRequest, q: str = "", company_id: int | None = None, state: str = "", limit: int = 50, cursor: str = ""
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


@router.get("{int:pack_id}")
def pack(request: HttpRequest, pack_id: int) -> dict[str, Any]:
    """One pack with its versions, and what the newest one that may be seen asks for: parties, facilities, securities."""
    return _one(request, get_object_or_404(_visible(request), pk=pack_id))


@router.post("", response={201: dict})
@once("packs.create")
def create_pack(request: HttpRequest, body: PackIn) -> tuple[int, dict[str, Any]]:
    """Begin a pack for a company that the token's user looks after."""
    made = services.create_pack(company_id=body.company_id, order=body.order(), actor=request.user, now=timezone.now())
    return 201, _one(request, made)
