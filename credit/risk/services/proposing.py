"""The slow way of a class: proposed by the manager, reviewed by the head, set by an approver of credit; only credit improves one."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from credit.packs.rules import line, reasoned
from credit.risk import permissions, rules, selectors
from credit.risk.choices import PROPOSAL_TRANSITIONS, Ground, ProposalState
from credit.risk.models import Movement, Proposal, Standing
from credit.risk.services.moving import Verdict, locked, move
from crm.kernel.errors import RuleBroken
from crm.kernel.workflow import check_transition
from crm.notifications.services import notify
from crm.staff.choices import Role
from crm.staff.selectors import holders

PENDING_KIND = "risk_proposal"


def _judge(standing: Standing, loan_class: int, grade: int | None, now: dt.datetime) -> None:
    """RuleBroken where the days allow no such class, where nothing would move, or where an improvement comes too early."""
    today = selectors.today_of(standing.client, now)
    known = selectors.figures(standing.client.centre.jurisdiction, today)
    rules.check_days(loan_class, standing.days_overdue, known.ladder)
    watch = selectors.watch_of(standing.client, known, today)
    to, held = (loan_class, str(known.risk_class(loan_class, grade, watch))), (standing.loan_class, standing.risk_class)
    if to == held and grade == standing.grade:
        raise RuleBroken(_("The class stands so already."))
    first_grade = standing.grade is None and loan_class == standing.loan_class
    if rules.is_better(to, held) and not first_grade:
        rules.check_observed(standing.since_on, int(known.rules["observation_months"]), today)


@transaction.atomic
def propose(*, standing_id: int, loan_class: int, grade: int | None, reason: str, actor: Any, now: dt.datetime) -> Proposal:
    """Propose a class and a grade. NotAllowed for others than the manager; RuleBroken at its field, or where it may not be yet."""
    standing = locked(standing_id, actor)
    permissions.can_propose(user=actor, standing=standing, pending=selectors.pending_of(standing)).require()
    rules.check_class(loan_class)
    rules.check_grade(grade)
    words = reasoned(reason)
    _judge(standing, loan_class, grade, now)
    proposal = Proposal.objects.create(
        standing=standing, loan_class=loan_class, grade=grade, reason=words, proposed_by=actor, proposed_at=now
    )
    client = standing.client
    role, unit = (Role.TH, client.team_id) if client.team_id else (Role.RCH, client.centre_id)
    _tell(proposal, set(holders(role=role, unit_id=unit, now=now)), "head", now)
    return proposal


def _tell(proposal: Proposal, people: set[int], key: str, now: dt.datetime) -> None:
    line_ = _("A risk class of %(client)s waits for you") % {"client": proposal.standing.client}
    told = {"key": f"{PENDING_KIND}:{proposal.pk}:{key}", "line": line_, "url": proposal.get_absolute_url()}
    notify(kind=PENDING_KIND, user_ids=people, now=now, **told)


def _proposal(proposal_id: int, actor: Any) -> Proposal:
    standing_id = Proposal.objects.visible_to(actor).values_list("standing_id", flat=True).get(pk=proposal_id)
    standing = locked(standing_id, actor)
    proposal: Proposal = Proposal.objects.select_for_update(of=("self",)).get(pk=proposal_id)
    proposal.standing = standing
    return proposal


@transaction.atomic
def review(*, proposal_id: int, note: str = "", actor: Any, now: dt.datetime) -> Proposal:
    """The head has looked at it. NotAllowed for others, and for who proposed; RuleBroken where it may not be any more."""
    proposal = _proposal(proposal_id, actor)
    permissions.can_review(user=actor, proposal=proposal).require()
    _judge(proposal.standing, proposal.loan_class, proposal.grade, now)
    check_transition(PROPOSAL_TRANSITIONS, proposal.state, ProposalState.REVIEWED)
    proposal.state, proposal.reviewed_by, proposal.reviewed_at = ProposalState.REVIEWED, actor, now
    proposal.review_note = line(note, rules.REASON)
    proposal.save(update_fields=["state", "reviewed_by", "reviewed_at", "review_note"])
    _tell(proposal, set(holders(role=Role.CO, unit_id=None, now=now)), "credit", now)
    return proposal


@transaction.atomic
def set_class(*, proposal_id: int, note: str = "", actor: Any, now: dt.datetime) -> Movement | None:
    """An approver of credit sets the class. NotAllowed for others and for the first two pairs of eyes; RuleBroken as when proposing."""
    proposal = _proposal(proposal_id, actor)
    permissions.can_set(user=actor, proposal=proposal).require()
    standing = proposal.standing
    _judge(standing, proposal.loan_class, proposal.grade, now)
    _end(proposal, ProposalState.SET, note, actor, now)
    today = selectors.today_of(standing.client, now)
    known = selectors.figures(standing.client.centre.jurisdiction, today)
    watch = selectors.watch_of(standing.client, known, today)
    verdict = Verdict(proposal.loan_class, proposal.grade, watch, Ground.SET, proposal.reason)
    return move(standing, verdict, known=known, actor=actor, now=now)


@transaction.atomic
def refuse(*, proposal_id: int, note: str, actor: Any, now: dt.datetime) -> Proposal:
    """The head or credit says no, with a reason. NotAllowed for whom it does not wait for."""
    proposal = _proposal(proposal_id, actor)
    permissions.can_refuse(user=actor, proposal=proposal).require()
    _end(proposal, ProposalState.REFUSED, reasoned(note, "note"), actor, now)
    people = {proposal.proposed_by_id}
    line_ = _("Your proposed class of %(client)s is refused") % {"client": proposal.standing.client}
    notify(kind=PENDING_KIND, user_ids=people, key=f"{PENDING_KIND}:{proposal.pk}:no", line=line_, url=proposal.get_absolute_url(), now=now)
    return proposal


@transaction.atomic
def withdraw(*, proposal_id: int, actor: Any, now: dt.datetime) -> Proposal:
    """The manager takes it back. NotAllowed for others, and once it is set."""
    proposal = _proposal(proposal_id, actor)
    permissions.can_withdraw(user=actor, proposal=proposal).require()
    _end(proposal, ProposalState.WITHDRAWN, "", actor, now)
    return proposal


def _end(proposal: Proposal, state: ProposalState, note: str, actor: Any, now: dt.datetime) -> None:
    check_transition(PROPOSAL_TRANSITIONS, proposal.state, state)
    proposal.state, proposal.ended_by, proposal.ended_at, proposal.end_note = state, actor, now, line(note, rules.REASON)
    proposal.save(update_fields=["state", "ended_by", "ended_at", "end_note"])
