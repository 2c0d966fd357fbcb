"""Companies: by name, by stock code; made known and corrected."""

from typing import Annotated, Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Router
from pydantic import Field

from crm.companies import permissions, services
from crm.companies.choices import AddressKind, IdentifierKind, NameKind, Ring
from crm.companies.models import Company, Identifier
from crm.companies.rules import COMPANY_FACTS, CompanyFacts, NewAddress, NewIdentifier, NewName
from crm.kernel.errors import RuleBroken
from crm.kernel.identifiers import IdentifierError, normalise_exchange, normalise_stock_code
from crm.web.api import identity, once, page
from crm.web.bodies import Body, Day, Version

router = Router(tags=["companies"])

Name = Annotated[str, Field(max_length=200)]


class FactsIn(Body):
    """Facts of a company."""

    country: Annotated[str, Field(pattern="^([A-Z]{2})?$")] = ""
    jurisdiction: Annotated[str, Field(pattern="^(HK|CN)?$")] = ""
    city: Annotated[str, Field(max_length=80)] = ""
    sector: Annotated[str, Field(max_length=80)] = ""
    industry: Annotated[str, Field(max_length=120)] = ""
    phone: Annotated[str, Field(max_length=40)] = ""
    website: Name = ""
    email: Name = ""
    incorporated_on: Day | None = None
    listed_on: Day | None = None


class NameIn(Body):
    """A name of a company."""

    text: Name
    kind: NameKind = NameKind.LEGAL


class IdentifierIn(Body):
    """An exact key; `scope` is the exchange of a stock code."""

    kind: IdentifierKind
    value: Annotated[str, Field(max_length=40)]
    scope: Annotated[str, Field(max_length=12)] = ""


class AddressIn(Body):
    """An address."""

    text_en: Annotated[str, Field(max_length=300)] = ""
    text_zh: Name = ""
    kind: AddressKind = AddressKind.OFFICE


class CompanyIn(FactsIn):
    """A company that is not known yet."""

    name_en: Name = ""
    name_zh: Annotated[str, Field(max_length=120)] = ""
    names: Annotated[list[NameIn], Field(max_length=20)] = []
    identifiers: Annotated[list[IdentifierIn], Field(max_length=20)] = []
    addresses: Annotated[list[AddressIn], Field(max_length=20)] = []
    not_same_because: Annotated[str, Field(max_length=100)] = ""

    def facts(self) -> CompanyFacts:
        """As the service takes them."""
        shown = [NewName(text) for text in (self.name_en, self.name_zh) if text]
        return CompanyFacts(
            names=[*shown, *(NewName(name.text, name.kind) for name in self.names)],
            identifiers=[NewIdentifier(number.kind, number.value, number.scope) for number in self.identifiers],
            addresses=[NewAddress(address.text_en, address.text_zh, address.kind) for address in self.addresses],
            **{field: getattr(self, field) for field in COMPANY_FACTS},
        )


class CompanyChange(FactsIn):
    """Facts to correct; those that are not sent stay. `version` is the one that was read."""

    version: Version


def serialise(company: Company, *, ring: Ring | None) -> dict[str, Any]:
    """A company: its directory facts, or for readers of names the name."""
    if ring != Ring.FULL:
        return identity(company)
    numbers = [{"kind": row.kind, "scope": row.scope, "value": row.value} for row in company.identifiers.all()]
    facts = {field: getattr(company, field) for field in COMPANY_FACTS}
    return {**identity(company), **facts, "identifiers": numbers, "version": company.version}


def _exchange(name: str) -> str:
    """The exchange that the address names; the refusal of an unknown one says which field it was."""
    try:
        return normalise_exchange(name)
    except IdentifierError as error:
        raise RuleBroken(error.message, code=error.code, fields={"exchange": error.message}) from error


@router.get("")
def companies(request: HttpRequest, q: str = "", exchange: str = "", code: str = "", limit: int = 50, cursor: str = "") -> dict[str, Any]:
    """Companies by name; `q` finds them by name, code or phone, `exchange` and `code` by their stock code, as it is written anywhere."""
    permissions.can_read_companies(user=request.user).require()
    ring = permissions.directory_sight(user=request.user)
    rows = Company.objects.visible_to(request.user).prefetch_related("identifiers")
    at = _exchange(exchange)
    if code:
        scope, value = normalise_stock_code(code, at)
        listed = Identifier.objects.visible_to(request.user).filter(kind=IdentifierKind.STOCK, scope=scope, value=value)
        rows = rows.filter(pk__in=listed.values("company_id"))
    elif at:
        listed = Identifier.objects.visible_to(request.user).filter(kind=IdentifierKind.STOCK, scope=at)
        rows = rows.filter(pk__in=listed.values("company_id"))
    return page(rows.named(q) if q else rows, request, lambda row: serialise(row, ring=ring), ordering=("sort_key",))


@router.get("{int:company_id}")
def company(request: HttpRequest, company_id: int) -> dict[str, Any]:
    """One company."""
    found = get_object_or_404(Company.objects.visible_to(request.user).prefetch_related("identifiers"), pk=company_id)
    return serialise(found, ring=permissions.sight(user=request.user, company=found))


@router.post("", response={201: dict})
@once("companies.register")
def register(request: HttpRequest, body: CompanyIn) -> tuple[int, dict[str, Any]]:
    """Make a company known. 422 `taken`, `duplicate` or `candidates` where it is known already, or may be."""
    because = body.not_same_because
    made = services.register_company(actor=request.user, now=timezone.now(), facts=body.facts(), not_same_because=because, source="API")
    return 201, serialise(made, ring=Ring.FULL)


@router.patch("{int:company_id}", response={200: dict})
@once("companies.correct")
def correct(request: HttpRequest, company_id: int, body: CompanyChange) -> tuple[int, dict[str, Any]]:
    """Correct facts of a company. 409 where somebody else did so since `version`."""
    changes = body.dict(exclude_unset=True, exclude={"version"})
    changed = services.correct_company(company_id=company_id, version=body.version, changes=changes, actor=request.user, now=timezone.now())
    return 200, serialise(changed, ring=Ring.FULL)
