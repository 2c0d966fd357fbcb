"""How gifts show in `/approvals/`: their cards, the pane of one, and what a decider does."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from crm.gifts import permissions, selectors, services
from crm.gifts.choices import Direction, GiftAct
from crm.gifts.forms import DecideForm
from crm.gifts.models import Gift
from crm.kernel.contributions import ApprovalAct, ApprovalCard, ApprovalPane
from crm.kernel.errors import Sentence
from crm.web.templatetags.ui import money

TEMPLATE = "gifts/approval_pane.html"


def cards(user: Any, ids: Sequence[int]) -> dict[int, ApprovalCard]:
    """The cards of those gifts that somebody may see. One statement."""
    gifts = Gift.objects.visible_to(user).filter(pk__in=ids).select_related("company", "owner")
    return {gift.pk: _card(gift) for gift in gifts}


def _card(gift: Gift) -> ApprovalCard:
    flags: list[Sentence] = [_("Official")] if gift.is_official else []
    flags += [_("Taken home from a table")] if gift.taken_home else []
    flags += [_("Declared late")] if gift.is_late else []
    flags += [gift.sensitive] if gift.sensitive else []
    told = {"what": gift.what, "value": money(gift.value, gift.currency), "person": gift.person}
    received = gift.direction == Direction.RECEIVED
    line = _now("Received: %(what)s, %(value)s, from %(person)s") if received else _now("%(what)s, %(value)s, for %(person)s")
    return ApprovalCard(
        title=gift.company.name,
        line=line % told,
        url=gift.get_absolute_url(),
        asked_by=gift.owner.name,
        plain=not flags and not received,
        flags=tuple(flags),
    )


def pane(*, user: Any, subject_id: int, now: dt.datetime) -> ApprovalPane:
    """One gift with the room left for the person, and what went to and fro. Gift.DoesNotExist where hidden."""
    gift = Gift.objects.visible_to(user).select_related("company", "owner", "centre", "team").get(pk=subject_id)
    figures = selectors.figures(gift.centre, now=now)
    given = gift.direction == Direction.GIVEN
    room = selectors.room(person_key=gift.person_key, occasion=gift.occasion, on=gift.on, caps=figures.caps) if given else None
    may = permissions.can_consent(user=user, gift=gift) if gift.waits_for_consent else permissions.can_decide(user=user, gift=gift)
    acts = [
        ApprovalAct(GiftAct.APPROVE, _("Approve"), "A", "primary", ("note",), may.reason),
        ApprovalAct(GiftAct.REFUSE, _("Refuse"), "R", "bad", ("note",), may.reason),
    ]
    if not gift.waits_for_consent:
        acts.append(ApprovalAct(GiftAct.PASS_UP, _("Pass up"), "E", "quiet", ("note",), may.reason))
    return ApprovalPane(
        number=gift.number,
        title=gift.company.name,
        template=TEMPLATE,
        context={
            "gift": gift,
            "room": room,
            "currency": gift.currency,
            "exchanges": selectors.exchanges(user=user, since=figures.today - selectors.A_YEAR, company_ids=[gift.company_id], most=5),
        },
        acts=tuple(acts),
        form_class=DecideForm,
    )


def decide(*, subject_id: int, act: str, data: dict[str, Any], actor: Any, now: dt.datetime) -> Any:
    """Carry an act out. Returns the event."""
    return services.settle(gift_id=subject_id, act=act, actor=actor, now=now, note=data.get("note", ""))


def escalate(*, subject_id: int, now: dt.datetime) -> None:
    """Its time is over: one level up."""
    services.escalate(gift_id=subject_id, now=now)
