"""Clients, deals and people of the invented bank."""

import datetime as dt
import random
from collections.abc import Iterator
from decimal import Decimal
from itertools import cycle
from typing import TYPE_CHECKING, Any

from crm.clients.choices import ClientStatus, KycRisk, Tier
from crm.clients.models import Client, TierRow
from crm.companies.choices import ConsentBasis, ContactRole
from crm.companies.indexing import contact_keys_of
from crm.companies.models import Contact, ContactKey
from crm.companies.rules import sort_key
from prospects.deals.choices import LADDER, DealEventKind, DealKind, LostReason, Source, Stage
from prospects.deals.models import Deal, DealEvent
from tests.benchmarks.seeding.names import company_names, person_name

if TYPE_CHECKING:
    from tests.benchmarks.seeding.bank import Bank

Table = tuple[Any, tuple[str, ...], Iterator[tuple[Any, ...]]]
CLIENT, DEAL = "clients.client", "deals.deal"
PEOPLE_OF_CLIENT, PEOPLE_OF_PROSPECT = 2, 1

_CLIENT_COLUMNS = (
    "id", "company_id", "number", "sort_key", "status", "tier", "opened_on", "kyc_risk", "kyc_reviewed_on", "kyc_due_on",
    "owner_id", "team_id", "centre_id",
)  # fmt: skip
_DEAL_COLUMNS = (
    "id", "company_id", "sort_key", "kind", "stage", "stage_since", "stale_on", "source", "currency", "amount", "expected_income",
    "protected_until", "last_activity_at", "opened_at", "closed_at", "lost_reason", "revisit_on", "need", "next_step", "next_step_on",
    "owner_id", "team_id", "centre_id",
)  # fmt: skip
_EVENT_COLUMNS = ("deal_id", "kind", "to_stage", "at", "actor_id", "post_id")
_CONTACT_COLUMNS = (
    "id", "company_id", "name_en", "name_zh", "sort_key", "title", "role", "is_decision_maker", "phone", "email", "consent_basis",
    "consent_on",
)  # fmt: skip


def tables(bank: "Bank") -> list[Table]:
    """In the order in which they are written."""
    return [
        (Client, _CLIENT_COLUMNS, _clients(bank)),
        (TierRow, ("client_id", "tier", "from_on"), ((client, _tier(client), dt.date(2024, 1, 1)) for client, _ in _numbered(bank))),
        (Deal, _DEAL_COLUMNS, _deals(bank)),
        (DealEvent, _EVENT_COLUMNS, _deal_events(bank)),
        (Contact, _CONTACT_COLUMNS, _contacts(bank)),
        (ContactKey, ("contact_id", "key", "is_data"), _contact_keys(bank)),
    ]


def sort_keys(bank: "Bank") -> Iterator[str]:
    """The companies' own, in the order of their ids."""
    names = company_names(random.Random(bank.seed))
    return (sort_key(name.english, name.chinese) for name, _ in zip(names, range(bank.size), strict=False))


def _numbered(bank: "Bank") -> Iterator[tuple[int, int]]:
    return ((company_id // 5, company_id) for company_id in bank.clients)


def _tier(client: int) -> Tier:
    return (Tier.A, Tier.B, Tier.B, Tier.C, Tier.C, Tier.C, Tier.D)[client % 7]


def _clients(bank: "Bank") -> Iterator[tuple[Any, ...]]:
    keys = dict(enumerate(sort_keys(bank), 1))
    today = bank.now.date()
    statuses = cycle([ClientStatus.ACTIVE] * 8 + [ClientStatus.ONBOARDING, ClientStatus.DORMANT])
    for client, company_id in _numbered(bank):
        reviewed = today - dt.timedelta(days=client % 500)
        yield (
            client, company_id, f"C-2024-{client:05d}", keys[company_id], next(statuses), _tier(client),
            dt.date(2020, 1, 1) + dt.timedelta(days=client % 1500), KycRisk.MEDIUM, reviewed, reviewed + dt.timedelta(days=730),
            *bank.manager_of(company_id).scope,
        )  # fmt: skip


def _deals(bank: "Bank") -> Iterator[tuple[Any, ...]]:
    keys = dict(enumerate(sort_keys(bank), 1))
    today = bank.now.date()
    number = 0
    for number, company_id in enumerate(bank.pursued, 1):
        since = bank.now - dt.timedelta(days=number % 80, minutes=number % 1000)
        yield (
            number, company_id, keys[company_id], DealKind.NEW, LADDER[number % 11 % 8], since,
            today + dt.timedelta(days=number % 60 - 15), Source.LISTCO, "HKD", Decimal(1_000_000 + number),
            Decimal(20_000 + number), today + dt.timedelta(days=number % 170), since,
            bank.now - dt.timedelta(days=number % 80 + 30), None, "", None, "Trade lines", "Call again",
            today + dt.timedelta(days=number % 20),
            *bank.manager_of(company_id).scope,
        )  # fmt: skip
    for lost, company_id in enumerate(bank.lost, number + 1):
        since = bank.now - dt.timedelta(days=lost % 700)
        yield (
            lost, company_id, keys[company_id], DealKind.NEW, Stage.LOST, since, dt.date.max, Source.COLD, "HKD", None, Decimal(0),
            since.date(), since, since - dt.timedelta(days=60), since, LostReason.NO_NEED, today + dt.timedelta(days=lost % 300),
            "", "", None,
            *bank.manager_of(company_id).scope,
        )  # fmt: skip


def _deal_events(bank: "Bank") -> Iterator[tuple[Any, ...]]:
    for number, company_id in enumerate(bank.pursued, 1):
        manager = bank.manager_of(company_id)
        opened = bank.now - dt.timedelta(days=number % 80 + 30)
        yield number, DealEventKind.OPENED, Stage.SUSPECT, opened, manager.user_id, manager.post_id
        yield number, DealEventKind.ADVANCED, Stage.LEAD, opened + dt.timedelta(days=10), manager.user_id, manager.post_id


def _people(bank: "Bank") -> Iterator[tuple[int, int]]:
    """(contact id, company id): two of each client, one of each prospect."""
    number = 0
    for companies, each in ((bank.clients, PEOPLE_OF_CLIENT), (bank.pursued, PEOPLE_OF_PROSPECT)):
        for company_id in companies:
            for _ in range(each):
                number += 1
                yield number, company_id


def _contacts(bank: "Bank") -> Iterator[tuple[Any, ...]]:
    for number, company_id in _people(bank):
        english, chinese = person_name(number)
        yield (
            number, company_id, english, chinese, sort_key(english, chinese), "Finance Manager", ContactRole.FINANCE, number % 2 == 0,
            f"+852 9{number:07d}", f"person-{number}@company-{company_id}.example", ConsentBasis.CONSENT, dt.date(2024, 5, 1),
        )  # fmt: skip


def _contact_keys(bank: "Bank") -> Iterator[tuple[Any, ...]]:
    for number, _ in _people(bank):
        english, chinese = person_name(number)
        for key, is_data in contact_keys_of(Contact(name_en=english, name_zh=chinese, phone=f"+852 9{number:07d}")).items():
            yield number, key, is_data
