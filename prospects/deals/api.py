"""Prospects through the API: the same services and visibility as the pages. Lists hold what is seen in full; a masked one is masked."""

from decimal import Decimal
from typing import Annotated, Any

from django.contrib.auth import get_user_model
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from ninja import Router
from pydantic import Field

from crm.companies.rules import CompanyFacts, NewAddress, NewIdentifier, NewName
from crm.kernel.errors import RuleBroken
from crm.visits.api.visits import NoteIn, write_down
from crm.visits.api.visits import serialise as serialise_visit
from crm.web.api import identity, once, one_of, page
from crm.web.bodies import Body, Day, RecordId, Version
from prospects.deals import permissions, services
from prospects.deals.choices import CLOSED_STAGES, Criterion, DealKind, Sight, Stage
from prospects.deals.models import Deal
from prospects.deals.querysets import DealQuerySet
from prospects.deals.rules import EDITABLE, Answers, Statement, Terms

router = Router(tags=["prospects"])

Line = Annotated[str, Field(max_length=300)]
Short = Annotated[str, Field(max_length=200)]
Amount = Annotated[Decimal, Field(ge=0, max_digits=14, decimal_places=2)]
_READ = (
    "kind",
    "stage",
    "stage_since",
    "stale_on",
    "source",
    "source_detail",
    "credit_free",
    "need",
    "business",
    "banks_used",
    "size",
    "kyc_prescore",
    "currency",
    "amount",
    "expected_income",
    "protected_until",
    "last_activity_at",
    "next_step",
    "next_step_on",
    "lost_reason",
    "competitor",
    "price_gap_bps",
    "revisit_on",
    "opened_at",
    "closed_at",
    "version",
)


class FactsIn(Body):
    """What may be written of a prospect; what is left out stays as it is."""

    source: str | None = None
    source_detail: Short | None = None
    credit_free: bool | None = None
    need: Short | None = None
    business: Line | None = None
    banks_used: Short | None = None
    size: Short | None = None
    decision_maker: RecordId | None = None
    kyc_prescore: str | None = None
    amount: Amount | None = None
    expected_income: Amount | None = None
    next_step: Short | None = None
    next_step_on: Day | None = None

    def values(self) -> dict[str, Any]:
        """The columns that were sent."""
        sent = self.model_dump(exclude_unset=True)
        return {name: sent[name] for name in EDITABLE if name in sent}


class IdentifierIn(Body):
    """An exact key of the company."""

    kind: str
    value: Annotated[str, Field(max_length=40)]
    scope: Annotated[str, Field(max_length=12)] = ""


class ProspectIn(FactsIn):
    """A prospect: a company that we know by `company_id`, or the names and numbers of one that may be new."""

    company_id: RecordId | None = None
    name_en: Short = ""
    name_zh: Annotated[str, Field(max_length=120)] = ""
    identifiers: Annotated[list[IdentifierIn], Field(max_length=10)] = []
    phone: Annotated[str, Field(max_length=40)] = ""
    address: Short = ""
    website: Short = ""
    not_same_because: Line = ""
    kind: str = DealKind.NEW
    owner_id: RecordId | None = None

    def terms(self) -> Terms:
        """As the service takes them."""
        values = {name: value for name, value in self.values().items() if name != "source" and value is not None}
        return Terms(source=self.source or "", kind=self.kind, owner_id=self.owner_id, values=values)

    def facts(self) -> CompanyFacts:
        """The company as it was stated."""
        return CompanyFacts(
            names=[NewName(name) for name in (self.name_en, self.name_zh) if name],
            identifiers=[NewIdentifier(row.kind, row.value, row.scope) for row in self.identifiers],
            addresses=[NewAddress(text_en=self.address)] if self.address else (),
            phone=self.phone,
            website=self.website,
        )


class ProspectPatch(FactsIn):
    """Changes to a prospect, against the version that was read."""

    version: Version


class StatementIn(Body):
    """What shows a criterion, and the day that it bears."""

    text: Line
    on: Day


class AdvanceIn(Body):
    """A later stage, with what fills its criteria."""

    to_stage: str
    values: FactsIn | None = None
    statements: dict[str, StatementIn] = {}

    def answers(self) -> Answers:
        """As the service takes them. RuleBroken for an unknown criterion."""
        for name in self.statements:
            one_of("statements", name or "-", Criterion.values)
        stated = {Criterion(name): Statement(row.text, row.on) for name, row in self.statements.items()}
        return Answers(values=self.values.values() if self.values else {}, statements=stated)


def serialise(deal: Deal) -> dict[str, Any]:
    """A prospect that is seen in full."""
    return {
        **masked(deal),
        **{name: getattr(deal, name) for name in _READ},
        "decision_maker": deal.decision_maker_id,
    }


def masked(deal: Deal) -> dict[str, Any]:
    """What team mates see: company, stage, owner (domain 1.2)."""
    return {
        **identity(deal),
        "company_id": deal.company_id,
        "stage": deal.stage,
        "owner": deal.owner.username if deal.owner else None,
    }


def _read(request: HttpRequest, deal_id: int) -> dict[str, Any]:
    deal = get_object_or_404(Deal.objects.visible_to(request.user).select_related("company", "owner"), pk=deal_id)
    return serialise(deal) if permissions.sight(user=request.user, deal=deal) == Sight.FULL else masked(deal)


def _of_owner(rows: DealQuerySet, username: str, *, user: Any) -> DealQuerySet:
    """Those of one person. RuleBroken for a name that is no colleague's, and no owner's of old."""
    found = rows.filter(owner__username=user.username if username == "me" else username)
    known = username == "me" or get_user_model().objects.colleagues_of(user).filter(username=username).exists() or found.exists()
    if not known:
        raise RuleBroken(_("Some fields cannot be read."), code="invalid", fields={"owner": _("Nobody here has this user name.")})
    return found


@router.get("")
def prospects(request: HttpRequest, q: str = "", stage: str = "", owner: str = "", limit: int = 50, cursor: str = "") -> dict[str, Any]:
    """Prospects that the token's user sees in full, by name: open ones, or those of `stage` (S0 to S8, L, N). `owner` is a user name."""
    permissions.can_list_deals(user=request.user).require()
    rows = Deal.objects.in_full(request.user).select_related("company", "owner")
    rows = rows.filter(stage=stage) if one_of("stage", stage, Stage.values) else rows
    rows = rows.closed() if stage in CLOSED_STAGES else rows.open()
    if owner:
        rows = _of_owner(rows, owner, user=request.user)
    if q:
        rows = rows.named(q)
    return page(rows, request, serialise, ordering=("sort_key",))


@router.get("{int:deal_id}")
def prospect(request: HttpRequest, deal_id: int) -> dict[str, Any]:
    """One prospect, masked for team mates."""
    return _read(request, deal_id)


@router.post("", response={201: dict})
@once("prospects.open")
def open_prospect(request: HttpRequest, body: ProspectIn) -> tuple[int, dict[str, Any]]:
    """Take up a prospect."""
    asked: dict[str, Any] = {"terms": body.terms(), "actor": request.user, "now": timezone.now(), "not_same_because": body.not_same_because}
    if body.company_id is not None:
        deal = services.open_deal(company_id=body.company_id, **asked)
    else:
        deal = services.start_prospect(facts=body.facts(), **asked)
    return 201, serialise(deal)


@router.patch("{int:deal_id}", response={200: dict})
@once("prospects.change")
def change_prospect(request: HttpRequest, deal_id: int, body: ProspectPatch) -> tuple[int, dict[str, Any]]:
    """Change what is written of a prospect."""
    services.update_deal(deal_id=deal_id, version=body.version, changes=body.values(), actor=request.user, now=timezone.now())
    return 200, _read(request, deal_id)


@router.post("{int:deal_id}/advance", response={200: dict})
@once("prospects.advance")
def advance_prospect(request: HttpRequest, deal_id: int, body: AdvanceIn) -> tuple[int, dict[str, Any]]:
    """Move a prospect on. `moved` is false, and `waiting` names the criteria, where a second person has yet to confirm."""
    one_of("to_stage", body.to_stage or "-", Stage.values)
    done = services.advance(deal_id=deal_id, to_stage=body.to_stage, answers=body.answers(), actor=request.user, now=timezone.now())
    return 200, {**_read(request, deal_id), "moved": done.moved, "waiting": [str(found.criterion) for found in done.waiting]}


@router.post("{int:deal_id}/log_visit", response={201: dict})
@once("prospects.log_visit")
def log_visit(request: HttpRequest, deal_id: int, body: NoteIn) -> tuple[int, dict[str, Any]]:
    """Log a visit or call with a prospect."""
    deal = get_object_or_404(Deal.objects.visible_to(request.user), pk=deal_id)
    return 201, serialise_visit(write_down(request, deal.company_id, body))
