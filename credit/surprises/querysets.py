"""Who may see which surprise visits (domain 1.2): nobody sees a draw; a visit is seen from its reveal on, by whom it is shown to."""

import datetime as dt
from typing import Any

from django.db.models import Q

from credit.packs.querysets import CREDIT
from credit.surprises.choices import Origin, VisitState
from crm.kernel import clock
from crm.kernel.querysets import OwnedQuerySet, VisibleQuerySet
from crm.staff.choices import Role

READERS_OF_ALL = (Role.HO, Role.COMP, Role.AUD)
ENDED = (VisitState.RECORDED, VisitState.MISSED)


class SealedQuerySet(VisibleQuerySet[Any]):
    """What the draw works with. Compliance alone reads it, and the service notes that it did."""

    def visible_to(self, user: Any) -> "SealedQuerySet":
        """Nothing, for everybody: no page, list, export or search shows it."""
        return self.none()


class VisitQuerySet(OwnedQuerySet[Any]):
    """Surprise visits. A row is first written at the reveal, so that there is nothing to see before."""

    def visible_to(self, user: Any) -> "VisitQuerySet":
        """Centre head, head office, compliance and audit from the reveal on; the visitors from the morning on; past ones by the client's
        manager, its team head, the approvers of credit, and the rest of credit where a pack of the client is at hand."""
        if not (user.pk and user.actor.posts):
            return self.none()
        reach = user.actor.reach_of(everything=READERS_OF_ALL)
        if reach.everything:
            return self.all()
        test = Q(pk__in=[])
        if reach.centre_ids:
            test |= Q(centre_id__in=reach.centre_ids)
        told = Q(told_at__lte=clock.now()) | Q(origin=Origin.OWN)  # nobody has to be told of their own
        test |= told & (Q(visitor_id=user.pk) | Q(companion_id=user.pk))
        past = Q(state__in=ENDED)
        if reach.owner_id:
            test |= past & Q(owner_id=reach.owner_id)
        if reach.team_ids:
            test |= past & Q(team_id__in=reach.team_ids)
        if user.actor.has_role(Role.CO, Role.CC):
            test |= past
        if user.actor.has_role(*CREDIT, Role.CAD):
            packs = self.model.pack_model().objects.visible_to(user)
            test |= past & Q(client__company__in=packs.values("company_id"))
        return self.filter(test)

    def made(self) -> "VisitQuerySet":
        """Recorded, and not announced by anything: what counts as a surprise (invariant 18)."""
        return self.filter(state=VisitState.RECORDED, tainted_at=None)

    def in_year(self, year: int) -> "VisitQuerySet":
        """Of a year."""
        return self.filter(on__range=(dt.date(year, 1, 1), dt.date(year, 12, 31)))


class OfVisitQuerySet(VisibleQuerySet[Any]):
    """What belongs to a visit."""

    def visible_to(self, user: Any) -> "OfVisitQuerySet":
        """As the visit."""
        return self.filter(visit__in=self.model.visit_model().objects.visible_to(user))


class PremisesQuerySet(OwnedQuerySet[Any]):
    """Where a client works."""

    def visible_to(self, user: Any) -> "PremisesQuerySet":
        """As the client, by those who see it whole."""
        return self.filter(client__in=self.model.client_model().objects.within(user.actor.reach()))
