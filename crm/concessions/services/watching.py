"""What time does: clients not told in time, concessions that end, credit's silence, reminders of grants not taken up."""

import datetime as dt

from django.db import transaction
from django.db.models import Q

from crm.concessions.choices import GRANTED, STANDING, Act, CreditState, State, WorkKindName
from crm.concessions.models import Concession
from crm.concessions.services import deciding, ruling, telling, traces

BATCH = 500


def watch(*, now: dt.datetime) -> int:
    """Do what is due, each concession in a transaction of its own; safe to run twice. Returns how many were touched."""
    late = Q(told_at=None, tell_by__lt=now, late_noted_at=None, state__in=[*STANDING, State.REFUSED, State.VETOED])
    over = Q(state__in=STANDING, sunset_on__lt=now.date() + dt.timedelta(days=1))
    silent = Q(credit_state=CreditState.OPEN, credit_until__lt=now)
    waiting = Q(state=State.REQUESTED, due_at__lt=now)
    ids = list(Concession.objects.filter(late | over | silent | waiting).order_by("pk").values_list("pk", flat=True)[:BATCH])
    return sum(_watch_one(pk, now=now) for pk in ids)


def _watch_one(pk: int, *, now: dt.datetime) -> int:
    touched = 1 if deciding.escalate(concession_id=pk, now=now) else 0
    with transaction.atomic():
        concession = traces.any_concession(pk)
        return max([touched, *(int(step(concession, now)) for step in (_silence, _lateness, _end))])


def _silence(concession: Concession, now: dt.datetime) -> bool:
    """Credit did not object in time."""
    if concession.credit_state != CreditState.OPEN or concession.credit_until is None or concession.credit_until >= now:
        return False
    concession.credit_state = CreditState.CLEARED
    concession.record(actor=None, fields=["credit_state"])
    traces.note(concession, Act.CLEARED, actor=None, now=now)
    traces.close_items(concession, WorkKindName.CREDIT, actor=None, now=now)
    return True


def _lateness(concession: Concession, now: dt.datetime) -> bool:
    """The head hears that a client was not told in time, once."""
    if concession.told_at or concession.late_noted_at or concession.tell_by is None or concession.tell_by >= now:
        return False
    if concession.state not in (*STANDING, State.REFUSED, State.VETOED):
        return False
    concession.late_noted_at = now
    concession.record(actor=None, fields=["late_noted_at"])
    traces.head_item(concession, WorkKindName.LATE, due_at=None)
    return True


def _end(concession: Concession, now: dt.datetime) -> bool:
    """After its last day a concession is over and the card rate holds; one that was never in force lapses, and its room is free."""
    if ruling.local_day(now, concession.centre) <= concession.sunset_on:
        return False
    if concession.state == State.APPLIED:
        telling.end(concession, State.EXPIRED, Act.EXPIRED, actor=None, now=now)
        return True
    if concession.state in GRANTED:
        telling.lapse(concession, actor=None, now=now)
        return True
    return False
