"""Who makes, records, cancels surprise visits, and who may read what is sealed (domain 1.2, 7.2). Pages and services ask the same."""

import datetime as dt
from typing import Any

from django.utils.translation import gettext_lazy as _

from credit.packs.querysets import CREDIT
from credit.surprises.choices import VisitState
from credit.surprises.models import SurpriseVisit
from crm.clients.models import Client
from crm.kernel.permission import ALLOWED, Permission, denied
from crm.staff.choices import RELATIONSHIP_ROLES, Role

READERS = (*RELATIONSHIP_ROLES, Role.TH, Role.RCH, Role.HO, Role.COMP, Role.AUD, *CREDIT, Role.CAD)


def can_read_monitoring(*, user: Any) -> Permission:
    """The business side, head office, compliance, audit and the credit department."""
    return ALLOWED if user.actor.has_role(*READERS) else denied(_("Your post reads nothing of monitoring."))


def reads(user: Any) -> bool:
    """For the menu."""
    return bool(can_read_monitoring(user=user))


def is_visitor(user: Any, visit: SurpriseVisit) -> bool:
    """One of those who make it."""
    return user.pk in (visit.visitor_id, visit.companion_id)


def can_check_in(*, user: Any, visit: SurpriseVisit) -> Permission:
    """A visitor, at the place."""
    if not is_visitor(user, visit):
        return denied(_("Only its visitors do this."))
    return ALLOWED if visit.state == VisitState.REVEALED else denied(_("You are checked in, or this visit is over."))


def can_record(*, user: Any, visit: SurpriseVisit, now: dt.datetime) -> Permission:
    """A visitor, from check-in on; a record may be changed for two working days."""
    if not is_visitor(user, visit):
        return denied(_("Only its visitors do this."))
    if visit.state not in (VisitState.AT_PLACE, VisitState.RECORDED):
        return denied(_("Check in at the place first."))
    if visit.edit_until is not None and now >= visit.edit_until:
        return denied(_("This record is closed for changes."))
    return ALLOWED


def can_cancel(*, user: Any, visit: SurpriseVisit) -> Permission:
    """The head of the client's centre alone, before check-in."""
    if not any(post.role == Role.RCH and post.unit_id == visit.centre_id for post in user.actor.posts):
        return denied(_("Only the centre head cancels a surprise visit."))
    return ALLOWED if visit.state == VisitState.REVEALED else denied(_("This visit is under way, or over."))


def can_go(*, user: Any, client: Client) -> Permission:
    """The client's own manager may go unannounced at any time."""
    owns = client.owner_id == user.pk and user.actor.has_role(*RELATIONSHIP_ROLES)
    return ALLOWED if owns else denied(_("The client’s relationship manager goes."))


def can_keep_premises(*, user: Any, client: Client) -> Permission:
    """The client's manager and their head."""
    heads = any(post.unit_id in (client.team_id, client.centre_id) and post.role in (Role.TH, Role.RCH) for post in user.actor.posts)
    return ALLOWED if heads or can_go(user=user, client=client) else denied(_("The client’s relationship manager or its head does this."))


def can_read_plan(*, user: Any) -> Permission:
    """Compliance alone; each reading is noted and told to the others."""
    return ALLOWED if user.actor.has_role(Role.COMP) else denied(_("Sealed draws are read by compliance alone."))
