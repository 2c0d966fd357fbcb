"""Who begins a handover, who signs for which side, who drops it. Pages and services ask the same functions."""

from collections.abc import Collection
from typing import Any

from django.utils.translation import gettext_lazy as _

from credit.handovers import selectors
from credit.handovers.choices import HandoverState, Side
from credit.handovers.models import Handover, Signature
from credit.handovers.querysets import READERS
from crm.clients.choices import ClientStatus
from crm.clients.models import Client
from crm.clients.permissions import heads_client
from crm.kernel.permission import ALLOWED, Permission, denied
from crm.staff.choices import RELATIONSHIP_ROLES

_ENDED = _("This handover has ended.")


def can_read_handovers(*, user: Any) -> Permission:
    """Managers, heads, head office, compliance and audit."""
    return ALLOWED if user.actor.has_role(*READERS) else denied(_("Your post reads no handovers."))


def reads(user: Any) -> bool:
    """For the menu."""
    return bool(can_read_handovers(user=user))


def can_begin(*, user: Any, client: Client) -> Permission:
    """The client's manager, or the head of its team or centre; one at a time."""
    owns = client.owner_id == user.pk and user.actor.has_role(*RELATIONSHIP_ROLES)
    if not owns and not heads_client(user=user, client=client):
        return denied(_("The client’s relationship manager or its head does this."))
    if client.status == ClientStatus.CLOSED:
        return denied(_("This client is closed."))
    return denied(_("A handover of this client is open already.")) if selectors.open_of(client) is not None else ALLOWED


def side_of(user: Any, handover: Handover) -> Side | None:
    """For which side this person signs; the head in the place of who has left."""
    named = {handover.outgoing_id: Side.OUT, handover.incoming_id: Side.IN, handover.witness_id: Side.WITNESS}
    if user.pk in named:
        return named[user.pk]
    if heads_client(user=user, client=handover.client) and selectors.has_left(handover.outgoing):
        return Side.OUT
    return None


def can_sign(*, user: Any, handover: Handover, signed: Collection[Signature]) -> Permission:
    """Each of the three for their own side, once for each list."""
    if handover.state != HandoverState.OPEN:
        return denied(_ENDED)
    side = side_of(user, handover)
    if side is None or not user.actor.posts:
        return denied(_("Who hands over, who takes over and the witness sign."))
    if any(one.actor_id == user.pk or one.side == side for one in signed):
        return denied(_("This side has signed."))
    return ALLOWED


def can_renew(*, user: Any, handover: Handover) -> Permission:
    """Any of the three, and who began it."""
    if handover.state != HandoverState.OPEN:
        return denied(_ENDED)
    part = side_of(user, handover) is not None or user.pk == handover.begun_by_id
    return ALLOWED if part else denied(_("Who hands over, who takes over and the witness make the list anew."))


def can_drop(*, user: Any, handover: Handover) -> Permission:
    """Who began it, and the client's head."""
    if handover.state != HandoverState.OPEN:
        return denied(_ENDED)
    may = user.pk == handover.begun_by_id or heads_client(user=user, client=handover.client)
    return ALLOWED if may else denied(_("Who began it, or the client’s head, drops it."))
