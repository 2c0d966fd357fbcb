"""Who may see which hospitality (domain 1.2), and how lists narrow it."""

from typing import Any

from django.db.models import Q

from crm.hospitality.choices import ALIVE, CLAIMS, State
from crm.kernel.querysets import OwnedQuerySet, VisibleQuerySet
from crm.staff.choices import Role

READERS_OF_ALL = (Role.HO, Role.COMP, Role.FIN, Role.AUD)


class RequestQuerySet(OwnedQuerySet[Any]):
    """Events of hospitality, asked for or held."""

    def visible_to(self, user: Any) -> "RequestQuerySet":
        """One's own and those at whose table one sat; a team head's team; a centre head's centre; all for those who check the whole bank.

        A draft is its host's alone.
        """
        if not (user.pk and user.actor.posts):
            return self.none()
        reach = user.actor.reach_of(everything=READERS_OF_ALL)
        own = Q(owner_id=user.pk)
        if reach.everything:
            return self.filter(own | ~Q(state=State.DRAFT))
        others = Q(pk__in=self.model.seat_model().objects.filter(user_id=user.pk).values("request_id"))
        if reach.team_ids:
            others |= Q(team_id__in=reach.team_ids)
        if reach.centre_ids:
            others |= Q(centre_id__in=reach.centre_ids)
        return self.filter(own | (others & ~Q(state=State.DRAFT)))

    def alive(self) -> "RequestQuerySet":
        """Asked for, to take place, or held."""
        return self.filter(state__in=ALIVE)

    def claimed(self) -> "RequestQuerySet":
        """With a claim."""
        return self.filter(state__in=CLAIMS)

    def odd(self) -> "RequestQuerySet":
        """Reported, and an outlier in one way at least."""
        return self.filter(Q(near_cap=True) | Q(round_sum=True) | Q(on_weekend=True) | Q(often=True))


class PartQuerySet(VisibleQuerySet[Any]):
    """Guests, colleagues, reports, receipts, claims, events: seen with their request."""

    def visible_to(self, user: Any) -> "PartQuerySet":
        """As the request."""
        return self.filter(request__in=self.model.request_model().objects.visible_to(user))


class BooksQuerySet(VisibleQuerySet[Any]):
    """Postings and their lines."""

    def visible_to(self, user: Any) -> "BooksQuerySet":
        """Finance, compliance, head office and audit."""
        return self.all() if user.actor.has_role(*READERS_OF_ALL) else self.none()
