"""Who may see which cases, decisions, votes and conditions (domain 1.2)."""

from typing import Any

from credit.packs.querysets import CREDIT, READERS_OF_ALL
from crm.kernel.querysets import VisibleQuerySet
from crm.staff.choices import Role


class OfPackQuerySet(VisibleQuerySet[Any]):
    """Decisions and conditions."""

    def visible_to(self, user: Any) -> "OfPackQuerySet":
        """As the pack."""
        return self.filter(pack__in=self.model.pack_model().objects.visible_to(user))


class CreditQuerySet(VisibleQuerySet[Any]):
    """Cases, motions, votes: level, exposure and how members voted are class R."""

    def visible_to(self, user: Any) -> "CreditQuerySet":
        """The credit department, head office, compliance and audit, of packs that they see."""
        if not user.actor.has_role(*CREDIT, *READERS_OF_ALL):
            return self.none()
        return self.filter(pack__in=self.model.pack_model().objects.visible_to(user))


class ConditionQuerySet(VisibleQuerySet[Any]):
    """Conditions."""

    def visible_to(self, user: Any) -> "ConditionQuerySet":
        """As the pack; what is only proposed is the credit department's."""
        seen = self.filter(pack__in=self.model.pack_model().objects.visible_to(user))
        return seen if user.actor.has_role(*CREDIT, *READERS_OF_ALL) else seen.exclude(state__in=("proposed", "dropped"))


class LetterQuerySet(VisibleQuerySet[Any]):
    """Facility letters."""

    def visible_to(self, user: Any) -> "LetterQuerySet":
        """As the pack; one that was not sent is credit administration's, the credit department's and that of those who read all."""
        seen = self.filter(pack__in=self.model.pack_model().objects.visible_to(user))
        return seen if user.actor.has_role(Role.CAD, *CREDIT, *READERS_OF_ALL) else seen.filter(issue__isnull=False)
