"""Who may see which deals (domain 1.2, "Prospect, lead"), and the slices of them that pages show."""

import datetime as dt
from typing import Any

from django.db.models import Q

from crm.companies.finding import KEYS_READ
from crm.companies.models import SearchKey
from crm.companies.querysets import Among, Typed
from crm.kernel.querysets import OwnedQuerySet, Reach, VisibleQuerySet
from crm.staff.choices import Role
from prospects.deals.choices import LEAD_STAGES, DealKind

_TEAM_MATES = (Role.RM, Role.SRM)


class DealQuerySet(OwnedQuerySet[Any]):
    """Deals. Two rings: in full within reach, masked (company, stage, owner) for the team mates of a relationship manager."""

    def visible_to(self, user: Any) -> "DealQuerySet":
        """Both rings. What is shown of a row is for `permissions.sight` to say."""
        return self.within(self.reach_of(user))

    def reach_of(self, user: Any) -> Reach:
        """The scope of `visible_to`."""
        reach, teams = user.actor.reach(), team_ids(user)
        if reach.everything or not teams:
            return reach
        return Reach(owner_id=reach.owner_id, team_ids=(*reach.team_ids, *teams), centre_ids=reach.centre_ids)

    def in_full(self, user: Any) -> "DealQuerySet":
        """Only what the reader sees whole: own, team's, centre's, all. Sums and sorting by money stand on this ring."""
        return self.within(user.actor.reach())

    def of_team_mates(self, user: Any) -> "DealQuerySet":
        """The masked ring: deals of the teams in which the reader is a relationship manager."""
        teams = team_ids(user)
        if not teams:
            return self.none()
        return self.filter(team_id=teams[0]) if len(teams) == 1 else self.filter(team_id__in=teams)

    def open(self) -> "DealQuerySet":
        """Neither won nor lost."""
        return self.filter(closed_at=None)

    def closed(self) -> "DealQuerySet":
        """Won or lost."""
        return self.filter(closed_at__isnull=False)

    def protected_leads(self, *, on: dt.date) -> "DealQuerySet":
        """What the cap of domain 2.4 counts: open leads of new clients whose protection holds."""
        return self.open().filter(kind=DealKind.NEW, stage__in=LEAD_STAGES, protected_until__gte=on)

    def stale(self, *, on: dt.date) -> "DealQuerySet":
        """Open deals that have been longer in their stage than domain 2.3 allows."""
        return self.open().filter(stale_on__lt=on)

    def bounded(self, query: str | Typed) -> "DealQuerySet":
        """Deals of the companies behind the first keys that a query finds."""
        return self.filter(Among("company_id", SearchKey.objects.owners(query, at_most=KEYS_READ)))

    def named(self, query: str) -> "DealQuerySet":
        """Deals of the companies found by every word of the query."""
        return self.filter(company__in=self.model.company_model().objects.named(query).values("pk"))


def team_ids(user: Any) -> tuple[int, ...]:
    """The teams in which the person is a relationship manager (not an assistant)."""
    return tuple(sorted({post.unit_id for post in user.actor.posts if post.role in _TEAM_MATES}))


class DealPartQuerySet(VisibleQuerySet[Any]):
    """Events and evidence: seen with a deal that is seen in full."""

    def visible_to(self, user: Any) -> "DealPartQuerySet":
        """Of deals within reach."""
        return self.filter(deal__in=self.model.deal_model().objects.in_full(user).values("pk"))


class CoverageCheckQuerySet(VisibleQuerySet[Any]):
    """Questions "who covers this company?"."""

    def visible_to(self, user: Any) -> "CoverageCheckQuerySet":
        """One's own; all of them for compliance and internal audit."""
        if user.actor.has_role(Role.COMP, Role.AUD):
            return self.all()
        return self.filter(Q(actor_id=user.pk)) if user.actor.posts else self.none()
