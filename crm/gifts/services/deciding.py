"""Consent, decision and passing up. Room under a recipient's limits is taken in the deciding transaction."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from crm.gifts import permissions, rules, selectors
from crm.gifts.choices import Direction, GiftAct, GiftState
from crm.gifts.models import Gift, GiftEvent
from crm.gifts.services import traces
from crm.kernel import limits
from crm.kernel.errors import RuleBroken
from crm.kernel.limits import EntryKind, LimitExceeded, WindowCap, WindowClaim
from crm.staff.choices import Role
from crm.visits.rules import closing_time


@transaction.atomic
def consent(*, gift_id: int, actor: Any, now: dt.datetime, yes: bool, note: str = "") -> GiftEvent:
    """Compliance says yes, and the gift goes on to whoever decides it; or no, and that is the end of it (a received one goes back).

    Gift.DoesNotExist where hidden; NotAllowed for others than compliance; RuleBroken for a no without a reason.
    """
    gift = traces.found(gift_id, actor)
    permissions.can_consent(user=actor, gift=gift).require()
    post = next((post for post in actor.actor.deciding_posts if post.role == Role.COMP), None)
    if not yes:
        return _refuse(gift, actor=actor, now=now, note=note, post=post)
    gift.consented_by, gift.consented_at = actor, now
    gift.record(actor=actor, fields=["consented_by", "consented_at"])
    traces.close_items(gift, actor=actor, now=now)
    traces.ask(gift, selectors.figures(gift.centre, now=now), actor=actor, now=now)
    return traces.write_event(gift, GiftAct.CONSENT, actor=actor, now=now, source=gift.state, note=note, post=post)


@transaction.atomic
def decide(*, gift_id: int, act: str, actor: Any, now: dt.datetime, note: str = "") -> GiftEvent:
    """`approve`, `refuse` or `pass_up` a gift that waits. Approving takes its value from the recipient's limits, or does not happen.

    Gift.DoesNotExist where hidden; NotAllowed with the reason; InvalidTransition where it is decided; RuleBroken where a limit does not
    allow it, for a refusal without a reason, and above head office.
    """
    gift = traces.found(gift_id, actor)
    permissions.can_decide(user=actor, gift=gift).require()
    post = permissions.deciding_post(actor, gift)
    if act == GiftAct.REFUSE:
        return _refuse(gift, actor=actor, now=now, note=note, post=post)
    if act == GiftAct.PASS_UP:
        return _pass_up(gift, actor=actor, now=now, note=note, post=post)
    if act != GiftAct.APPROVE:
        raise RuleBroken(_("Choose one of the list."))
    return _approve(gift, actor=actor, now=now, note=note, post=post)


def settle(*, gift_id: int, act: str, actor: Any, now: dt.datetime, note: str = "") -> GiftEvent:
    """What a decider does with a gift, whichever it waits for: compliance's consent, or the decision. Errors as theirs."""
    if Gift.objects.visible_to(actor).get(pk=gift_id).waits_for_consent:
        return consent(gift_id=gift_id, actor=actor, now=now, yes=act == GiftAct.APPROVE, note=note)
    return decide(gift_id=gift_id, act=act, actor=actor, now=now, note=note)


@transaction.atomic
def escalate(*, gift_id: int, now: dt.datetime) -> None:
    """Nobody decided in time: it goes one level up, by the clock. Above head office, and at compliance, it waits on."""
    gift = Gift.objects.select_for_update(of=("self",)).select_related("owner", "team", "centre").get(pk=gift_id)
    if gift.state == GiftState.REQUESTED and not gift.waits_for_consent and rules.next_level(gift.level) is not None:
        _pass_up(gift, actor=None, now=now, note="", post=None)


def _approve(gift: Gift, *, actor: Any, now: dt.datetime, note: str, post: Any) -> GiftEvent:
    figures = selectors.figures(gift.centre, now=now)
    traces.close_items(gift, actor=actor, now=now)
    gift.decided_by, gift.decided_at = actor, now
    decided = ("decided_by", "decided_at")
    if gift.direction == Direction.RECEIVED:
        event = traces.move(gift, GiftState.APPROVED, GiftAct.APPROVE, actor=actor, now=now, note=note, post=post, fields=decided)
        traces.ask_to_dispose(gift, actor=actor, due_at=_soon(figures))
        return event
    rules.check_given(
        value=gift.value, unit_cost=gift.value / gift.quantity, person=_person(gift), occasion=gift.occasion, caps=figures.caps
    )
    try:
        limits.take(*_claims(gift, figures.caps), subject=gift, entry=EntryKind.RESERVE, actor=actor, now=now, post=post)
    except LimitExceeded as error:
        sentence = _("This person has had as much as the bank gives to one person. There is not enough room left under the limit.")
        raise LimitExceeded(error.scope, sentence) from error
    target = GiftState.GIVEN if gift.taken_home else GiftState.APPROVED
    event = traces.move(gift, target, GiftAct.APPROVE, actor=actor, now=now, note=note, post=post, fields=decided)
    if gift.taken_home:
        traces.write_timeline(gift, now=now)
    else:
        traces.ask_to_issue(gift, actor=actor, now=now)
    return event


def _claims(gift: Gift, caps: rules.Caps) -> tuple[WindowClaim, WindowClaim]:
    spread = dt.timedelta(days=caps.occasion_days)
    occasion_cap = WindowCap(caps.occasion, since=gift.on - spread, until=gift.on + spread)
    recipient_cap = WindowCap(caps.recipient, since=rules.year_before(gift.on, caps.recipient_months))
    return (
        WindowClaim(selectors.OCCASION, f"{gift.person_key}:{gift.occasion}", gift.on, gift.value, (occasion_cap,)),
        WindowClaim(selectors.RECIPIENT, gift.person_key, gift.on, gift.value, (recipient_cap,)),
    )


def release(gift: Gift, *, actor: Any, now: dt.datetime) -> None:
    """Give a gift's room back to the recipient's limits: it was not given after all."""
    caps = selectors.figures(gift.centre, now=now).caps
    claims = (WindowClaim(one.scope, one.holder, one.day, -one.amount) for one in _claims(gift, caps))
    limits.take(*claims, subject=gift, entry=EntryKind.RELEASE, actor=actor, now=now)


def _person(gift: Gift) -> rules.Person:
    return rules.Person(name=gift.person, is_official=gift.is_official)


def _refuse(gift: Gift, *, actor: Any, now: dt.datetime, note: str, post: Any) -> GiftEvent:
    if not note.strip():
        raise rules.refuse("note", _("Say why."))
    traces.close_items(gift, actor=actor, now=now)
    gift.decided_by, gift.decided_at = actor, now
    received = gift.direction == Direction.RECEIVED
    target = GiftState.TO_RETURN if received else GiftState.REFUSED
    fields = ("decided_by", "decided_at")
    event = traces.move(gift, target, GiftAct.REFUSE, actor=actor, now=now, note=note, post=post, fields=fields)
    if received:
        traces.ask_to_dispose(gift, actor=actor, due_at=_soon(selectors.figures(gift.centre, now=now)))
    return event


def _pass_up(gift: Gift, *, actor: Any, now: dt.datetime, note: str, post: Any) -> GiftEvent:
    level = rules.next_level(gift.level)
    if level is None:
        raise RuleBroken(_("There is nobody above to pass it to."))
    gift.level = level
    gift.version += 1
    gift.record(actor=actor, fields=["level", "version"])
    traces.close_items(gift, actor=actor, now=now)
    traces.ask(gift, selectors.figures(gift.centre, now=now), actor=actor, now=now)
    return traces.write_event(gift, GiftAct.PASS_UP, actor=actor, now=now, source=gift.state, note=note, post=post)


def _soon(figures: selectors.Figures) -> dt.datetime:
    """The end of the working days in which somebody says what became of a gift."""
    return closing_time(figures.calendar.add_working_days(figures.today, figures.declare_days), figures.calendar)
