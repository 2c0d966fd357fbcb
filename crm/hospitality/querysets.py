"""Who may see which hospitality (domain 1.2), and how lists narrow it."""

from typing import Any

from django.db.models import Q

from crm.hospitality.choices import ALIVE, CLAIMS, State
from crm.kernel.querysets import OwnedQuerySet, VisibleQuerySet
from crm.staff.choices import Role

READERS_OF_ALL = (Role.HO, Role.COMP, Role.FIN, Role.AUD)
_ODD = Q(near_cap=True) | Q(round_sum=True) | Q(on_weekend=True) | Q(often=True)


class RequestQuerySet(OwnedQuerySet[Any]):
    """Events of hospitality, asked for or held."""

    def visible_to(self, user: Any) -> "RequestQuerySet":
        """One's own and those at whose table one sat; a team head's team; a centre head's centre; all for those who check the whole bank.

        Whoever keeps a colleague's desk sees what waits there. A draft is its host's alone.
        """
        if not (user.pk and user.actor.posts):
            return self.none()
        reach = user.actor.reach_of(everything=READERS_OF_ALL)
        own, kept = Q(owner_id=user.pk), user.actor.covered_posts
        if reach.everything or any(post.role in READERS_OF_ALL for post in kept):
            return self.filter(own | ~Q(state=State.DRAFT))
        others = Q(pk__in=self.model.seat_model().objects.filter(user_id=user.pk).values("request_id"))
        if reach.team_ids:
            others |= Q(team_id__in=reach.team_ids)
        if reach.centre_ids:
            others |= Q(centre_id__in=reach.centre_ids)
        for post in kept:
            others |= {Role.TH: Q(team_id=post.unit_id), Role.RCH: Q(centre_id=post.unit_id)}.get(post.role, Q(pk__in=[]))
        return self.filter(own | (others & ~Q(state=State.DRAFT)))

    def alive(self) -> "RequestQuerySet":
        """Asked for, to take place, or held."""
        return self.filter(state__in=ALIVE)

    def claimed(self) -> "RequestQuerySet":
        """With a claim."""
        return self.filter(state__in=CLAIMS)

    def found(self, text: str, companies: Any) -> "RequestQuerySet":
        """By company, or by the beginning of the number, or a stretch of guests or place."""
        here = Q(number__istartswith=text) | Q(guest_names__icontains=text) | Q(venue__icontains=text)
        return self.filter(here | Q(company__in=companies))

    def odd(self) -> "RequestQuerySet":
        """Reported, and an outlier in one way at least."""
        return self.filter(_ODD)

    def not_odd(self) -> "RequestQuerySet":
        """An outlier in no way."""
        return self.exclude(_ODD)


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
