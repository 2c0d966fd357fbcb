"""Companies, people and clients for tests, in a line each."""

import datetime as dt
import json
import re
from typing import Any

from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from crm.clients.models import Client
from crm.clients.services import open_client
from crm.companies import services
from crm.companies.choices import ConsentBasis, CoverageKind
from crm.companies.models import Company, Contact
from crm.companies.rules import CompanyFacts, NewIdentifier, NewName
from crm.staff.services import create_token
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


def client_of(bank: cast.Bank, *names: str, by: str = "rm", **facts: Any) -> Client:
    """A client that somebody looks after."""
    pursued = covered(bank, *names, by=by, kind=CoverageKind.PROSPECT, **facts)
    return open_client(company_id=pursued.pk, actor=bank.people[by], now=cast.NOW)


def browser(user: Any) -> Browser:
    """A browser in which this person is signed in."""
    made = Browser()
    made.force_login(user)
    return made


def ask(user: Any, path: str, body: dict[str, Any] | None = None, *, method: str = "", **headers: str) -> Any:
    """The API's answer to this person: a GET, or a POST (or `method`) of a body."""
    sent = {"Authorization": f"Bearer {create_token(user=user, scopes=('read', 'write'))}"} | headers
    address = f"/api/v1/{path}"
    if body is None:
        return Browser().get(address, headers=sent)
    return Browser().generic(method or "POST", address, json.dumps(body), content_type="application/json", headers=sent)


def text(response: Any) -> str:
    """The page's content in one line."""
    return re.sub(r"\s+", " ", response.content.decode())


def statements(who: Browser, address: str, **headers: str) -> int:
    """How many statements a page costs, asked for a second time."""
    who.get(address, headers=headers)
    with CaptureQueriesContext(connection) as seen:
        assert who.get(address, headers=headers).status_code == 200
    return len(seen)
