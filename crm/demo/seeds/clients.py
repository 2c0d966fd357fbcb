"""The banking relationships of the demo bank: clients in all states, their tiers, reviews, coverage and first timeline rows."""

import datetime as dt
from typing import Any

from crm.clients.choices import ClientEvent, ClientStatus, KycRisk
from crm.clients.models import Client, TierRow
from crm.clients.rules import NUMBER_PREFIX, add_months, customer_number
from crm.companies.choices import CoverageKind, IdentifierKind
from crm.companies.indexing import rebuild_keys
from crm.companies.models import Coverage, Identifier
from crm.demo import reading
from crm.demo.seeds.bank import Bank, insert, keep
from crm.kernel.models import Sequence, TimelineRow
from crm.policy import selectors as policy

_NUMBER_SOURCE = "Rapport"
_FIRST_TIER = "C"
_CLOSED_BECAUSE = "Moved the business to its parent's bank"
_DORMANT_BECAUSE = "No transaction and no word for half a year"


def plant(bank: Bank) -> None:
    """Clients with their coverage, customer numbers, tiers and what their timelines say of them."""
    rows = reading.rows("clients.csv")
    clients = keep(Client, (_client(bank, row) for row in sorted(rows, key=lambda row: -int(row["since_days_ago"]))))
    by_company = {client.company_id: client for client in clients}
    bank.clients = {row["company"]: by_company[bank.companies[row["company"]].pk] for row in rows}
    insert(Coverage, (_coverage(bank, row) for row in rows))
    insert(
        Identifier,
        (
            Identifier(company=client.company, kind=IdentifierKind.CUSTOMER, value=client.number, source=_NUMBER_SOURCE)
            for client in clients
        ),
    )
    insert(TierRow, (tier for row in rows for tier in _tiers(bank, row)))
    insert(TimelineRow, (shown for row in rows for shown in _timeline(bank, row)))
    rebuild_keys([client.company_id for client in clients])


def _client(bank: Bank, row: dict[str, str]) -> Client:
    company, owner = bank.companies[row["company"]], bank.owned_by(row["owner"])
    opened_on, due_on = bank.days_ago(int(row["since_days_ago"])), bank.days_ago(-int(row["kyc_due_in_days"]))
    months = policy.table("clients.kyc_months", jurisdiction=owner["centre"].jurisdiction, on=bank.today)[KycRisk(row["kyc_risk"])]
    return Client(
        company=company,
        sort_key=company.sort_key,
        number=customer_number(opened_on.year, Sequence.take(NUMBER_PREFIX, opened_on.year)),
        status=row["state"],
        tier=row["tier"],
        opened_on=opened_on,
        closed_on=bank.days_ago(int(row["state_days_ago"])) if row["state"] == ClientStatus.CLOSED else None,
        kyc_risk=row["kyc_risk"],
        kyc_reviewed_on=add_months(due_on, -int(months)),
        kyc_due_on=due_on,
        **owner,
    )


def _coverage(bank: Bank, row: dict[str, str]) -> Coverage:
    client = bank.clients[row["company"]]
    return Coverage(
        company=client.company,
        kind=CoverageKind.CLIENT,
        post=bank.posts[row["owner"]],
        from_at=bank.at(client.opened_on, 10),
        to_at=bank.at(client.closed_on, 17) if client.closed_on else None,
        **bank.owned_by(row["owner"]),
    )


def _tiers(bank: Bank, row: dict[str, str]) -> list[TierRow]:
    """The first tier, and where it was changed the one that runs; a key client's was set by the team head and ends in a year."""
    client = bank.clients[row["company"]]
    if client.tier == _FIRST_TIER:
        return [TierRow(client=client, tier=client.tier, from_on=client.opened_on, to_on=client.closed_on)]
    changed_on = max(client.opened_on, bank.days_ago(bank.dice.randint(60, 300)))
    first = TierRow(client=client, tier=_FIRST_TIER, from_on=client.opened_on, to_on=changed_on)
    runs = TierRow(client=client, tier=client.tier, from_on=changed_on, to_on=client.closed_on)
    if row["key_reason"]:
        runs.reason, runs.set_by, runs.to_on = row["key_reason"], bank.head_of(row["owner"]), add_months(changed_on, 12)
    return [runs] if first.from_on == first.to_on else [first, runs]


def _timeline(bank: Bank, row: dict[str, str]) -> list[TimelineRow]:
    """Opened, reviewed, asleep, closed: what happened to the relationship, within the last years."""
    client = bank.clients[row["company"]]
    rows = [_shown(bank, client, ClientEvent.OPENED, client.opened_on, client.number, {"tier": _FIRST_TIER})]
    if client.kyc_reviewed_on and client.kyc_reviewed_on > client.opened_on:
        title = f"{client.kyc_reviewed_on.isoformat()} → {client.kyc_due_on:%Y-%m-%d}"
        facts = {"risk": client.kyc_risk, "due_on": f"{client.kyc_due_on:%Y-%m-%d}"}
        rows.append(_shown(bank, client, ClientEvent.KYC, client.kyc_reviewed_on, title, facts))
    if row["state"] in {ClientStatus.DORMANT, ClientStatus.CLOSED}:
        why = _CLOSED_BECAUSE if client.closed_on else _DORMANT_BECAUSE
        facts = {"from": str(ClientStatus.ACTIVE), "to": row["state"], "reason": why}
        rows.append(_shown(bank, client, ClientEvent.STATUS, bank.days_ago(int(row["state_days_ago"])), why, facts))
    return rows


def _shown(bank: Bank, client: Client, kind: ClientEvent, day: dt.date, title: str, facts: dict[str, Any]) -> TimelineRow:
    return TimelineRow(
        company_id=client.company_id,
        kind=kind,
        at=bank.at(day, 17),
        actor_id=client.owner_id,
        owner_id=client.owner_id,
        team_id=client.team_id,
        centre_id=client.centre_id,
        title=title,
        facts=facts,
        subject_type="clients.client",
        subject_id=client.pk,
    )
