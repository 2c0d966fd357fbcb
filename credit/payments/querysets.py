"""Who may see payments: whoever sees their pack; the business office, which carries them out."""

from typing import Any

from crm.kernel.querysets import VisibleQuerySet
from crm.staff.choices import Role


class PaymentQuerySet(VisibleQuerySet[Any]):
    """Payments out of loans, and the lists of a month's."""

    def visible_to(self, user: Any) -> "PaymentQuerySet":
        """As the pack; all for the business office."""
        if user.pk and user.actor.has_role(Role.OPS):
            return self.all()
        return self.filter(pack__in=self.model.pack_model().objects.visible_to(user))


class PaymentPartQuerySet(VisibleQuerySet[Any]):
    """Events of payments."""

    def visible_to(self, user: Any) -> "PaymentPartQuerySet":
        """As the payment."""
        return self.filter(payment__in=self.model.payment_model().objects.visible_to(user))
