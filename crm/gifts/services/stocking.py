"""The catalogue and its stock. A stock changes by a movement and in no other way."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from crm.gifts import permissions, rules, selectors
from crm.gifts.choices import MovementKind
from crm.gifts.models import Gift, GiftItem, StockMovement
from crm.kernel.errors import RuleBroken
from crm.kernel.text import strip_controls
from crm.staff.choices import Role, UnitKind
from crm.staff.models import OrgUnit

_KEPT = ("name_en", "name_hant", "name_hans", "category", "cost", "quality", "has_logo", "is_practical", "is_offered")


@transaction.atomic
def keep_item(
    *, item_id: int | None, centre_id: int | None = None, version: int | None = None, actor: Any, now: dt.datetime, **values: Any
) -> GiftItem:
    """Put something into a centre's catalogue, or change it. GiftItem.DoesNotExist where hidden; NotAllowed; StaleVersion.

    RuleBroken for what the bank does not give: dearer than the cap, without logo, of no use, cash and what is as good as cash.
    """
    if item_id is None:
        permissions.can_keep_catalogue(user=actor).require()
        item = GiftItem(centre=_centre(centre_id, actor))
    else:
        item = GiftItem.objects.visible_to(actor).select_for_update(of=("self",)).get(pk=item_id)
        item.claim(version or 0, shown=_KEPT)
    permissions.can_keep_item(user=actor, item=item).require()
    for name in _KEPT:
        if name in values:
            value = values[name]
            setattr(item, name, " ".join(strip_controls(value).split()) if isinstance(value, str) else value)
    caps = selectors.figures(item.centre, now=now).caps
    for name in ("name_en", "name_hant", "name_hans"):
        if not getattr(item, name):
            raise rules.refuse(name, _("An item needs its name in all three scripts."))
        rules.check_item(cost=item.cost, has_logo=item.has_logo, practical=item.is_practical, name=getattr(item, name), caps=caps)
    if GiftItem.objects.filter(centre=item.centre, name_en=item.name_en).exclude(pk=item.pk).exists():
        raise rules.refuse("name_en", _("This centre has an item of this name."))
    if item_id is None or not item.hand_back():
        item.record(actor=actor)
    return item


@transaction.atomic
def move_stock(*, item_id: int, kind: str, quantity: int, actor: Any, now: dt.datetime, note: str = "") -> StockMovement:
    """Pieces came in, or are lost: written down by the counter or the head of the centre. RuleBroken for none, or more than there are."""
    item = GiftItem.objects.visible_to(actor).select_for_update(of=("self",)).get(pk=item_id)
    permissions.can_count_stock(user=actor, item=item).require()
    if kind not in (MovementKind.IN, MovementKind.LOSS) or not 1 <= quantity <= 100_000:
        raise rules.refuse("quantity", _("Say how many pieces came in or are lost."))
    if kind == MovementKind.LOSS and not note.strip():
        raise rules.refuse("note", _("Say why."))
    return change_stock(item, kind, quantity if kind == MovementKind.IN else -quantity, actor=actor, now=now, note=note)


def change_stock(
    item: GiftItem | None, kind: str, quantity: int, *, actor: Any, now: dt.datetime, gift: Gift | None = None, note: str = ""
) -> StockMovement:
    """Change a stock by one conditional update, with its movement, inside the caller's transaction. RuleBroken where it is too small."""
    if item is None or not GiftItem.objects.filter(pk=item.pk, stock__gte=-quantity).update(stock=F("stock") + quantity):
        raise RuleBroken(_("There are not as many pieces in stock."), code="out_of_stock")
    note = strip_controls(note).strip()[: rules.TEXT_LIMIT]
    post = actor.actor.post(*permissions.ISSUERS, *permissions.KEEPERS) if actor else None
    return StockMovement.objects.create(item=item, gift=gift, kind=kind, quantity=quantity, note=note, at=now, actor=actor, post=post)


def _centre(centre_id: int | None, actor: Any) -> OrgUnit:
    own = [post.unit for post in actor.actor.posts if post.role == Role.RCH]
    if actor.actor.has_role(Role.HO, Role.FIN) and centre_id is not None:
        return OrgUnit.objects.get(pk=centre_id, kind=UnitKind.CENTRE)
    if not own or centre_id not in (None, own[0].pk):
        raise rules.refuse("centre", _("Say for which centre."))
    return own[0]
