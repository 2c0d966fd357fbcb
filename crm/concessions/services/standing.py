"""What takes somebody's own authority away: a declared conflict of interest, a suspension."""

import datetime as dt
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from crm.companies.models import Company
from crm.concessions import permissions, rules
from crm.concessions.models import Conflict, Suspension
from crm.concessions.services import traces
from crm.kernel.errors import InvalidTransition, RuleBroken


def _why(reason: str) -> str:
    words = " ".join(traces.tidy(reason).split())[: rules.LINE]
    if not words:
        raise RuleBroken(_("Say why."), fields={"reason": _("Say why.")})
    return words


def _unit_of(person: Any) -> Any:
    post = person.actor.post()
    return post.unit if post else None


@transaction.atomic
def declare_conflict(*, actor: Any, now: dt.datetime, company_id: int, reason: str) -> Conflict:
    """Declare a conflict of interest of one's own with a company: from now on no authority over it. Declared again, it is the same.

    Company.DoesNotExist where hidden; NotAllowed for who neither asks nor decides; RuleBroken without a reason.
    """
    company = Company.objects.visible_to(actor).get(pk=company_id)
    permissions.can_declare(user=actor, company=company).require()
    words = _why(reason)
    kept = Conflict.objects.select_for_update(of=("self",)).filter(person=actor, company=company, until=None).first()
    if kept is not None:
        return kept
    conflict = Conflict(person=actor, unit=_unit_of(actor), company=company, reason=words, since=now, said_by=actor)
    conflict.record(actor=actor)
    return conflict


@transaction.atomic
def end_conflict(*, conflict_id: int, actor: Any, now: dt.datetime, reason: str) -> Conflict:
    """A conflict is over: said by a head, head office or compliance, never by the person. InvalidTransition where it is over already."""
    conflict = Conflict.objects.visible_to(actor).select_for_update(of=("self",)).select_related("person").get(pk=conflict_id)
    permissions.can_end_standing(user=actor, standing=conflict).require()
    if conflict.until is not None:
        raise InvalidTransition(_("This is over already."))
    conflict.until = now
    conflict.record(actor=actor, reason=_why(reason)[:100], fields=["until"])
    return conflict


@transaction.atomic
def suspend(*, actor: Any, now: dt.datetime, person_id: int, reason: str) -> Suspension:
    """Suspend a person's authority from now on. NotAllowed for others than centre head, head office, compliance, and for oneself."""
    person = get_user_model().objects.colleagues_of(actor).filter(pk=person_id).first()
    if person is None:
        raise RuleBroken(_("Pick somebody who works here now."), fields={"person": _("Pick somebody who works here now.")})
    permissions.can_suspend(user=actor, person=person).require()
    words = _why(reason)
    kept = Suspension.objects.select_for_update(of=("self",)).filter(person=person, until=None).first()
    if kept is not None:
        return kept
    suspension = Suspension(person=person, unit=_unit_of(person), reason=words, since=now, said_by=actor)
    suspension.record(actor=actor)
    return suspension


@transaction.atomic
def lift_suspension(*, suspension_id: int, actor: Any, now: dt.datetime, reason: str) -> Suspension:
    """A suspension is over. InvalidTransition where it is already."""
    suspension = Suspension.objects.visible_to(actor).select_for_update(of=("self",)).select_related("person").get(pk=suspension_id)
    permissions.can_suspend(user=actor, person=suspension.person).require()
    if suspension.until is not None:
        raise InvalidTransition(_("This is over already."))
    suspension.until = now
    suspension.record(actor=actor, reason=_why(reason)[:100], fields=["until"])
    return suspension
