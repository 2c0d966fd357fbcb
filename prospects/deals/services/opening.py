"""Taking up a prospect: on a company that we know, or on one that may be new; and the question who covers a company (domain 2.4)."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.auth import get_user_model
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from crm.companies.choices import CoverageKind
from crm.companies.matching import find_matches, taken
from crm.companies.models import Company, Coverage, Identifier
from crm.companies.rules import CompanyFacts, NewName
from crm.companies.selectors import best_matches
from crm.companies.services import register_company, take_on
from crm.companies.services.coverage import owner_columns
from crm.companies.services.locking import locked_company, today_of
from crm.kernel.errors import RuleBroken
from crm.kernel.identifiers import IdentifierError
from crm.staff.choices import Jurisdiction
from prospects.deals.choices import CoverAnswer, DealEventKind, DealKind, Source, Stage
from prospects.deals.models import CoverageCheck, Deal
from prospects.deals.permissions import can_ask_coverage, can_open_deal, can_open_deal_for
from prospects.deals.rules import Terms
from prospects.deals.selectors import is_identified, local_day, stale_after
from prospects.deals.services.ownership import is_lead, owning_post, protect, require_room
from prospects.deals.services.traces import fill, line, plan_next_step, tell, wrong

_ASKED_AMONG = 20


@transaction.atomic
def start_prospect(*, facts: CompanyFacts, terms: Terms, actor: Any, now: dt.datetime, not_same_because: str = "") -> Deal:
    """Take up a company that may be new. One that holds the same exact key and that nobody looks after is taken over, not doubled.

    RuleBroken: owned by somebody (code `owned`; no name outside the actor's reach), so like a known one that it is taken for the same
    (`duplicate`), perhaps the same without `not_same_because` (`candidates`), a wrong number, no name, a full owner (`lead_cap`).
    Two people at once with the same key: the unique identifier lets one through, the other finds it owned (invariant 30).
    """
    can_open_deal(user=actor).require()
    known = _holder(facts)
    if known is None:
        try:
            with transaction.atomic():
                company = register_company(actor=actor, now=now, facts=facts, source=terms.source, not_same_because=not_same_because)
        except RuleBroken as error:
            known = _holder(facts) if error.code == "taken" else None
            if known is None:
                raise
        else:
            known = company.pk
    return open_deal(company_id=known, terms=terms, actor=actor, now=now, not_same_because=not_same_because)


def _holder(facts: CompanyFacts) -> int | None:
    """The company that holds one of the exact keys."""
    try:
        keys = [identifier.key for identifier in facts.identifiers]
    except IdentifierError as error:
        raise wrong("identifiers", error.message, code=error.code) from error
    return next(iter(taken(keys).values()), None) if keys else None


@transaction.atomic
def open_deal(*, company_id: int, terms: Terms, actor: Any, now: dt.datetime, not_same_because: str = "") -> Deal:
    """Begin a pursuit of a company that we know. It starts as a lead where the company is identified, else as a suspect (domain 2.3).

    Company.DoesNotExist where hidden. NotAllowed for who takes up no prospects, or not for that owner. RuleBroken: no source, somebody
    looks after the company (code `owned`), more business with a client of somebody else, a full owner (code `lead_cap`).
    """
    can_open_deal(user=actor).require()
    owner = _owner(terms, actor)
    can_open_deal_for(user=actor, owner=owner).require()
    company, post = locked_company(company_id, actor=actor), owning_post(owner)
    _require_choices(terms)
    _require_free(company, terms.kind, owner=owner, actor=actor)
    deal = Deal(
        company=company,
        sort_key=company.sort_key,
        kind=DealKind(terms.kind),
        source=terms.source,
        opened_at=now,
        stage_since=now,
        stage=Stage.LEAD if is_identified(company.pk) else Stage.SUSPECT,
        not_same_because=line(not_same_because, field="not_same_because"),
        created_by=actor,
        **owner_columns(post),
    )
    deal.currency, today = deal.centre.currency, local_day(deal.centre, now)
    fill(deal, terms.values, actor=actor, today=today)
    deal.stale_on = stale_after(deal.stage, since=today, centre=deal.centre)
    if is_lead(deal):
        require_room(owner, post=post, on=today)
    protect(deal, active_on=today)
    _insert(deal, company, post=post, actor=actor, now=now)
    tell(deal, DealEventKind.OPENED, actor=actor, now=now, facts={"source": deal.source})
    plan_next_step(deal, actor=actor, now=now)
    return deal


def _insert(deal: Deal, company: Company, *, post: Any, actor: Any, now: dt.datetime) -> None:
    """Coverage and deal. Of two at once the unique constraints let one through."""
    if deal.kind == DealKind.NEW:
        try:
            take_on(company=company, kind=CoverageKind.PROSPECT, post=post, actor=actor, now=now)
        except RuleBroken:
            raise _owned(list(company.coverage.current().select_related("owner")), actor) from None
    try:
        with transaction.atomic():
            deal.record(actor=actor)
    except IntegrityError:
        if not Deal.objects.filter(company=company, kind=DealKind.NEW).open().exists():
            raise
        raise _owned(list(company.coverage.current().select_related("owner")), actor) from None


def _owner(terms: Terms, actor: Any) -> Any:
    if terms.owner_id is None or terms.owner_id == actor.pk:
        return actor
    owner = get_user_model().objects.colleagues_of(actor).filter(pk=terms.owner_id).first()
    if owner is None:
        raise wrong("owner", _("Pick a relationship manager."))
    return owner


def _require_choices(terms: Terms) -> None:
    if terms.source not in Source.values:
        raise wrong("source", _("Say how we came to this company."))
    if terms.kind not in DealKind.values:
        raise wrong("kind", _("Pick one of the choices."))


def _require_free(company: Company, kind: str, *, owner: Any, actor: Any) -> None:
    """A new client is pursued where nobody looks after the company; more business by whoever looks after the client."""
    covered = company.current_coverage
    if kind == DealKind.NEW:
        if covered:
            raise _owned(covered, actor)
    elif not any(row.kind == CoverageKind.CLIENT and row.owner_id == owner.pk for row in covered):
        raise wrong("kind", _("Only whoever looks after a client pursues more business with it."), code="not_client")


def _owned(covered: Sequence[Coverage], actor: Any) -> RuleBroken:
    """Somebody looks after it: who, only within the actor's own reach."""
    answer, owner = _answer(covered, actor)
    sentence = _("%(name)s looks after this company.") % {"name": owner.name} if owner else CoverAnswer(answer).label
    return RuleBroken(sentence, code="owned")


def _answer(covered: Sequence[Coverage], actor: Any) -> tuple[CoverAnswer, Any]:
    reach = actor.actor.reach()
    near = next((row for row in covered if reach.covers(row)), None)
    if near is not None:
        return CoverAnswer.OWN, near.owner
    return (CoverAnswer.COVERED if covered else CoverAnswer.CLEAR), None


@dataclass(frozen=True, slots=True)
class Coverer:
    """The answer to "who covers this company?", and of which. `owner` only within the asker's reach; no `company` where none is known."""

    answer: CoverAnswer
    owner: Any = None
    company: Company | None = None


@transaction.atomic
def ask_coverage(*, asked: str, actor: Any, now: dt.datetime, company_id: int | None = None) -> Coverer:
    """Whether somebody looks after a company, and nothing else. Each question is logged (domain 2.4, invariant 37).

    By `company_id`, or by what was asked for: a number, or a name under which any company that is looked after may be meant.
    """
    can_ask_coverage(user=actor).require()
    words = line(asked, field="asked", needed=_("Type a name or a number."))
    found = [Company.objects.visible_to(actor).get(pk=company_id)] if company_id else companies_meant(words, actor=actor, now=now)
    covered = list(Coverage.objects.current().filter(company__in=found).select_related("owner").order_by("kind"))
    answer, owner = _answer(covered, actor)
    meant = {company.pk: company for company in found}[covered[0].company_id] if covered else next(iter(found), None)
    CoverageCheck.objects.create(asked=words[:200], company=meant, answer=answer, at=now, actor=actor, post=actor.actor.post())
    return Coverer(answer, owner, meant)


def companies_meant(words: str, *, actor: Any, now: dt.datetime) -> list[Company]:
    """The companies that may be meant, at most 20: of that number; else called so; else found by every word; else of a like name."""
    seen = Company.objects.visible_to(actor)
    numbered = list(seen.filter(pk__in=Identifier.objects.filter(value__iexact=words).values("company_id"))[:_ASKED_AMONG])
    called = numbered or best_matches(user=actor, query=words, at_most=_ASKED_AMONG)
    if called:
        return [one for one in called if words.casefold() in (one.name_en.casefold(), one.name_zh)] or called
    centre = actor.actor.centre
    jurisdiction = centre.jurisdiction if centre else Jurisdiction.HK
    likely = find_matches(CompanyFacts(names=[NewName(words)]), jurisdiction=jurisdiction, on=today_of(actor, now)).candidates
    return list(seen.filter(pk__in=[candidate.company_id for candidate in likely[:_ASKED_AMONG]]).order_by("sort_key", "pk"))
