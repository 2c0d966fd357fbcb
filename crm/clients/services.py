"""Business operations on the banking relationship: opening it, its tier, its know-your-customer review, its status.

open_client(company_id=, actor=, now=, post=, opened_on=, kyc_risk=, tier=) -> Client
change_tier(client_id=, tier=, reason=, actor=, now=, version=) -> TierRow
review_kyc(client_id=, risk=, reviewed_on=, actor=, now=, version=), change_status(client_id=, status=, reason=, actor=, now=) -> Client
transfer_client(client_id=, owner_id=, reason=, actor=, now=) -> Client, move_client(client=, post=, reason=, actor=, now=)
"""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _

from crm.clients.choices import STATUS_TRANSITIONS, ClientEvent, ClientStatus, KycRisk, Tier
from crm.clients.models import Client, TierRow
from crm.clients.parts import TransferWitness
from crm.clients.permissions import (
    can_change_status,
    can_change_tier,
    can_open_client,
    can_receive,
    can_review_kyc,
    can_transfer_client,
)
from crm.clients.rules import NUMBER_PREFIX, add_months, customer_number
from crm.companies.choices import CoverageKind, IdentifierKind
from crm.companies.indexing import rebuild_keys
from crm.companies.models import Company
from crm.companies.rules import one_line
from crm.companies.services import end_coverage, take_on
from crm.companies.services.coverage import owner_columns
from crm.companies.services.locking import locked_company, refuse, today_of
from crm.kernel.contributions import of
from crm.kernel.errors import RuleBroken
from crm.kernel.models import Sequence
from crm.kernel.workflow import check_transition
from crm.kernel.worklist import TimelineRow, WorkItem
from crm.policy import selectors as policy
from crm.staff.choices import RELATIONSHIP_ROLES
from crm.staff.models import Post


@transaction.atomic
def open_client(
    *,
    company_id: int,
    actor: Any,
    now: dt.datetime,
    post: Post | None = None,
    opened_on: dt.date | None = None,
    kyc_risk: str = KycRisk.MEDIUM,
    tier: str = "",
) -> Client:
    """Make a company a client: its number, who looks after it, its first tier and KYC dates, a row on its timeline. Moves no row.

    `post` looks after it; without one, the post that looks after it as a prospect. A client that was closed opens again under its number.
    Company.DoesNotExist where hidden; NotAllowed for who does not look after it; RuleBroken where it is a client already (code
    `client_already`), or where `post` is missing and nobody looks after it.
    """
    company = locked_company(company_id, actor=actor)
    can_open_client(user=actor, company=company).require()
    post = post or _prospecting_post(company)
    day = opened_on or today_of(actor, now)
    client = Client.objects.filter(company=company).first() or Client(company=company, opened_on=day)
    if client.pk and client.status != ClientStatus.CLOSED:
        raise RuleBroken(_("This company is a client already."), code="client_already")
    if not client.pk:
        client.number = customer_number(day.year, Sequence.take(NUMBER_PREFIX, day.year))
    client.sort_key, client.status, client.closed_on = company.sort_key, ClientStatus.ONBOARDING, None
    for column, value in owner_columns(post).items():
        setattr(client, column, value)
    _set_kyc(client, kyc_risk, day)
    first_tier = tier or policy.table("clients.tier", jurisdiction=post.unit.jurisdiction, on=day)["initial"]
    client.tier = Tier(first_tier)
    client.record(actor=actor)
    _begin_tier(client, day=day, actor=actor)
    take_on(company=company, kind=CoverageKind.CLIENT, post=post, actor=actor, now=now)
    company.identifiers.get_or_create(kind=IdentifierKind.CUSTOMER, scope="", value=client.number, defaults={"source": "Rapport"})
    rebuild_keys([company.pk])
    _tell(client, ClientEvent.OPENED, client.number, actor=actor, now=now, facts={"tier": client.tier})
    return client


def _prospecting_post(company: Company) -> Post:
    for row in company.current_coverage:
        if row.post.role in RELATIONSHIP_ROLES:
            return row.post
    raise RuleBroken(_("Say who will look after this client."))


@transaction.atomic
def change_tier(*, client_id: int, tier: str, reason: str, actor: Any, now: dt.datetime, version: int | None = None) -> TierRow:
    """Set a tier by hand, with a reason. It ends after the months of policy `clients.tier` (domain 3.2: 12), unless changed before.

    Client.DoesNotExist where hidden; NotAllowed below team head; RuleBroken without a reason, for the tier it has, for a closed client;
    StaleVersion where `version`, the one that was shown, is not the one kept.
    """
    client = _locked_client(client_id, actor)
    can_change_tier(user=actor, client=client).require()
    why = one_line(reason)
    if client.status == ClientStatus.CLOSED:
        raise RuleBroken(_("This client is closed."))
    if not why:
        raise refuse("reason", _("Say why."))
    client.count_up(version, shown=("tier",))
    if tier == client.tier:
        raise refuse("tier", _("This is the client's tier already."))
    day, before = today_of(actor, now), client.tier
    months = policy.table("clients.tier", jurisdiction=_jurisdiction(client), on=day)["manual_months"]
    client.tier = Tier(tier)
    row = _begin_tier(client, day=day, actor=actor, reason=why, ends_on=add_months(day, int(months)))
    client.record(actor=actor, reason=why, fields=["tier", "version"])
    _tell(client, ClientEvent.TIER, f"{before or '–'} → {tier}", actor=actor, now=now, facts={"from": before, "to": tier, "reason": why})
    return row


@transaction.atomic
def review_kyc(*, client_id: int, risk: str, reviewed_on: dt.date, actor: Any, now: dt.datetime, version: int | None = None) -> Client:
    """Record a know-your-customer review; the next one falls due by risk (policy `clients.kyc_months`, domain 1.3 rule 8).

    Client.DoesNotExist where hidden; NotAllowed; RuleBroken for a day to come or before the last review, or for a closed client;
    StaleVersion where `version`, the one that was shown, is not the one kept.
    """
    client = _locked_client(client_id, actor)
    can_review_kyc(user=actor, client=client).require()
    if client.status == ClientStatus.CLOSED:
        raise RuleBroken(_("This client is closed."))
    client.count_up(version, shown={"risk": "kyc_risk"})
    if reviewed_on > today_of(actor, now):
        raise refuse("reviewed_on", _("This day is still to come."))
    if client.kyc_reviewed_on is not None and reviewed_on < client.kyc_reviewed_on:
        raise refuse("reviewed_on", _("A later review is recorded already."))
    _set_kyc(client, risk, reviewed_on)
    client.record(actor=actor, fields=["kyc_risk", "kyc_reviewed_on", "kyc_due_on", "version"])
    title = f"{reviewed_on.isoformat()} → {client.kyc_due_on:%Y-%m-%d}"
    _tell(client, ClientEvent.KYC, title, actor=actor, now=now, facts={"risk": risk, "due_on": f"{client.kyc_due_on:%Y-%m-%d}"})
    return client


@transaction.atomic
def change_status(*, client_id: int, status: str, reason: str, actor: Any, now: dt.datetime) -> Client:
    """Move the relationship on: active, dormant, closed. Closing it ends who looks after it and needs a reason.

    Client.DoesNotExist where hidden; NotAllowed; InvalidTransition where the state does not lead there; RuleBroken without a reason.
    """
    client = _locked_client(client_id, actor)
    can_change_status(user=actor, client=client).require()
    why, before = one_line(reason), ClientStatus(client.status)
    check_transition(STATUS_TRANSITIONS, before, status)
    client.status = ClientStatus(status)
    fields = ["status", "version"]
    if client.status == ClientStatus.CLOSED:
        if not why:
            raise refuse("reason", _("Say why."))
        client.closed_on = today_of(actor, now)
        client.tiers.filter(_running(client.closed_on)).update(to_on=client.closed_on)
        fields.append("closed_on")
        end_coverage(company=client.company, kind=CoverageKind.CLIENT, actor=actor, now=now)
    client.version += 1
    client.record(actor=actor, reason=why, fields=fields)
    facts = {"from": str(before), "to": status, "reason": why}
    _tell(client, ClientEvent.STATUS, why, actor=actor, now=now, facts=facts)
    return client


@transaction.atomic
def transfer_client(*, client_id: int, owner_id: int, reason: str, actor: Any, now: dt.datetime) -> Client:
    """Give a client to another manager of its centre, as the head of its team or centre.

    Client.DoesNotExist where hidden; NotAllowed for others, and where a feature stops it (a client with live credit is handed over by a
    signed list); RuleBroken without a reason, and for a manager who cannot receive it.
    """
    client = _locked_client(client_id, actor)
    can_transfer_client(user=actor, client=client).require()
    why = one_line(reason)
    if not why:
        raise refuse("reason", _("Say why."))
    owner = get_user_model().objects.colleagues_of(actor).filter(pk=owner_id).first()
    if owner is None:
        raise refuse("owner", _("Pick another manager."))
    allowed = can_receive(person=owner, client=client)
    if not allowed:
        raise refuse("owner", allowed.reason)
    move_client(client=client, post=owner.actor.post(*RELATIONSHIP_ROLES), reason=why, actor=actor, now=now)
    return client


def move_client(*, client: Client, post: Post, reason: str, actor: Any, now: dt.datetime) -> None:
    """From now on this post looks after the client: coverage, row, open work and what features hang on it. The caller holds its lock.

    For the services that have judged it: a plain transfer, and a handover by a signed list.
    """
    before_id = client.owner_id
    end_coverage(company=client.company, kind=CoverageKind.CLIENT, actor=actor, now=now)
    take_on(company=client.company, kind=CoverageKind.CLIENT, post=post, actor=actor, now=now)
    columns = owner_columns(post)
    for column, value in columns.items():
        setattr(client, column, value)
    client.version += 1
    client.record(actor=actor, reason=reason[:100], fields=["owner", "team", "centre", "version"])
    TimelineRow.objects.filter(company_id=client.company_id, owner_id=before_id).update(**columns)
    WorkItem.objects.open().filter(company_id=client.company_id, assignee_id=before_id).update(assignee_id=client.owner_id)
    for witness in of(TransferWitness):
        witness.follow(client=client, before_id=before_id, post=post, actor=actor, now=now)
    facts = {"from": before_id, "to": client.owner_id, "reason": reason}
    _tell(client, ClientEvent.TRANSFER, post.user.name, actor=actor, now=now, facts=facts)


def follow_names(*, company_ids: Iterable[int]) -> int:
    """Take over the sort keys of companies whose names changed. Safe to run twice. Returns how many clients were touched."""
    own = Company.objects.filter(pk=OuterRef("company_id")).values("sort_key")
    return Client.objects.filter(company_id__in=list(company_ids)).update(sort_key=Subquery(own))


def _locked_client(client_id: int, actor: Any) -> Client:
    # Locked without joins: PostgreSQL joins a row that it waited for with the others as they stood before.
    locked = Client.objects.visible_to(actor).select_for_update(of=("self",)).get(pk=client_id)
    return Client.objects.select_related("company", "centre").get(pk=locked.pk)


def _jurisdiction(client: Client) -> str:
    return client.centre.jurisdiction if client.centre else client.company.jurisdiction


def _set_kyc(client: Client, risk: str, reviewed_on: dt.date) -> None:
    months = policy.table("clients.kyc_months", jurisdiction=_jurisdiction(client), on=reviewed_on)[KycRisk(risk)]
    client.kyc_risk, client.kyc_reviewed_on = KycRisk(risk), reviewed_on
    client.kyc_due_on = add_months(reviewed_on, int(months))


def _running(day: dt.date) -> Q:
    return Q(to_on=None) | Q(to_on__gt=day)


def _begin_tier(client: Client, *, day: dt.date, actor: Any, reason: str = "", ends_on: dt.date | None = None) -> TierRow:
    """End the tier that runs, begin this one on the same day."""
    client.tiers.filter(_running(day)).update(to_on=day)
    return TierRow.objects.create(client=client, tier=client.tier, from_on=day, to_on=ends_on, reason=reason, set_by=actor)


def _tell(client: Client, kind: ClientEvent, title: str, *, actor: Any, now: dt.datetime, facts: dict[str, Any]) -> None:
    """Put it on the company's timeline, for those who look after the client."""
    TimelineRow.objects.create(
        company_id=client.company_id,
        kind=kind,
        at=now,
        actor=actor,
        owner_id=client.owner_id,
        team_id=client.team_id,
        centre_id=client.centre_id,
        title=title[:300],
        facts=facts,
        subject_type="clients.client",
        subject_id=client.pk,
    )
