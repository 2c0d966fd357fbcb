"""Who may see which handovers: whoever sees the client whole, and the three who sign."""

from typing import Any

from django.db.models import Q

from crm.kernel.querysets import VisibleQuerySet
from crm.staff.choices import RELATIONSHIP_ROLES, Role

READERS = (*RELATIONSHIP_ROLES, Role.TH, Role.RCH, Role.HO, Role.COMP, Role.AUD)


class HandoverQuerySet(VisibleQuerySet[Any]):
    """Handovers of clients."""

    def visible_to(self, user: Any) -> "HandoverQuerySet":
        """The client's manager, its heads, head office, compliance and audit; who hands over, takes over and witnesses."""
        if not (user.pk and user.actor.has_role(*READERS)):
            return self.none()
        seen = Q(client__in=self.model.client_model().objects.within(user.actor.reach()))
        return self.filter(seen | Q(outgoing=user) | Q(incoming=user) | Q(witness=user))


class OfHandoverQuerySet(VisibleQuerySet[Any]):
    """Signatures."""

    def visible_to(self, user: Any) -> "OfHandoverQuerySet":
        """As the handover."""
        return self.filter(handover__in=self.model.handover_model().objects.visible_to(user))
