"""What the clock does: events are held, what is not reported expires, what is not claimed in time is not paid."""

import datetime as dt

from django.db import transaction

from crm.hospitality import rules, selectors
from crm.hospitality.choices import TRANSITIONS, UNREPORTED, Act, OwnCost, State, Work
from crm.hospitality.models import HospitalityRequest
from crm.hospitality.services import limiting, traces
from crm.hospitality.services.claiming import drop_open_extras
from crm.kernel.workflow import check_transition
from crm.kernel.worklist import WorkState

_BATCH = 200


def keep_terms(*, now: dt.datetime) -> int:
    """Bring every event up to the hour. Returns how many moved; safe to run at any time and twice."""
    due = [
        (HospitalityRequest.objects.filter(state__in=UNREPORTED, release_on__lt=now.date() - dt.timedelta(days=1)), _expire),
        (HospitalityRequest.objects.filter(state__in=(State.FREE, State.APPROVED), event_at__lte=now), _hold),
        (HospitalityRequest.objects.filter(state=State.SUBMITTED, event_at__lte=now), _lapse),
        (HospitalityRequest.objects.filter(state=State.REPORTED, claim_due_at__lt=now, paid__gt=0), _unclaimed),
    ]
    return sum(move(pk, now=now) for rows, move in due for pk in list(rows.order_by("pk").values_list("pk", flat=True)[:_BATCH]))


def _locked(event_id: int) -> HospitalityRequest:
    HospitalityRequest.objects.select_for_update(of=("self",)).values_list("pk").get(pk=event_id)
    return HospitalityRequest.objects.select_related("centre", "team", "company", "owner").get(pk=event_id)


@transaction.atomic
def _hold(event_id: int, *, now: dt.datetime) -> bool:
    event = _locked(event_id)
    if event.state not in (State.FREE, State.APPROVED) or event.event_at > now:
        return False
    check_transition(TRANSITIONS, event.state, State.HELD)
    event.state = State.HELD
    event.record(actor=None, fields=["state"])
    traces.step(event, Act.HOLD, actor=None, now=now)
    return True


@transaction.atomic
def _expire(event_id: int, *, now: dt.datetime) -> bool:
    """Thirty days unreported: the reserve is free again, and the claim refused unless the centre head reopens it (domain 4.4)."""
    event = _locked(event_id)
    if event.state not in UNREPORTED:
        return False
    check_transition(TRANSITIONS, event.state, State.EXPIRED)
    held = event.reserved
    limiting.release(event, figures=selectors.setting_of(event).figures, actor=None, now=now)
    event.state = State.EXPIRED
    event.record(actor=None, fields=["state", "reserved"])
    traces.step(event, Act.EXPIRE, actor=None, now=now, released=held)
    traces.close(event, Work.REPORT, actor=None, now=now, state=WorkState.DROPPED)
    return True


@transaction.atomic
def _lapse(event_id: int, *, now: dt.datetime) -> bool:
    """Nobody decided before the event: it goes back to the host, for nothing is approved afterwards."""
    event = _locked(event_id)
    if event.state != State.SUBMITTED or event.event_at > now:
        return False
    check_transition(TRANSITIONS, event.state, State.RETURNED)
    event.state = State.RETURNED
    event.record(actor=None, fields=["state"])
    traces.step(event, Act.RETURN, actor=None, now=now)
    traces.close(event, Work.DECIDE, Work.CONSENT, actor=None, now=now, state=WorkState.DROPPED)
    return True


@transaction.atomic
def _unclaimed(event_id: int, *, now: dt.datetime) -> bool:
    """Not claimed in time: what was set aside is free again."""
    event = _locked(event_id)
    if event.state != State.REPORTED or not event.paid or event.claim_due_at is None or event.claim_due_at >= now:
        return False
    figures = selectors.setting_of(event).figures
    limiting.lock(event, (), figures)
    limiting.spend(event, rules.ZERO, figures=figures, actor=None, now=now)
    event.own_reason = OwnCost.LATE
    event.record(actor=None, fields=["paid", "reserved", "own_reason"])
    traces.step(event, Act.EXPIRE, actor=None, now=now, reason=OwnCost.LATE)
    traces.close(event, Work.CLAIM, actor=None, now=now, state=WorkState.DROPPED)
    drop_open_extras(event, actor=None, now=now)
    return True
