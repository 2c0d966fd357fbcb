"""Who owns a lead and for how long: the cap under the owner's locked row, protection and its renewal, new owners (domain 2.4)."""

import datetime as dt
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from crm.companies.choices import CoverageKind
from crm.companies.services import end_coverage, take_on
from crm.companies.services.coverage import owner_columns
from crm.kernel.errors import RuleBroken
from crm.kernel.worklist import TimelineRow, WorkItem
from crm.policy import selectors as policy
from crm.staff.choices import RELATIONSHIP_ROLES
from crm.staff.models import Post
from crm.visits.models import Visit
from crm.visits.rules import counts_as_contact
from prospects.deals import rules
from prospects.deals.choices import LEAD_STAGES, DealEventKind, DealKind, Stage
from prospects.deals.models import Deal
from prospects.deals.permissions import can_assign_deal, can_assign_to
from prospects.deals.selectors import local_day, stale_after
from prospects.deals.services.traces import SUBJECT, line, locked_deal, plan_next_step, tell, wrong


def owning_post(owner: Any) -> Post:
    """The post in which somebody owns deals. RuleBroken for who is no relationship manager."""
    post = owner.actor.post(*RELATIONSHIP_ROLES)
    if post is None:
        raise wrong("owner", _("A prospect is owned by a relationship manager."))
    return post


def require_room(owner: Any, *, post: Post, on: dt.date) -> None:
    """Lock the owner's row, count the open protected leads, refuse one more than the cap of the owner's role, or their own, allows
    (domain 2.4).

    The lock is held until the surrounding transaction ends, so of two at once the second counts what the first has added.
    """
    get_user_model().objects.select_for_update(of=("self",), no_key=True).get(pk=owner.pk)
    centre = post.unit.centre or post.unit
    cap = int(policy.table("deals.lead_cap", jurisdiction=centre.jurisdiction, on=on, person=owner.pk)[post.role])
    held = Deal.objects.filter(owner=owner).protected_leads(on=on).count()
    if held >= cap:
        sentence = _("%(name)s holds %(held)s open leads; the most is %(cap)s. Close one or pass it on first.")
        raise wrong("owner", sentence % {"name": owner.name, "held": held, "cap": cap}, code="lead_cap")


def is_lead(deal: Deal) -> bool:
    """What the cap counts as long as its protection holds: the pursuit of a new client in its first stages."""
    return deal.is_open and deal.kind == DealKind.NEW and deal.stage in LEAD_STAGES


def protect(deal: Deal, *, active_on: dt.date) -> None:
    """Set how long the deal belongs to its owner, counted from an activity. Never shortens it."""
    figures = policy.table("deals.protection", jurisdiction=deal.centre.jurisdiction, on=active_on)
    until = rules.protected_until(
        opened_on=local_day(deal.centre, deal.opened_at),
        active_on=active_on,
        qualified=deal.qualified_at is not None,
        days=int(figures["days"]),
        months_unqualified=int(figures["months_unqualified"]),
    )
    deal.protected_until = max(until, deal.protected_until) if deal.protected_until else until


@transaction.atomic
def assign(*, deal_id: int, owner_id: int, reason: str, actor: Any, now: dt.datetime) -> Deal:
    """Give a deal to another owner, who gets a fresh protection. The coverage goes with it; visits and contacts stay where they are.

    Team heads within their team, centre heads within their centre. RuleBroken without a reason, for the owner that it has, for a full
    owner (code `lead_cap`), and for a company that is a client already: whoever looks after the client pursues it.
    """
    deal = locked_deal(deal_id, actor=actor)
    can_assign_deal(user=actor, deal=deal).require()
    why = line(reason, field="reason", needed=_("Say why."))
    owner = get_user_model().objects.colleagues_of(actor).filter(pk=owner_id).first()
    if owner is None or owner.pk == deal.owner_id:
        raise wrong("owner", _("Pick another owner."))
    can_assign_to(user=actor, owner=owner).require()
    _require_prospect(deal)
    post, before, today = owning_post(owner), deal.owner_id, local_day(deal.centre, now)
    if is_lead(deal):
        require_room(owner, post=post, on=today)
    end_coverage(company=deal.company, kind=CoverageKind.PROSPECT, actor=actor, now=now)
    take_on(company=deal.company, kind=CoverageKind.PROSPECT, post=post, actor=actor, now=now)
    for column, value in owner_columns(post).items():
        setattr(deal, column, value)
    protect(deal, active_on=today)
    deal.version += 1
    deal.record(actor=actor, reason=why, fields=["owner", "team", "centre", "protected_until", "version"])
    _rescope(deal)
    tell(deal, DealEventKind.ASSIGNED, actor=actor, now=now, reason=why, facts={"from_owner": before, "to_owner": owner.pk})
    plan_next_step(deal, actor=actor, now=now)
    return deal


@transaction.atomic
def follow_client(*, client: Any, before_id: int, post: Post, actor: Any, now: dt.datetime) -> int:
    """A client went to another manager: its open deals that the manager before held go along. Returns how many.

    For the transfer itself, which has judged it; no person calls it.
    """
    deals = Deal.objects.select_for_update(of=("self",)).filter(company_id=client.company_id, kind=DealKind.EXISTING, owner_id=before_id)
    moved = list(deals.open().order_by("pk"))
    for deal in moved:
        for column, value in owner_columns(post).items():
            setattr(deal, column, value)
        deal.version += 1
        deal.record(actor=actor, reason="client_transfer", fields=["owner", "team", "centre", "version"])
        _rescope(deal)
        tell(deal, DealEventKind.ASSIGNED, actor=actor, now=now, facts={"from_owner": before_id, "to_owner": post.user_id})
    return len(moved)


def _require_prospect(deal: Deal) -> None:
    if deal.kind == DealKind.EXISTING or not deal.company.coverage.current().filter(kind=CoverageKind.PROSPECT).exists():
        raise RuleBroken(_("This company is a client. Whoever looks after the client pursues it."), code="client_already")


def _rescope(deal: Deal) -> None:
    """What is told and asked about the deal moves into the new owner's scope."""
    scope = {"owner_id": deal.owner_id, "team_id": deal.team_id, "centre_id": deal.centre_id}
    TimelineRow.objects.filter(subject_type=SUBJECT, subject_id=deal.pk).update(**scope)
    asked = WorkItem.objects.open().filter(subject_type="deals.evidence", subject_id__in=deal.evidence.values("pk"), unit__kind="team")
    asked.update(unit_id=deal.team_id)


@transaction.atomic
def record_activity(*, deal_id: int, at: dt.datetime, actor: Any, now: dt.datetime) -> Deal:
    """A substantive activity (two-way call, meeting, proposal) renews the protection (domain 2.4) and, in nurture, the 90 days of contact.

    Safe to run twice. A lead whose protection had lapsed is protected anew only where its owner has room for it under the cap. Called for
    the system by outbox tasks, hence no permission.
    """
    Deal.objects.select_for_update(of=("self",)).get(pk=deal_id)
    deal = Deal.objects.select_related("company", "owner", "centre").get(pk=deal_id)
    if not deal.is_open or at < deal.opened_at or (deal.last_activity_at is not None and at <= deal.last_activity_at):
        return deal
    active_on, today = local_day(deal.centre, at), local_day(deal.centre, now)
    deal.last_activity_at = at
    fields = ["last_activity_at"]
    if deal.protected_until >= today or not is_lead(deal) or _has_room(deal, today):
        protect(deal, active_on=active_on)
        fields.append("protected_until")
    if deal.stage == Stage.NURTURE:
        deal.stale_on = stale_after(deal.stage, since=active_on, centre=deal.centre)
        fields.append("stale_on")
    deal.record(actor=actor, fields=fields)
    tell(deal, DealEventKind.ACTIVITY, actor=actor, now=now, facts={"at": at.isoformat(), "protected_until": str(deal.protected_until)})
    return deal


def _has_room(deal: Deal, today: dt.date) -> bool:
    try:
        require_room(deal.owner, post=owning_post(deal.owner), on=today)
    except RuleBroken:
        return False
    return True


def renew_after_visit(*, visit_id: int, actor: Any, now: dt.datetime) -> int:
    """A visit or call was logged: renew the open deals of its company where somebody was spoken to. Returns how many there were."""
    visit = Visit.objects.filter(pk=visit_id).first()
    if visit is None or visit.happened_at is None or not counts_as_contact(kind=visit.kind, two_way=visit.two_way):
        return 0
    ids = list(Deal.objects.filter(company_id=visit.company_id).open().values_list("pk", flat=True))
    for deal_id in ids:
        record_activity(deal_id=deal_id, at=visit.happened_at, actor=actor, now=now)
    return len(ids)
