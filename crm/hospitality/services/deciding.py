"""Compliance's consent, and the decision with its reservation."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from crm.hospitality import permissions, rules, selectors
from crm.hospitality.choices import TRANSITIONS, Act, Level, State, Work
from crm.hospitality.models import HospitalityRequest
from crm.hospitality.services import limiting, requests, traces
from crm.kernel.errors import RuleBroken
from crm.kernel.text import strip_controls
from crm.kernel.workflow import check_transition
from crm.kernel.worklist import WorkState
from crm.staff.choices import Role
from crm.visits.rules import closing_time

APPROVE, RETURN, REJECT, CONSENT = "approve", "return", "reject", "consent"


def reason_in(text: str) -> str:
    """A reason in a line. RuleBroken without one."""
    words = " ".join(strip_controls(text).split())
    if not words or len(words) > rules.LINE_LIMIT:
        raise RuleBroken(traces.no_reason(), fields={"reason": traces.no_reason()})
    return words


def _before(event: HospitalityRequest, now: dt.datetime) -> None:
    if event.event_at <= now:
        raise RuleBroken(_("The event has begun. Nothing can be approved afterwards."), code="too_late")


@transaction.atomic
def consent(*, event_id: int, actor: Any, now: dt.datetime, reason: str = "") -> HospitalityRequest:
    """Compliance consents, before the event; then the level decides. NotAllowed for others and for whoever sits at the table."""
    event = traces.locked(event_id, actor)
    permissions.can_consent(user=actor, event=event).require()
    _before(event, now)
    event.consented_by, event.consented_at = actor, now
    event.record(actor=actor, fields=["consented_by", "consented_at"])
    post = actor.actor.post(Role.COMP)
    traces.step(event, Act.CONSENT, actor=actor, now=now, post=post, reason=" ".join(strip_controls(reason).split()))
    traces.close(event, Work.CONSENT, actor=actor, now=now)
    traces.ask_for_decision(event, actor=actor, now=now, calendar=selectors.setting_of(event).calendar)
    return event


@transaction.atomic
def approve(*, event_id: int, actor: Any, now: dt.datetime, reason: str = "") -> HospitalityRequest:
    """Approve, and reserve the estimate in the host's month, the client's quarter and the guests' counts in the same transaction.

    The rules are asked anew: what stands beside the event may have changed since it was submitted. NotAllowed with the reason;
    RuleBroken where it goes to a higher level now, or has begun; LimitExceeded where a limit is too full.
    """
    event = traces.locked(event_id, actor)
    permissions.can_decide(user=actor, event=event).require()
    check_transition(TRANSITIONS, event.state, State.APPROVED)
    _before(event, now)
    setting = selectors.setting_of(event)
    way = rules.route(requests.facts_of(event, setting), setting.figures, host_role=event.host_role)
    if way.consent and event.consented_at is None:
        raise RuleBroken(_("Compliance consents first."), code="consent_first")
    post = permissions.deciding_post(actor, event, way.level or event.level)
    if post is None:
        raise RuleBroken(_("With what stands beside it this goes to another level now. Pass it up."), code="another_level")
    limiting.reserve(event, event.estimate, figures=setting.figures, actor=actor, now=now, post=post)
    event.state, event.approved, event.decided_by, event.decided_at = State.APPROVED, event.estimate, actor, now
    event.record(actor=actor, fields=["state", "approved", "reserved", "decided_by", "decided_at"])
    words = " ".join(strip_controls(reason).split())
    traces.step(event, Act.APPROVE, actor=actor, now=now, post=post, reason=words, amount=event.approved, level=post.role)
    traces.close(event, Work.DECIDE, actor=actor, now=now)
    traces.ask_for_report(event, actor=actor)
    return event


@transaction.atomic
def send_back(*, event_id: int, actor: Any, now: dt.datetime, reason: str, reject: bool = False) -> HospitalityRequest:
    """Return it to the host for another try, or reject it for good; compliance may do so where its consent is asked. With a reason."""
    event = traces.locked(event_id, actor)
    by_compliance = permissions.can_consent(user=actor, event=event)
    if not by_compliance:
        permissions.can_decide(user=actor, event=event).require()
    target = State.REJECTED if reject else State.RETURNED
    check_transition(TRANSITIONS, event.state, target)
    words = reason_in(reason)
    post = actor.actor.post(Role.COMP) if by_compliance else permissions.deciding_post(actor, event, event.level)
    event.state = target
    event.record(actor=actor, reason=words, fields=["state"])
    traces.step(event, Act.REJECT if reject else Act.RETURN, actor=actor, now=now, post=post, reason=words)
    for kind in (Work.DECIDE, Work.CONSENT):
        traces.close(event, kind, actor=actor, now=now)
    return event


@transaction.atomic
def pass_up(*, event_id: int, now: dt.datetime, actor: Any = None, reason: str = "") -> HospitalityRequest:
    """To the next level: by a decider with a reason, or by the clock (`actor` None). RuleBroken where head office has it already."""
    if actor is None:
        pk = HospitalityRequest.objects.select_for_update(of=("self",)).values_list("pk", flat=True).get(pk=event_id)
        event = HospitalityRequest.objects.select_related("centre", "team", "company", "owner").get(pk=pk)
    else:
        event = traces.locked(event_id, actor)
        permissions.can_decide(user=actor, event=event).require()
        reason = reason_in(reason)
    check_transition(TRANSITIONS, event.state, State.APPROVED)
    if event.level == Level.HO or (event.needs_consent and event.consented_at is None):
        raise RuleBroken(_("There is no level above that could take it."), code="top")
    event.level = rules.raised(event.level)
    event.record(actor=actor, reason=reason, fields=["level"])
    traces.step(event, Act.PASS_UP, actor=actor, now=now, reason=reason, level=event.level)
    traces.close(event, Work.DECIDE, actor=actor, now=now)
    traces.ask_for_decision(event, actor=actor, now=now, calendar=selectors.setting_of(event).calendar)
    return event


@transaction.atomic
def reopen(*, event_id: int, actor: Any, now: dt.datetime, reason: str) -> HospitalityRequest:
    """What expired unreported may be reported after all: its reserve is taken again, where there is room (domain 4.4)."""
    event = traces.locked(event_id, actor)
    permissions.can_reopen(user=actor, event=event).require()
    check_transition(TRANSITIONS, event.state, State.HELD)
    words = reason_in(reason)
    setting = selectors.setting_of(event)
    post = permissions.deciding_post(actor, event, Level.RCH)
    if event.approved:
        limiting.reserve(event, event.approved, figures=setting.figures, actor=actor, now=now, post=post)
    today = now.astimezone(setting.calendar.zone).date()
    event.state, event.release_on = State.HELD, today + dt.timedelta(days=setting.figures.terms["reopen_days"])
    event.report_due_at = closing_time(event.release_on, setting.calendar)
    event.claim_due_at = event.report_due_at
    event.record(actor=actor, reason=words, fields=["state", "reserved", "release_on", "report_due_at", "claim_due_at"])
    traces.step(event, Act.REOPEN, actor=actor, now=now, post=post, reason=words)
    traces.close(event, Work.REPORT, actor=actor, now=now, state=WorkState.DROPPED)
    traces.ask_for_report(event, actor=actor)
    return event
