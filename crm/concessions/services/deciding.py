"""Deciding what was asked for: grant, grant in part, refuse, return, pass up; the clock; and the word of credit."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from crm.concessions import permissions, rules, selectors, timing
from crm.concessions.choices import (
    TRANSITIONS,
    Act,
    CreditAct,
    CreditState,
    DecideAct,
    Level,
    State,
    TimelineName,
    WorkKindName,
)
from crm.concessions.models import Concession
from crm.concessions.rules import Terms
from crm.concessions.selectors import Asked, Assessment
from crm.concessions.services import asking, ruling, traces
from crm.concessions.services.ruling import Hand
from crm.kernel.errors import RuleBroken
from crm.kernel.workflow import check_transition


@dataclass(frozen=True)
class Decision:
    """What a decider says: the act, the reason (needed for all but a grant), and of a grant in part what is given."""

    act: DecideAct
    reason: str = ""
    terms: Terms | None = None


_TO_STATE = {
    DecideAct.APPROVE: State.APPROVED,
    DecideAct.PART: State.PART,
    DecideAct.REFUSE: State.REFUSED,
    DecideAct.RETURN: State.RETURNED,
    DecideAct.PASS_UP: State.REQUESTED,
}


@transaction.atomic
def decide(*, concession_id: int, actor: Any, now: dt.datetime, decision: Decision) -> Concession:
    """Decide a request, or hand it on. The authority is judged here and now, by the matrix of this instant (domain 5.3).

    Concession.DoesNotExist where hidden; NotAllowed for who does not serve its queue, asked, is in conflict or suspended;
    InvalidTransition where it is decided already; RuleBroken without a reason, for a part that is no less than what was asked, and where
    it needs another level by now; LimitExceeded, without a figure, where the decider's month is used up.
    """
    concession = traces.concession_of(concession_id, actor)
    check_transition(TRANSITIONS, concession.state, _TO_STATE[decision.act])
    permissions.can_decide(user=actor, concession=concession, now=now).require()
    reason = traces.tidy(decision.reason)
    if decision.act != DecideAct.APPROVE and not reason:
        raise RuleBroken(_("Say why."), fields={"reason": _("Say why.")})
    if len(reason) > rules.TEXT:
        raise RuleBroken(_("This is too long."), fields={"reason": _("This is too long.")})
    post = permissions.queue_post(user=actor, concession=concession)
    hand = Hand(actor, post, permissions.decision_level(user=actor, post=post), now)
    if decision.act == DecideAct.RETURN:
        return _return(concession, hand, reason)
    if decision.act == DecideAct.PASS_UP:
        return _pass_up(concession, hand, reason)
    return _rule(concession, hand, decision, reason)


def _assess(concession: Concession, terms: Terms, hand: Hand) -> Assessment:
    asked = Asked(concession.company, terms, concession.currency, concession.centre, concession.pk)
    return selectors.assess(asked, now=hand.now, person=hand.actor.pk, own=hand.level)


def _rule(concession: Concession, hand: Hand, decision: Decision, reason: str) -> Concession:
    traces.lock_group(concession.company)
    if decision.act == DecideAct.REFUSE:
        ruling.refuse(concession, _refusable(concession, hand), hand, reason=reason)
        act = Act.REFUSED
    else:
        closed = selectors.closed_for(concession.company, concession.kind, now=hand.now)
        if closed:
            raise RuleBroken(closed, code="closed")
        terms = _part(concession, decision.terms) if decision.act == DecideAct.PART else concession.asked_terms
        found = _assess(concession, terms, hand)
        if found.required > hand.level:
            raise RuleBroken(_("This is not yours to decide now. Pass it up."), code="goes_up")
        ruling.grant(concession, found, hand, outcome=_TO_STATE[decision.act], reason=reason, terms=terms)
        act = Act.PART if decision.act == DecideAct.PART else Act.APPROVED
    traces.note(concession, act, actor=hand.actor, now=hand.now, post=hand.post, words=reason, level=hand.level)
    traces.close_items(concession, WorkKindName.DECIDE, actor=hand.actor, now=hand.now)
    if concession.state == State.REFUSED:
        traces.close_items(concession, WorkKindName.CREDIT, actor=hand.actor, now=hand.now)
        if concession.credit_state == CreditState.OPEN:
            concession.credit_state = CreditState.NONE
            concession.record(actor=hand.actor, fields=["credit_state"])
    return concession


def _refusable(concession: Concession, hand: Hand) -> Assessment:
    found = _assess(concession, concession.asked_terms, hand)
    if found.required > hand.level:
        raise RuleBroken(_("This is not yours to decide now. Pass it up."), code="goes_up")
    return found


def _part(concession: Concession, terms: Terms | None) -> Terms:
    """The counter-value. RuleBroken where it is no less than what was asked, or more of anything."""
    asked = concession.asked_terms
    if terms is None or terms.kind != asked.kind:
        raise RuleBroken(_("Write how much you grant."))
    wrong = rules.wrong_terms(terms)
    for name in rules.FIELDS[asked.kind]:
        given, wanted = getattr(terms, name), getattr(asked, name)
        fixed = name in ("standard", "standard_bp", "limit")
        if name not in wrong and (given > wanted or (fixed and given != wanted)):
            wrong[name] = _("Not more than was asked for.")
    if wrong:
        raise RuleBroken(next(iter(wrong.values())), fields=wrong)
    given = rules.checked(terms)
    if given == asked:
        raise RuleBroken(_("A part is less than what was asked for."))
    return given


def _return(concession: Concession, hand: Hand, reason: str) -> Concession:
    concession.state, concession.question, concession.answer = State.RETURNED, reason, ""
    concession.record(actor=hand.actor, fields=["state", "question", "answer"])
    traces.note(concession, Act.RETURNED, actor=hand.actor, now=hand.now, post=hand.post, words=reason, level=hand.level)
    traces.close_items(concession, WorkKindName.DECIDE, actor=hand.actor, now=hand.now)
    calendar = traces.calendar_at(concession.centre, hand.now)
    day = calendar.add_working_days(ruling.local_day(hand.now, concession.centre), 1)
    traces.own_item(concession, WorkKindName.ANSWER, actor=None, due_at=timing.closing_time(day, calendar))
    return concession


def _pass_up(concession: Concession, hand: Hand, opinion: str) -> Concession:
    matrix = selectors.matrix(
        concession.kind, jurisdiction=concession.centre.jurisdiction, on=ruling.local_day(hand.now, concession.centre)
    )
    above = rules.next_level(matrix, Level(concession.queue_level or Level.TH))
    if above is None:
        raise RuleBroken(_("Nobody stands above. Decide it."))
    _move_up(concession, above, actor=hand.actor, now=hand.now)
    traces.note(concession, Act.PASSED_UP, actor=hand.actor, now=hand.now, post=hand.post, words=opinion, level=hand.level)
    return concession


def _move_up(concession: Concession, level: Level, *, actor: Any, now: dt.datetime) -> None:
    concession.queue_level = level
    concession.due_at = asking.decide_by(level, concession.centre, now)
    concession.record(actor=actor, fields=["queue_level", "due_at"])
    traces.close_items(concession, WorkKindName.DECIDE, actor=actor, now=now)
    traces.queue_item(concession, actor=actor)


@transaction.atomic
def escalate(*, concession_id: int, now: dt.datetime) -> Concession | None:
    """Pass a request up whose time is over; None where it is not, is decided, or nobody stands above: then it waits."""
    concession = traces.any_concession(concession_id)
    if concession.state != State.REQUESTED or concession.due_at is None or concession.due_at > now:
        return None
    on = ruling.local_day(now, concession.centre)
    matrix = selectors.matrix(concession.kind, jurisdiction=concession.centre.jurisdiction, on=on)
    was = Level(concession.queue_level or Level.TH)
    above = rules.next_level(matrix, was)
    if above is None:
        return None
    _move_up(concession, above, actor=None, now=now)
    traces.note(concession, Act.ESCALATED, actor=None, now=now, level=was)
    return concession


@transaction.atomic
def say_credit(*, concession_id: int, actor: Any, now: dt.datetime, act: CreditAct, reason: str = "") -> Concession:
    """The credit approver does not object, or stops it, within two working hours (domain 5.1). RuleBroken for a veto without a reason."""
    concession = traces.concession_of(concession_id, actor)
    permissions.can_say_credit(user=actor, concession=concession, now=now).require()
    words = traces.tidy(reason)[: rules.TEXT]
    post = next((post for post in actor.actor.deciding_posts if post.role == "CO"), None)
    if act == CreditAct.CLEAR:
        concession.credit_state = CreditState.CLEARED
        concession.record(actor=actor, fields=["credit_state"])
        traces.note(concession, Act.CLEARED, actor=actor, now=now, post=post, words=words)
    else:
        if not words:
            raise RuleBroken(_("Say why."), fields={"reason": _("Say why.")})
        check_transition(TRANSITIONS, concession.state, State.VETOED)
        _veto(concession, actor=actor, now=now, post=post, words=words)
    traces.close_items(concession, WorkKindName.CREDIT, actor=actor, now=now)
    return concession


def _veto(concession: Concession, *, actor: Any, now: dt.datetime, post: Any, words: str) -> None:
    concession.credit_state, concession.state, concession.ended_at = CreditState.VETOED, State.VETOED, now
    concession.queue_level, concession.outcome_reason = None, words
    on = ruling.local_day(now, concession.centre)
    figures = selectors.figures("tell", jurisdiction=concession.centre.jurisdiction, on=on)
    calendar = traces.calendar_at(concession.centre, now)
    window = timing.tell_window(concession.kind, decided_at=now, refused=True, calendar=calendar, figures=figures)
    concession.decided_at = concession.decided_at or now
    concession.tell_not_before, concession.tell_by = window.not_before, window.by
    names = ("credit_state", "state", "ended_at", "queue_level", "outcome_reason", "decided_at", "tell_not_before", "tell_by")
    concession.record(actor=actor, fields=list(names))
    traces.note(concession, Act.VETOED, actor=actor, now=now, post=post, words=words)
    traces.on_timeline(concession, TimelineName.REFUSED, actor=None, now=now)
    kinds = (WorkKindName.DECIDE, WorkKindName.ANSWER, WorkKindName.TELL, WorkKindName.PROMISE)
    traces.close_items(concession, *kinds, actor=actor, now=now)
    traces.own_item(concession, WorkKindName.TELL, actor=None, due_at=concession.tell_by)
