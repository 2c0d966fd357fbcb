"""What covenants add to a pack's page: a card that loads by itself, and the button that writes one down."""

import datetime as dt
from typing import Any

from django.utils.translation import gettext_lazy as _

from credit.covenants import permissions, selectors
from credit.covenants.tables import stands
from credit.packs.models import Pack, PackVersion
from credit.packs.parts import PackAction, PackPanel
from credit.reviews import selectors as reviews
from crm.kernel.permission import Permission


def _shown(user: Any, pack: Pack) -> bool:
    return pack.state in permissions.BOUND and permissions.reads(user)


def _card(user: Any, pack: Pack, version: PackVersion, now: dt.datetime) -> dict[str, Any] | None:
    """The covenants with how they stand, and conditions that may be taken over; nothing before the pack is approved."""
    if not _shown(user, pack):
        return None
    rows = selectors.of_pack(pack, user=user, today=reviews.today_of(pack, now))
    may_write = bool(permissions.can_propose(user=user, pack=pack))
    return {
        "rows": [(row, *stands(row)) for row in rows],
        "conditions": selectors.conditions_to_take_over(pack, user=user) if may_write else [],
        "may_write": may_write,
    }


def _propose(user: Any, pack: Pack, version: PackVersion | None, now: dt.datetime) -> Permission:
    return permissions.can_propose(user=user, pack=pack)


def _proposes(user: Any, pack: Pack) -> bool:
    return permissions.writes(user) and pack.state in permissions.BOUND


CARD = PackPanel("covenants", _("Covenants"), "covenants/card.html", _card, order=4, later=True, shown=_shown)
ACTIONS = (PackAction("covenant", _("Write a covenant down"), "covenants:covenant_propose", "plus", _propose, _proposes, order=61),)
