"""Who may see which classes (domain 1.2 and 7.1): who sees the client, and the credit department."""

from typing import Any

from credit.packs.querysets import CREDIT
from crm.kernel.querysets import VisibleQuerySet
from crm.staff.choices import Role

READERS_OF_ALL = (Role.CO, Role.CC)


def clients_followed(user: Any, clients: Any, packs: Any) -> Any:
    """Clients whose debt this person follows: those seen whole; all for approvers; those with a pack at hand for the rest of credit."""
    if not (user.pk and user.actor.posts):
        return clients.none()
    if user.actor.has_role(*READERS_OF_ALL):
        return clients.all()
    seen = clients.within(user.actor.reach())
    if user.actor.has_role(*CREDIT, Role.CAD):
        seen = seen | clients.filter(company__in=packs.visible_to(user).values("company_id"))
    return seen


class OfClientQuerySet(VisibleQuerySet[Any]):
    """What hangs on a client whose debt is followed."""

    client_path = "client"

    def visible_to(self, user: Any) -> "OfClientQuerySet":
        """As the client."""
        clients, packs = self.model.followed_models()
        return self.filter(**{f"{self.client_path}__in": clients_followed(user, clients.objects.all(), packs.objects.all()).values("pk")})


class OfStandingQuerySet(OfClientQuerySet):
    """What hangs on a standing."""

    client_path = "standing__client"
