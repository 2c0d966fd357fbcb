"""Telling the client, putting the concession in force, the client's promise, revoking, the letter of confirmation (domain 5.3, 5.4)."""

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from crm.concessions import permissions, rules
from crm.concessions.choices import (
    GRANTED,
    TRANSITIONS,
    Act,
    ClientReaction,
    State,
    TellChannel,
    TimelineName,
    WorkKindName,
)
from crm.concessions.confirming import CONTEXT
from crm.concessions.models import Concession
from crm.concessions.services import ruling, traces
from crm.kernel.errors import RuleBroken
from crm.kernel.workflow import check_transition
from crm.kernel.worklist import WorkState
from crm.papers import services as papers
from crm.papers.models import Letter
from crm.papers.services import LetterOrder


@dataclass(frozen=True)
class Reply:
    """How the client was told and took it; `told_at` None: now."""

    channel: TellChannel
    reaction: ClientReaction
    told_at: dt.datetime | None = None


@transaction.atomic
def tell(*, concession_id: int, actor: Any, now: dt.datetime, reply: Reply) -> Concession:
    """Note that the client was told. Told late, the team head hears of it; a client who declines lets a grant lapse, and its room is free.

    NotAllowed for others than who looks after the client, before its time, while credit may object, and a second time. RuleBroken (field
    `told_at`) for a time to come or before it may be told.
    """
    concession = traces.concession_of(concession_id, actor)
    permissions.can_tell(user=actor, concession=concession, now=now).require()
    told_at = reply.told_at or now
    if told_at > now:
        raise RuleBroken(_("This is still to come."), fields={"told_at": _("This is still to come.")})
    if concession.tell_not_before is not None and told_at < concession.tell_not_before:
        sentence = _("It is too early to tell the client. See from when on.")
        raise RuleBroken(sentence, code="too_early", fields={"told_at": sentence})
    concession.told_at, concession.told_by = told_at, actor
    concession.channel, concession.reaction = reply.channel, reply.reaction
    fields = ["told_at", "told_by", "channel", "reaction"]
    if _is_late(concession, told_at):
        concession.late_noted_at = now
        fields.append("late_noted_at")
    concession.record(actor=actor, fields=fields)
    traces.note(concession, Act.TOLD, actor=actor, now=now, post=actor.actor.post())
    traces.close_items(concession, WorkKindName.TELL, actor=actor, now=now)
    traces.on_timeline(concession, TimelineName.TOLD, actor=actor, now=now)
    if reply.reaction == ClientReaction.DECLINED and concession.state in GRANTED:
        lapse(concession, actor=actor, now=now)
    return concession


def _is_late(concession: Concession, told_at: dt.datetime) -> bool:
    """Tells the head, once."""
    if concession.tell_by is None or told_at <= concession.tell_by or concession.late_noted_at is not None:
        return False
    traces.head_item(concession, WorkKindName.LATE, due_at=None)
    return True


def lapse(concession: Concession, *, actor: Any, now: dt.datetime) -> None:
    """A grant is not taken up: what it took is free again."""
    check_transition(TRANSITIONS, concession.state, State.LAPSED)
    traces.lock_group(concession.company)
    ruling.give_back(concession, actor=actor, now=now)
    concession.state, concession.ended_at = State.LAPSED, now
    concession.record(actor=actor, fields=["state", "ended_at"])
    traces.note(concession, Act.LAPSED, actor=actor, now=now)
    traces.close_items(concession, WorkKindName.PROMISE, actor=actor, now=now, state=WorkState.DROPPED)


@transaction.atomic
def apply(*, concession_id: int, actor: Any, now: dt.datetime, effective_on: dt.date | None = None) -> Concession:
    """Put a granted concession in force, until its last day. One that it renews is renewed by it.

    NotAllowed as `permissions.can_apply` says: value types only once the client is told. RuleBroken for a day outside its span.
    """
    concession = traces.concession_of(concession_id, actor)
    check_transition(TRANSITIONS, concession.state, State.APPLIED)
    permissions.can_apply(user=actor, concession=concession, now=now).require()
    today = ruling.local_day(now, concession.centre)
    day = effective_on or today
    if not today <= day <= concession.sunset_on:
        sentence = _("Pick a day from today to the day on which it ends.")
        raise RuleBroken(sentence, fields={"effective_on": sentence})
    concession.state, concession.effective_on, concession.expires_on = State.APPLIED, day, concession.sunset_on
    concession.record(actor=actor, fields=["state", "effective_on", "expires_on"])
    traces.note(concession, Act.APPLIED, actor=actor, now=now, post=actor.actor.post())
    if concession.renews_id:
        _renewed(concession, actor=actor, now=now)
    return concession


def _renewed(concession: Concession, *, actor: Any, now: dt.datetime) -> None:
    earlier = Concession.objects.select_for_update(of=("self",)).get(pk=concession.renews_id)
    if earlier.state in (State.APPLIED, State.EXPIRED):
        earlier.state, earlier.ended_at = State.RENEWED, now
        earlier.record(actor=actor, fields=["state", "ended_at"])
        traces.note(earlier, Act.RENEWED, actor=actor, now=now, words=concession.number)


@transaction.atomic
def keep_promise(*, concession_id: int, actor: Any, now: dt.datetime, words: str = "") -> Concession:
    """The client kept what was promised in return. NotAllowed where none is open."""
    concession = traces.concession_of(concession_id, actor)
    permissions.can_keep_promise(user=actor, concession=concession).require()
    concession.promise_kept_at = now
    concession.record(actor=actor, fields=["promise_kept_at"])
    traces.note(concession, Act.KEPT, actor=actor, now=now, words=traces.tidy(words)[: rules.LINE])
    traces.close_items(concession, WorkKindName.PROMISE, actor=actor, now=now)
    return concession


@transaction.atomic
def revoke(*, concession_id: int, actor: Any, now: dt.datetime, reason: str) -> Concession:
    """Take a standing concession back, from now on and never backwards. NotAllowed for others than a head; RuleBroken without a reason."""
    concession = traces.concession_of(concession_id, actor)
    permissions.can_revoke(user=actor, concession=concession).require()
    words = traces.tidy(reason)[: rules.TEXT]
    if not words:
        raise RuleBroken(_("Say why."), fields={"reason": _("Say why.")})
    end(concession, State.REVOKED, Act.REVOKED, actor=actor, now=now, words=words)
    return concession


def end(concession: Concession, state: State, act: Act, *, actor: Any, now: dt.datetime, words: str = "") -> None:
    """It is over from now on; the card rate holds again. What one that was never in force took is free again."""
    check_transition(TRANSITIONS, concession.state, state)
    never_in_force = concession.effective_on is None
    if never_in_force:
        traces.lock_group(concession.company)
        ruling.give_back(concession, actor=actor, now=now)
    concession.state, concession.ended_at = state, now
    concession.record(actor=actor, fields=["state", "ended_at"])
    traces.note(concession, act, actor=actor, now=now, words=words)
    traces.on_timeline(concession, TimelineName.ENDED, actor=None, now=now)
    if never_in_force:
        traces.close_items(concession, WorkKindName.TELL, WorkKindName.PROMISE, actor=actor, now=now, state=WorkState.DROPPED)


def write_confirmation(*, concession_id: int, actor: Any, now: dt.datetime, order: LetterOrder) -> Letter:
    """Write the client the letter of confirmation: the result alone, from the allow-listed fields (domain 5.4), kept with the letters.

    Concession.DoesNotExist where hidden; NotAllowed before the client may be told, or where nothing was granted; else as
    `papers.write_letter`, whose refusals stay on the trail: call it outside a transaction that a refusal would end.
    """
    concession = Concession.objects.visible_to(actor).select_related("company__client", "centre", "owner").get(pk=concession_id)
    permissions.can_confirm(user=actor, concession=concession, now=now).require()
    about = replace(order, context=CONTEXT, about=concession)
    letter = papers.write_letter(company_id=concession.company_id, order=about, actor=actor, now=now)
    traces.note(concession, Act.LETTER, actor=actor, now=now, words=letter.subject[: rules.LINE])
    return letter
