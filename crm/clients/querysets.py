"""Who may see which clients (domain 1.2, "Client 360")."""

from typing import Any

from crm.kernel.querysets import OwnedQuerySet, Reach
from crm.staff.choices import Role

# Finance sees name and number, the lobby name and tier, of all clients; the rest within reach.
_NAMES_OF_ALL = (Role.FIN, Role.LOB, Role.BH)


class ClientQuerySet(OwnedQuerySet[Any]):
    """Clients."""

    def visible_to(self, user: Any) -> "ClientQuerySet":
        """Own, team, centre; all for head office, compliance and audit; by name for finance and the branches (`permissions.sight`)."""
        return self.within(self.reach_of(user))

    def reach_of(self, user: Any) -> Reach:
        """The scope of `visible_to`."""
        return Reach(everything=True) if user.actor.has_role(*_NAMES_OF_ALL) else user.actor.reach()


class TierQuerySet(OwnedQuerySet[Any]):
    """Dated tiers."""

    def visible_to(self, user: Any) -> "TierQuerySet":
        """With their client, for those who see it whole."""
        reach = user.actor.reach()
        return self.filter(client__in=self.model.client_model().objects.within(reach))
