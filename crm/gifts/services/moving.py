"""After the decision: issued from stock by a colleague, handed over or declined, taken back; what became of a received one."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from crm.gifts import permissions, rules
from crm.gifts.choices import HOLDS_ROOM, Direction, GiftAct, GiftState, MovementKind
from crm.gifts.models import Gift, GiftEvent
from crm.gifts.services import traces
from crm.gifts.services.deciding import release
from crm.gifts.services.stocking import change_stock


@transaction.atomic
def issue(*, gift_id: int, actor: Any, now: dt.datetime) -> GiftEvent:
    """A colleague of the counter, or a head, hands the pieces out of the stock to the giver: never the giver themselves.

    NotAllowed with the reason; RuleBroken where the stock does not hold as many.
    """
    gift = traces.found(gift_id, actor)
    permissions.can_issue(user=actor, gift=gift).require()
    traces.close_items(gift, actor=actor, now=now)
    gift.issued_by = actor
    event = traces.move(gift, GiftState.ISSUED, GiftAct.ISSUE, actor=actor, now=now, fields=("issued_by",))
    change_stock(gift.item, MovementKind.ISSUE, -gift.quantity, actor=actor, now=now, gift=gift)
    return event


@transaction.atomic
def hand_over(*, gift_id: int, actor: Any, now: dt.datetime) -> GiftEvent:
    """The giver handed it over. NotAllowed for others, and before it was issued."""
    gift = traces.found(gift_id, actor)
    permissions.can_hand_over(user=actor, gift=gift).require()
    event = traces.move(gift, GiftState.GIVEN, GiftAct.GIVE, actor=actor, now=now)
    traces.write_timeline(gift, now=now)
    return event


@transaction.atomic
def decline(*, gift_id: int, actor: Any, now: dt.datetime, note: str = "") -> GiftEvent:
    """The person did not take it: the pieces go back into stock, and the room back to the limits. The offer stays in the register."""
    gift = traces.found(gift_id, actor)
    permissions.can_hand_over(user=actor, gift=gift).require()
    gift.was_declined = True
    _back(gift, actor=actor, now=now)
    event = traces.move(gift, GiftState.DECLINED, GiftAct.DECLINE, actor=actor, now=now, note=note, fields=("was_declined",))
    traces.write_timeline(gift, now=now)
    return event


@transaction.atomic
def cancel(*, gift_id: int, actor: Any, now: dt.datetime, note: str = "") -> GiftEvent:
    """The giver needs it no more: whatever was reserved or issued goes back."""
    gift = traces.found(gift_id, actor)
    permissions.can_cancel(user=actor, gift=gift).require()
    traces.close_items(gift, actor=actor, now=now)
    _back(gift, actor=actor, now=now)
    return traces.move(gift, GiftState.CANCELLED, GiftAct.CANCEL, actor=actor, now=now, note=note)


@transaction.atomic
def dispose(*, gift_id: int, disposal: str, actor: Any, now: dt.datetime, note: str = "") -> GiftEvent:
    """What became of a received gift: kept, shared, raffled, donated, returned. RuleBroken where it must go back and did not."""
    gift = traces.found(gift_id, actor)
    permissions.can_dispose(user=actor, gift=gift).require()
    if not rules.may_dispose(disposal=disposal, to_return=gift.state == GiftState.TO_RETURN):
        raise rules.refuse("disposal", _("This gift has to go back to the giver."))
    traces.close_items(gift, actor=actor, now=now)
    gift.disposal = disposal
    return traces.move(gift, GiftState.CLOSED, GiftAct.DISPOSE, actor=actor, now=now, note=note, fields=("disposal",))


def _back(gift: Gift, *, actor: Any, now: dt.datetime) -> None:
    """Pieces into stock, room into the limits: as far as they were taken."""
    if gift.state == GiftState.ISSUED and gift.item is not None:
        change_stock(gift.item, MovementKind.BACK, gift.quantity, actor=actor, now=now, gift=gift)
    if gift.direction == Direction.GIVEN and gift.state in HOLDS_ROOM:
        release(gift, actor=actor, now=now)
