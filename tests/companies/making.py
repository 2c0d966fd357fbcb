"""Companies, people and clients for tests, in a line each."""

import datetime as dt
from typing import Any

from crm.companies import services
from crm.companies.choices import ConsentBasis, CoverageKind
from crm.companies.models import Company, Contact
from crm.companies.rules import CompanyFacts, NewIdentifier, NewName
from tests import cast


def company(bank: cast.Bank, *names: str, numbers: tuple[NewIdentifier, ...] = (), **facts: Any) -> Company:
    """A company known by these names, registered by `rm`, that nobody looks after."""
    stated = CompanyFacts(names=[NewName(name) for name in names], identifiers=numbers, **facts)
    return services.register_company(actor=bank.rm, now=cast.NOW, facts=stated, not_same_because="Test")


def covered(bank: cast.Bank, *names: str, by: str = "rm", kind: CoverageKind = CoverageKind.CLIENT, **facts: Any) -> Company:
    """A company that somebody looks after."""
    made = company(bank, *names, **facts)
    services.take_on(company=made, kind=kind, post=bank.post(by), actor=bank.people[by], now=cast.NOW)
    return made


def contact(bank: cast.Bank, of: Company, name_en: str, *, by: str = "rm", **facts: Any) -> Contact:
    """A person of a company, with consent."""
    known = {"consent_basis": ConsentBasis.CONSENT, "consent_on": dt.date(2026, 1, 5)} | facts
    return services.add_contact(company_id=of.pk, facts={"name_en": name_en} | known, actor=bank.people[by], now=cast.NOW)
