"""Who may see which webhooks and deliveries: the account that they are for, and who reads staff records."""

from typing import Any

from crm.kernel.querysets import VisibleQuerySet
from crm.staff.querysets import STAFF_READERS


class WebhookQuerySet(VisibleQuerySet[Any]):
    """Webhooks."""

    def visible_to(self, user: Any) -> "WebhookQuerySet":
        """One's own; all by administrators, compliance and audit. Nothing of a pack stands in them but its step's id and name."""
        if not user.pk:
            return self.none()
        return self.all() if user.actor.has_role(*STAFF_READERS) else self.filter(account_id=user.pk)

    def live(self) -> "WebhookQuerySet":
        """Not ended, of an account that is let in."""
        return self.filter(ended_at=None, account__is_active=True)


class DeliveryQuerySet(VisibleQuerySet[Any]):
    """Deliveries."""

    def visible_to(self, user: Any) -> "DeliveryQuerySet":
        """As the webhook."""
        return self.filter(webhook__in=self.model.webhook_model().objects.visible_to(user))
