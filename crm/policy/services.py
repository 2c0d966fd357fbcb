"""Changing figures by two people (invariant 43): what held stays, a new row begins and the one before ends."""

import datetime as dt
from dataclasses import replace
from typing import Any

from django.contrib.auth import get_user_model
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from crm.kernel.contributions import PolicyTable
from crm.kernel.errors import NotAllowed, RuleBroken
from crm.kernel.workflow import check_transition
from crm.kernel.worklist import WorkItem, WorkState
from crm.policy import permissions, rules, selectors
from crm.policy.choices import CENTRE_HEAD, CHANGE_TRANSITIONS, GRADE_KEYS, HEAD_OFFICE, TEAM_HEAD, ChangeState, WorkKindName
from crm.policy.models import Figure, FigureChange
from crm.policy.rules import Proposal

SUBJECT = FigureChange._meta.label_lower


@transaction.atomic
def propose_change(*, actor: Any, now: dt.datetime, proposal: Proposal) -> FigureChange:
    """Propose new figures of one table from a day on, for everybody or for one person. A second person decides.

    Raises NotAllowed for who may not, and RuleBroken where the day is past, a value does not fit its unit, nothing would change, the
    table has no such figure, more than the grade's is asked for by others than head office, or the same figures wait already.
    Figure.DoesNotExist where the actor sees no such table.
    """
    policy = selectors.policy_of(actor, proposal.table)
    if policy is None:
        raise Figure.DoesNotExist
    person = _person(proposal.person_id)
    if person is None:
        permissions.can_propose(user=actor, policy=policy).require()
    else:
        permissions.can_propose_for(user=actor, policy=policy, person=person).require()
    _check_terms(proposal, now)
    proposal = replace(proposal, values={key: _read(policy, key, value, person) for key, value in proposal.values.items()})
    change = FigureChange(
        table=policy.name,
        jurisdiction=proposal.jurisdiction,
        person=person,
        values=proposal.values,
        effective_from=proposal.effective_from,
        reason=" ".join(proposal.reason.split()),
        proposed_by=actor,
        proposed_grade=permissions.grade_of(actor),
    )
    _weigh(change, policy)
    _check_not_waiting(change)
    change.record(actor=actor, reason=change.reason)
    _ask(change, policy, actor)
    return change


def _person(person_id: int | None) -> Any:
    if person_id is None:
        return None
    person = get_user_model()._default_manager.filter(pk=person_id, is_active=True).first()
    if person is None:
        raise RuleBroken(_("Choose a person."), fields={"person": _("Choose a person.")})
    return person


def _check_terms(proposal: Proposal, now: dt.datetime) -> None:
    if not proposal.reason.strip():
        raise RuleBroken(_("Say why."), fields={"reason": _("Say why.")})
    if proposal.effective_from < timezone.localdate(now):
        sentence = _("What held in the past stays: choose today or a later day.")
        raise RuleBroken(sentence, fields={"effective_from": sentence})
    if not proposal.values:
        raise RuleBroken(_("Change one figure at least."))


def _read(policy: PolicyTable, key: str, value: Any, person: Any) -> Any:
    return None if value is None and person is not None else rules.read(policy, key, value)


def _weigh(change: FigureChange, policy: PolicyTable) -> None:
    """Set what stood before and whether it gives more than the grade; RuleBroken where it cannot be or would change nothing."""
    stands = selectors.values_on(policy, on=change.effective_from, jurisdiction=change.jurisdiction, person_id=change.person_id)
    general = _general(change)
    for key, value in change.values.items():
        if key not in general:
            raise RuleBroken(_("This table has no figure “%(key)s”.") % {"key": key}, fields={key: _("There is no such figure.")})
        if value is None and key not in stands:
            raise RuleBroken(_("This person has no figure of their own."), fields={key: _("This person has no figure of their own.")})
    # Who has no figure of their own yet has the grade's; a jurisdiction without a row of its own has the one for everywhere.
    change.before = {key: stands.get(key, general[key]) for key in change.values}
    same = [key for key, value in change.values.items() if value == change.before[key]]
    if same:
        sentence = _("It stands at this value already.")
        raise RuleBroken(sentence, fields=dict.fromkeys(same, sentence))
    change.is_raise = change.person is not None and any(
        value is not None and rules.is_more(value, general[key]) for key, value in change.values.items()
    )
    if change.person is not None:
        _check_fits(change, change.person)
    if change.is_raise and change.proposed_grade != permissions.TOP_GRADE:
        raise NotAllowed(_("Only head office gives one person more than their grade."))


def _general(change: FigureChange) -> dict[str, Any]:
    """Everybody's figures on the change's day in its jurisdiction; the person's own centre's where it names none."""
    jurisdiction = change.jurisdiction
    if change.person is not None and not jurisdiction:
        jurisdiction = next((post.unit.jurisdiction for post in change.person.actor.posts), "")
    rows = Figure.objects.filter(table=change.table, person=None).under(jurisdiction).on(change.effective_from)
    return dict(rows.order_by("jurisdiction").values_list("key", "value"))


def _check_fits(change: FigureChange, person: Any) -> None:
    """A figure by grade is that of a grade which the person holds."""
    foreign = [key for key in change.values if key in GRADE_KEYS and key not in person.actor.roles]
    if foreign:
        sentence = _("%(person)s does not hold this grade.") % {"person": person}
        raise RuleBroken(sentence, fields=dict.fromkeys(foreign, sentence))


def _check_not_waiting(change: FigureChange) -> None:
    waiting = FigureChange.objects.waiting().filter(table=change.table, jurisdiction=change.jurisdiction, person=change.person)
    if any(set(other.values) & set(change.values) for other in waiting):
        raise RuleBroken(_("A change of these figures waits for a decision already."))


def _ask(change: FigureChange, policy: PolicyTable, actor: Any) -> None:
    """Put it into the queue of those who decide: the person's centre head where a team head proposed, else all of head office."""
    post = actor.actor.post(HEAD_OFFICE, CENTRE_HEAD, TEAM_HEAD)
    to_centre = change.person is not None and not change.is_raise and post.role == TEAM_HEAD
    title = _now("%(table)s: new figures from %(day)s") % {"table": policy.label, "day": change.effective_from}
    WorkItem.objects.create(
        kind=WorkKindName.DECIDE,
        title=title[:300],
        unit_id=post.unit.centre_id if to_centre else None,
        role=CENTRE_HEAD if to_centre else HEAD_OFFICE,
        subject_type=SUBJECT,
        subject_id=change.pk,
        created_by=actor,
    )


def _locked(change_id: int, actor: Any) -> FigureChange:
    rows = FigureChange.objects.visible_to(actor).select_for_update(of=("self",)).select_related("person", "proposed_by")
    found: FigureChange = rows.get(pk=change_id)
    return found


@transaction.atomic
def approve_change(*, change_id: int, actor: Any, now: dt.datetime) -> FigureChange:
    """A second person approves: new rows begin on its day (today, where that is past), those before end then. Nothing that held changes.

    Raises NotAllowed for the proposer, the person concerned and who may not; InvalidTransition where it is decided already; RuleBroken
    where other figures were set meanwhile that it would run into.
    """
    change = _locked(change_id, actor)
    check_transition(CHANGE_TRANSITIONS, change.state, ChangeState.APPROVED)
    permissions.can_decide(user=actor, change=change).require()
    policy = selectors.contributed(change.table)
    if policy is None:
        raise RuleBroken(_("This table is not in use any more."))
    change.effective_from = max(change.effective_from, timezone.localdate(now))
    _lock_figures(change)
    _weigh(change, policy)
    permissions.can_decide(user=actor, change=change).require()
    fields = ["effective_from", "before", "is_raise"]
    _decide(change, ChangeState.APPROVED, actor=actor, now=now, fields=fields)
    try:
        with transaction.atomic():
            for key, value in change.values.items():
                _begin(change, key, value, actor=actor)
    except IntegrityError as error:
        raise RuleBroken(_("Somebody else changed these figures meanwhile. Look at them again.")) from error
    return change


def _rows(change: FigureChange) -> Any:
    return Figure.objects.filter(table=change.table, key__in=list(change.values), jurisdiction=change.jurisdiction, person=change.person)


def _lock_figures(change: FigureChange) -> None:
    """Whoever changes the same figures waits here, and reads them anew afterwards."""
    list(_rows(change).select_for_update(of=("self",)).order_by("pk").values_list("pk", flat=True))


def _begin(change: FigureChange, key: str, value: Any, *, actor: Any) -> None:
    day = change.effective_from
    rows = _rows(change).filter(key=key)
    if rows.filter(effective_from=day).exists():
        sentence = _("A figure begins on that day already: withdraw this and choose another day.")
        raise RuleBroken(sentence, fields={"effective_from": sentence})
    until = rows.filter(effective_from__gt=day).order_by("effective_from").values_list("effective_from", flat=True).first()
    before = rows.filter(Q(effective_to=None) | Q(effective_to__gt=day), effective_from__lt=day).first()
    if before:
        before.effective_to = day
        before.record(actor=actor, reason=change.reason, fields=["effective_to"])
    if value is None:
        return
    Figure(
        table=change.table,
        key=key,
        jurisdiction=change.jurisdiction,
        person=change.person,
        is_raise=change.is_raise,
        value=value,
        effective_from=day,
        effective_to=until,
        set_by=change.proposed_by,
        approved_by=actor,
        change=change,
    ).record(actor=actor, reason=change.reason)


def _decide(change: FigureChange, state: ChangeState, *, actor: Any, now: dt.datetime, fields: list[str], remark: str = "") -> None:
    change.state, change.decided_by, change.decided_at, change.remark = state, actor, now, remark
    change.record(actor=actor, reason=remark or change.reason, fields=["state", "decided_by", "decided_at", "remark", *fields])
    _close_work(change, actor=actor, now=now)


def _close_work(change: FigureChange, *, actor: Any, now: dt.datetime, state: WorkState = WorkState.DONE) -> None:
    for item in WorkItem.objects.open().filter(subject_type=SUBJECT, subject_id=change.pk):
        item.close(actor=actor, now=now, state=state)


@transaction.atomic
def refuse_change(*, change_id: int, actor: Any, now: dt.datetime, reason: str) -> FigureChange:
    """A second person refuses, and says why. Raises as `approve_change` does, and RuleBroken without a reason."""
    change = _locked(change_id, actor)
    check_transition(CHANGE_TRANSITIONS, change.state, ChangeState.REFUSED)
    permissions.can_decide(user=actor, change=change).require()
    words = " ".join(reason.split())
    if not words:
        raise RuleBroken(_("Say why."), fields={"reason": _("Say why.")})
    _decide(change, ChangeState.REFUSED, actor=actor, now=now, fields=[], remark=words)
    return change


@transaction.atomic
def withdraw_change(*, change_id: int, actor: Any, now: dt.datetime) -> FigureChange:
    """Who proposed it takes it back. Raises NotAllowed for others, InvalidTransition where it is decided already."""
    change = _locked(change_id, actor)
    check_transition(CHANGE_TRANSITIONS, change.state, ChangeState.WITHDRAWN)
    permissions.can_withdraw(user=actor, change=change).require()
    change.state, change.decided_at = ChangeState.WITHDRAWN, now
    change.record(actor=actor, reason=change.reason, fields=["state", "decided_at"])
    _close_work(change, actor=actor, now=now, state=WorkState.DROPPED)
    return change
