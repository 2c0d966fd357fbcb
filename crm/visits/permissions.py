"""Who may log, change, add to and sign visits. The services ask the same functions as the buttons."""

import datetime as dt
from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.companies.models import Company
from crm.companies.permissions import BUSINESS_ROLES, covers
from crm.kernel.permission import ALLOWED, Permission, denied
from crm.staff.choices import Role
from crm.staff.selectors import teammates
from crm.visits.choices import VisitState
from crm.visits.models import Promise, Visit

VISITORS = BUSINESS_ROLES


def is_visitor(user: Any) -> bool:
    """Holds a post that visits clients: relationship managers, team heads, centre heads."""
    return user.actor.has_role(*VISITORS)


def can_bring(*, user: Any) -> Permission:
    """Files: whoever visits, and head office, which entertains too."""
    return ALLOWED if user.actor.has_role(*VISITORS, Role.HO) else denied(_("Your post brings no files."))


def can_read_visits(*, user: Any) -> Permission:
    """Whoever's posts reach visits (domain 1.2, "Visit, call notes")."""
    reach = user.actor.reach()
    if reach.everything or reach.owner_id or reach.team_ids or reach.centre_ids:
        return ALLOWED
    return denied(_("Visits are read by relationship managers, their heads, head office, compliance and audit."))


def can_log(*, user: Any, company: Company) -> Permission:
    """Relationship managers for companies that they look after (clients or open deals); heads for those of their team or centre."""
    if not is_visitor(user):
        return denied(_("Visits and calls are logged by relationship managers and their heads."))
    if not covers(user=user, company=company):
        return denied(_("Neither you nor your team looks after this company. Open a prospect first, or ask who covers it."))
    return ALLOWED


def can_log_with(user: Any, record: Any) -> Permission:
    """`can_log` for a company, or whatever belongs to one, as a record's button asks it."""
    return can_log(user=user, company=getattr(record, "company", record))


def _was_there(user: Any, visit: Visit) -> bool:
    return visit.owner_id == user.pk or visit.bank_attendees.filter(user_id=user.pk).exists()


def can_change(*, user: Any, visit: Visit, now: dt.datetime) -> Permission:
    """The person who wrote it, until it is closed or signed (domain 3.3)."""
    if visit.owner_id != user.pk:
        return denied(_("Only the person who wrote it may change it."))
    if visit.state == VisitState.CANCELLED:
        return denied(_("This visit was cancelled."))
    if visit.signed_off_at is not None:
        return denied(_("This visit is signed off. Write an addendum."))
    if visit.is_locked(now):
        return denied(_("This visit is closed for changes since its fifth working day. Write an addendum."))
    return ALLOWED


def can_replan(*, user: Any, visit: Visit) -> Permission:
    """The person who planned it, as long as it is planned."""
    if visit.owner_id != user.pk:
        return denied(_("Only the person who planned it may change it."))
    return ALLOWED if visit.state == VisitState.PLANNED else denied(_("This visit is not planned any more."))


def can_attach(*, user: Any, visit: Visit, now: dt.datetime) -> Permission:
    """Whoever was there, until it is closed for changes."""
    if not _was_there(user, visit):
        return denied(_("Only those who were there attach to it."))
    if visit.state != VisitState.DONE:
        return denied(_("Log the visit first."))
    if visit.is_locked(now):
        return denied(_("This visit is closed for changes since its fifth working day. Write an addendum."))
    return ALLOWED


def can_add(*, user: Any, visit: Visit) -> Permission:
    """An addendum: whoever was there, at any time after it was logged."""
    if visit.state != VisitState.DONE:
        return denied(_("Log the visit first."))
    return ALLOWED if _was_there(user, visit) else denied(_("Only those who were there add to it."))


def can_sign_off(*, user: Any, visit: Visit) -> Permission:
    """The team head, or the centre head above; for a head's own visit the next one up. Nobody signs their own."""
    if not visit.needs_sign_off:
        return denied(_("This visit needs no signature."))
    if visit.signed_off_at is not None:
        return denied(_("This visit is signed off already."))
    if visit.owner_id == user.pk:
        return denied(_("Nobody signs off their own visit."))
    actor = user.actor
    heads = {post.unit_id for post in actor.posts if post.role == Role.TH}
    centres = {post.unit_id for post in actor.posts if post.role == Role.RCH}
    above_all = visit.team_id is None and actor.has_role(Role.HO)
    if visit.team_id in heads or visit.centre_id in centres or above_all:
        return ALLOWED
    return denied(_("The head of the team signs this visit."))


def can_keep_promise(*, user: Any, promise: Promise) -> Permission:
    """Who has to keep it, or who wrote down the visit."""
    if user.pk in (promise.owner_id, promise.visit.owner_id):
        return ALLOWED
    return denied(_("Only who made or keeps the promise may close it."))


def can_give_work(*, user: Any, to: Any, now: dt.datetime) -> Permission:
    """A task for oneself or a colleague of one's team or centre."""
    if to.pk == user.pk or teammates(user, now=now).filter(pk=to.pk).exists():
        return ALLOWED
    return denied(_("You can give work to colleagues of your own team only."))
