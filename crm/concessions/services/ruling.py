"""The moment of a decision: limits taken, the ruling kept with all that it was worked out from, when the client is told."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.concessions import rules, selectors, timing
from crm.concessions.choices import Level, State, TimelineName, WorkKindName
from crm.concessions.models import Concession, Ruling
from crm.concessions.rules import Terms
from crm.concessions.selectors import BUCKET, DECIDER, Assessment
from crm.concessions.services import traces
from crm.kernel import limits
from crm.kernel.errors import RuleBroken
from crm.kernel.limits import BudgetClaim, Claim, EntryKind, LimitExceeded, WindowCap, WindowClaim

FIELDS = (
    *("state", "granted", "granted_forgone", "decided_at", "decided_level", "queue_level", "outcome_reason"),
    *("tell_not_before", "tell_by"),
)


@dataclass(frozen=True)
class Hand:
    """Who decides: the person, the post, the level, the moment."""

    actor: Any
    post: Any
    level: Level
    now: dt.datetime


def grant(concession: Concession, found: Assessment, hand: Hand, *, outcome: State, reason: str, terms: Terms | None = None) -> Ruling:
    """Take the room for it and keep the ruling; the caller holds the lock on the group and has judged level and permission.

    `terms`: what is granted, where that is less than was asked. LimitExceeded (neutral) where the decider's month does not hold it.
    """
    concession.granted = (terms or concession.asked_terms).as_json()
    concession.granted_forgone = found.forgone
    claims = _claims(concession, found, hand)
    if claims:
        limits.take(*claims, subject=concession, entry=EntryKind.SPEND, actor=hand.actor, now=hand.now, post=hand.post)
    return _rule(concession, found, hand, outcome=outcome, reason=reason)


def refuse(concession: Concession, found: Assessment, hand: Hand, *, reason: str) -> Ruling:
    """Keep the ruling of a refusal."""
    return _rule(concession, found, hand, outcome=State.REFUSED, reason=reason)


def _claims(concession: Concession, found: Assessment, hand: Hand) -> list[Claim]:
    if found.forgone <= 0 or hand.level not in rules.GRADED:
        return []
    days = selectors.figures("rules", jurisdiction=concession.centre.jurisdiction, on=found.on)["bucket_days"]
    since = found.on - dt.timedelta(days=days - 1)
    tops = ((level, found.matrix.cap("bucket", level)) for level in rules.levels_from(hand.level))
    caps = tuple(WindowCap(top, since=since, until=found.on, level=level) for level, top in tops if top is not None)
    currency = concession.centre_currency
    claims: list[Claim] = [
        WindowClaim(BUCKET, selectors.holder_of(concession.company, currency), found.on, found.forgone, caps=caps, level=hand.level)
    ]
    cap = found.matrix.cap("month", hand.level)
    if cap is not None:
        holder, period = selectors.decider_of(hand.actor, currency), selectors.period_of(found.on)
        opened = limits.budget(DECIDER, holder, period, cap=cap)
        if opened.pk is not None and opened.cap != cap:
            limits.recap(DECIDER, holder, period, cap=cap)
        claims.append(BudgetClaim(DECIDER, holder, period, cap, found.forgone, level=hand.level, day=found.on))
    return claims


def _rule(concession: Concession, found: Assessment, hand: Hand, *, outcome: State, reason: str) -> Ruling:
    if found.required > hand.level:
        raise RuleBroken(_("This is not yours to decide now. Pass it up."), code="goes_up")
    on = found.on
    figures = selectors.figures("tell", jurisdiction=concession.centre.jurisdiction, on=on)
    calendar = traces.calendar_at(concession.centre, hand.now)
    window = timing.tell_window(concession.kind, decided_at=hand.now, refused=outcome == State.REFUSED, calendar=calendar, figures=figures)
    concession.state, concession.decided_at, concession.decided_level = outcome, hand.now, hand.level
    concession.queue_level, concession.outcome_reason = None, reason
    concession.tell_not_before, concession.tell_by = window.not_before, window.by
    concession.record(actor=hand.actor, fields=list(FIELDS))
    ruled = Ruling.objects.create(
        concession=concession,
        at=hand.now,
        actor=hand.actor,
        post=hand.post,
        outcome=outcome,
        asker=concession.owner,
        is_exercise=concession.is_exercise,
        level=hand.level,
        required=found.required,
        terms=concession.granted or concession.terms,
        inputs=found.inputs.as_json(),
        matrix=found.matrix.as_json(),
        matrix_version=found.matrix.version,
        matrix_on=on,
        rate=found.rate,
        forgone=found.forgone if outcome != State.REFUSED else rules.ZERO,
    )
    _follow(concession, hand)
    return ruled


def _follow(concession: Concession, hand: Hand) -> None:
    refused = concession.state == State.REFUSED
    kind = TimelineName.REFUSED if refused else TimelineName.GRANTED
    traces.on_timeline(concession, kind, actor=None, now=hand.now)
    traces.own_item(concession, WorkKindName.TELL, actor=None, due_at=concession.tell_by)
    if concession.promise and not refused and concession.promise_due_on:
        calendar = traces.calendar_at(concession.centre, hand.now)
        day = calendar.add_working_days(concession.promise_due_on, 0)
        due_at = timing.closing_time(day, calendar)
        traces.own_item(concession, WorkKindName.PROMISE, actor=concession.owner, due_at=due_at, title=concession.promise)


def give_back(concession: Concession, *, actor: Any, now: dt.datetime) -> None:
    """What was taken for a concession that never came into force goes back to the bucket and the month."""
    ruled = concession.ruling
    if ruled.forgone <= 0:
        return
    on, currency = ruled.matrix_on, concession.centre_currency
    level = Level(ruled.level)
    holder = selectors.holder_of(concession.company, currency)
    claims: list[Claim] = [WindowClaim(BUCKET, holder, on, -ruled.forgone, level=level)]
    matrix = rules.Matrix.from_json(ruled.matrix)
    cap = matrix.cap("month", level)
    if cap is not None:
        holder, period = selectors.decider_of(ruled.actor, currency), selectors.period_of(on)
        claims.append(BudgetClaim(DECIDER, holder, period, cap, -ruled.forgone, level=level, day=on))
    limits.take(*claims, subject=concession, entry=EntryKind.REVERSE, actor=actor, now=now)


def local_day(now: dt.datetime, centre: Any) -> dt.date:
    """The day at the centre."""
    return timezone.localdate(now, centre.zone)


__all__ = ["FIELDS", "Hand", "LimitExceeded", "give_back", "grant", "local_day", "refuse"]
