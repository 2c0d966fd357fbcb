"""Companies and deals as the tests of deals need them, in a line each."""

import datetime as dt
from typing import Any

from crm.companies.choices import ConsentBasis, IdentifierKind
from crm.companies.models import Company, Contact
from crm.companies.rules import CompanyFacts, NewIdentifier, NewName
from prospects.deals import rules, services
from prospects.deals.choices import Criterion, Stage
from prospects.deals.models import Deal, Evidence
from tests.cast import NOW, Bank

TODAY = dt.date(2026, 3, 4)
USCC = NewIdentifier(IdentifierKind.USCC, "91440300708461136T")
ANOTHER = NewIdentifier(IdentifierKind.STOCK, "700", scope="HKEX")


def facts(*names: str, numbers: tuple[NewIdentifier, ...] = (), **more: Any) -> CompanyFacts:
    return CompanyFacts(names=[NewName(name) for name in names], identifiers=numbers, **more)


def prospect(
    actor: Any, name: str = "Wah Kong Logistics", *, now: dt.datetime = NOW, numbers: tuple[NewIdentifier, ...] = (), **terms: Any
) -> Deal:
    """A deal on a company that is new; `terms` are columns of the deal, or `source`, `kind`, `owner_id`."""
    named = {key: terms.pop(key) for key in ("kind", "owner_id") if key in terms}
    begun = rules.Terms(source=terms.pop("source", "INBOUND"), values=terms, **named)
    return services.start_prospect(facts=facts(name, numbers=numbers), terms=begun, actor=actor, now=now, not_same_because="Test")


def on_company(actor: Any, company: Company, *, now: dt.datetime = NOW, **terms: Any) -> Deal:
    """A deal on a company that we know."""
    named = {key: terms.pop(key) for key in ("kind", "owner_id") if key in terms}
    return services.open_deal(
        company_id=company.pk, terms=rules.Terms(source=terms.pop("source", "INBOUND"), values=terms, **named), actor=actor, now=now
    )


def in_stage(deal: Deal, stage: Stage, **columns: Any) -> Deal:
    """The deal as if it had come to a stage long ago; closes nothing and asks for nothing."""
    if "closed_at" in columns:
        columns["stage_since"] = columns["closed_at"]
    Deal.objects.filter(pk=deal.pk).update(stage=stage, **columns)
    deal.refresh_from_db()
    return deal


def said(text: str = "Seen on paper", on: dt.date = TODAY) -> rules.Statement:
    return rules.Statement(text, on)


def agreed(bank: Bank, deal: Deal, *criteria: Criterion, by: str = "head") -> None:
    """Stated by the owner and confirmed by the head."""
    for criterion in criteria:
        row = services.state_evidence(deal_id=deal.pk, criterion=criterion, statement=said(), actor=deal.owner, now=NOW)
        if criterion in rules.FOUR_EYES:
            services.confirm_evidence(evidence_id=row.pk, actor=bank.people[by], now=NOW)


def decider(deal: Deal, name: str = "Ms Chan", *, consent: bool = True) -> Contact:
    known = {"consent_basis": ConsentBasis.CONSENT, "consent_on": TODAY} if consent else {}
    return Contact.objects.create(company=deal.company, name_en=name, sort_key=name.lower(), is_decision_maker=True, **known)


def evidence(deal: Deal, criterion: Criterion) -> Evidence:
    return Evidence.objects.get(deal=deal, criterion=criterion)
