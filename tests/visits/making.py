"""Companies, clients and visits as the tests of visits need them."""

import datetime as dt
from typing import Any

from crm.clients.models import Client
from crm.companies.choices import CoverageKind
from crm.companies.models import Company, Contact, Coverage
from crm.visits import services
from crm.visits.models import Visit
from crm.visits.rules import Entry
from tests.cast import NOW, Bank

_SINCE = dt.datetime(2025, 1, 1, tzinfo=dt.UTC)


def company(name: str = "Yau Tat Textiles", name_zh: str = "裕達紡織") -> Company:
    return Company.objects.create(name_en=name, name_zh=name_zh, sort_key=name.lower())


def cover(bank: Bank, owner: str, of: Company, kind: str = CoverageKind.CLIENT) -> Coverage:
    post = bank.post(owner)
    return Coverage.objects.create(
        company=of, kind=kind, post=post, owner=post.user, team=post.unit, centre=post.unit.centre, from_at=_SINCE
    )


def client(bank: Bank, owner: str = "rm", *, tier: str = "B", name: str = "Yau Tat Textiles", name_zh: str = "裕達紡織") -> Client:
    made = company(name, name_zh)
    row = cover(bank, owner, made)
    return Client.objects.create(
        company=made,
        number=f"C{made.pk}",
        sort_key=made.sort_key,
        tier=tier,
        status="active",
        opened_on=dt.date(2025, 1, 1),
        owner=row.owner,
        team=row.team,
        centre=row.centre,
    )


def contact(of: Company, name: str = "Ms Yau", **fields: Any) -> Contact:
    return Contact.objects.create(company=of, name_en=name, sort_key=name.lower(), **fields)


def entry(at: dt.datetime = NOW - dt.timedelta(hours=1), summary: str = "LC renewal: one point settled.", **values: Any) -> Entry:
    return Entry(happened_at=at, summary=summary, **values)


def log(actor: Any, of: Company, *, now: dt.datetime = NOW, **values: Any) -> Visit:
    at = values.pop("at", now - dt.timedelta(hours=1))
    return services.log_visit(actor=actor, now=now, company_id=of.pk, entry=entry(at, **values))


def plan(actor: Any, of: Company, *, at: dt.datetime = NOW + dt.timedelta(hours=2), now: dt.datetime = NOW, **values: Any) -> Visit:
    values.setdefault("objective", "Settle the second point of the LC")
    return services.plan_visit(actor=actor, now=now, company_id=of.pk, planned_at=at, **values)


def hk(day: int, hour: int = 10, month: int = 3) -> dt.datetime:
    """A Hong Kong time in 2026."""
    return dt.datetime(2026, month, day, hour, tzinfo=dt.timezone(dt.timedelta(hours=8)))
