"""Who keeps webhooks: the system's own account through the API; administrators end one."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from credit.systems.choices import TRANSITIONS, DeliveryState
from credit.systems.models import Delivery, Webhook
from crm.kernel.permission import ALLOWED, Permission, denied
from crm.staff.choices import Role
from crm.staff.permissions import can_administer


def can_keep_at_all(*, user: Any) -> Permission:
    """A system account that holds its post."""
    if user.is_service and user.actor.has_role(Role.SYS):
        return ALLOWED
    return denied(_("Webhooks are kept by system accounts, through the API."))


def can_keep(*, user: Any, webhook: Webhook) -> Permission:
    """Its own account, while it stands."""
    may = can_keep_at_all(user=user)
    if not may:
        return may
    if webhook.account_id != user.pk:
        return denied(_("This webhook is another system’s."))
    return ALLOWED if webhook.ended_at is None else denied(_("This webhook is ended."))


def can_end(*, user: Any, webhook: Webhook) -> Permission:
    """Its own account, or an administrator."""
    if webhook.ended_at is not None:
        return denied(_("This webhook is ended."))
    return can_keep(user=user, webhook=webhook) if user.is_service else can_administer(user=user)


def can_resend(*, user: Any, delivery: Delivery) -> Permission:
    """The webhook's own account, of what was delivered or given up."""
    may = can_keep(user=user, webhook=delivery.webhook)
    if not may:
        return may
    if DeliveryState.WAITING in TRANSITIONS[delivery.state]:
        return ALLOWED
    return denied(_("This delivery is not over."))
