"""Who may see which spreads, and what belongs to them (domain 1.2, as the client; credit where a pack was handed to it)."""

from typing import Any

from django.db.models import Q

from credit.spreads.parts import SpreadReaders
from crm.kernel.contributions import of
from crm.kernel.querysets import VisibleQuerySet


class SpreadQuerySet(VisibleQuerySet[Any]):
    """Spreads."""

    def visible_to(self, user: Any) -> "SpreadQuerySet":
        """Those of companies that one's own, team's or centre's people look after; all for head office, compliance and audit.

        Further ones through `SpreadReaders`. Without a post: nothing.
        """
        if not (user.pk and user.actor.posts):
            return self.none()
        if user.actor.reach().everything:
            return self.all()
        companies = self.model.company_model().objects.covered_for(user)
        test = Q(company__in=companies.values("pk"))
        for readers in of(SpreadReaders):
            test |= Q(company__in=readers.companies(user))
        return self.filter(test)

    def found(self, companies: Any) -> "SpreadQuerySet":
        """Of any of these companies."""
        return self.filter(company__in=companies)


class SpreadPartQuerySet(VisibleQuerySet[Any]):
    """Periods, events and files: seen with their spread."""

    def visible_to(self, user: Any) -> "SpreadPartQuerySet":
        """As the spread."""
        return self.filter(spread__in=self.model.spread_model().objects.visible_to(user))

    def current(self) -> "SpreadPartQuerySet":
        """Periods as last stated, newest first; earlier statements of the same period stay below them."""
        return self.filter(is_current=True).order_by("-ends_on", "-months")


class LineQuerySet(VisibleQuerySet[Any]):
    """Lines of periods."""

    def visible_to(self, user: Any) -> "LineQuerySet":
        """As the spread."""
        return self.filter(period__spread__in=self.model.spread_model().objects.visible_to(user))
