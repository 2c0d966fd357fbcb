"""Clients and requests as the tests of concessions need them."""

import datetime as dt
from decimal import Decimal
from typing import Any

from crm.clients.models import Client
from crm.companies.models import CompanyGroup
from crm.concessions import services
from crm.concessions.models import Concession
from crm.concessions.rules import Terms, Words
from crm.concessions.services import Decision, Order
from crm.kernel.contributions import Invariant, of
from crm.kernel.models import WorkItem
from tests.cast import NOW, Bank
from tests.visits import making

LATER = NOW + dt.timedelta(hours=1)


def client(bank: Bank, owner: str = "rm", **fields: Any) -> Client:
    return making.client(bank, owner, **fields)


def group_of(*clients: Client) -> CompanyGroup:
    group = CompanyGroup.objects.create(name_en="Yau Group")
    for one in clients:
        one.company.group = group
        one.company.save()
    return group


def terms(kind: str, **figures: Any) -> Terms:
    return Terms(kind, **{name: Decimal(str(value)) for name, value in figures.items()})


FEE = terms("CT3", amount=900, standard=3600)
MARGIN = terms("CT1", amount=12_000_000, bp=15, days=365)
EXCESS = terms("CT5", amount=250_000, days=4, limit=6_000_000)


def words(**said: Any) -> Words:
    return Words(**({"reason": "A rival offered less in writing", "sunset_on": dt.date(2026, 12, 31)} | said))


def order(what: Terms = MARGIN, *, currency: str = "", renews_id: int | None = None, **said: Any) -> Order:
    return Order(what, words(**said), currency, renews_id)


def ask(actor: Any, of: Client, what: Terms = MARGIN, *, now: dt.datetime = NOW, **said: Any) -> Concession:
    return services.request_concession(actor=actor, now=now, company_id=of.company_id, order=order(what, **said))


def exercise(actor: Any, of: Client, what: Terms = FEE, *, now: dt.datetime = NOW, **said: Any) -> Concession:
    return services.exercise_concession(actor=actor, now=now, company_id=of.company_id, order=order(what, **said))


def decide(
    actor: Any, concession: Concession, act: str = "approve", *, now: dt.datetime = NOW, reason: str = "", what: Any = None
) -> Concession:
    decision = Decision(services.deciding.DecideAct(act), reason, what)
    return services.decide(concession_id=concession.pk, actor=actor, now=now, decision=decision)


def open_item(concession: Concession, kind: str) -> WorkItem:
    return WorkItem.objects.open().get(subject_id=concession.pk, subject_type="concessions.concession", kind=kind)


def broken() -> list[str]:
    return [what for one in of(Invariant) if one.code.startswith("concessions.") for what in one.broken()]
