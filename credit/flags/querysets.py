"""Who may see which flags (domain 1.2, "Red flags"), and which nobody sees who could warn the client."""

from typing import Any

from django.db.models import Q

from credit.flags.book import hushed
from credit.flags.choices import UNSETTLED, Severity
from crm.kernel.querysets import VisibleQuerySet
from crm.staff.choices import Role

READERS_OF_ALL = (Role.HO, Role.COMP, Role.AUD)
CREDIT = (Role.CA, Role.CO, Role.CC)
KNOWING = (*READERS_OF_ALL, *CREDIT)
"""Who reads of frauds in trade papers besides the head of the client's centre."""


def knows_all(user: Any) -> bool:
    """Sees every flag: the credit department, head office, compliance, audit."""
    return bool(user.actor.has_role(*KNOWING))


def centres_headed(user: Any) -> list[int]:
    """The centres that this person heads."""
    return [post.unit_id for post in user.actor.posts if post.role == Role.RCH]


class FlagQuerySet(VisibleQuerySet[Any]):
    """Red flags."""

    def visible_to(self, user: Any) -> "FlagQuerySet":
        """Own clients', the team's, the centre's; all for credit, head office, compliance and audit; what one raised oneself.

        A hushed flag is for those who see all, the head of the centre, and whoever raised it (invariant of tipping-off, domain 1.3).
        """
        if not (user.pk and user.actor.posts):
            return self.none()
        if knows_all(user):
            return self.all()
        reached = Q(client__in=self.model.client_model().objects.within(user.actor.reach()))
        told = ~Q(code__in=hushed()) | Q(client__centre_id__in=centres_headed(user))
        return self.filter((reached & told) | Q(raised_by=user))

    def open(self) -> "FlagQuerySet":
        """Not closed."""
        return self.filter(state__in=UNSETTLED)

    def critical(self) -> "FlagQuerySet":
        """Of the highest severity."""
        return self.filter(severity=Severity.CRITICAL)


class FlagPartQuerySet(VisibleQuerySet[Any]):
    """Events of flags."""

    def visible_to(self, user: Any) -> "FlagPartQuerySet":
        """As the flag; of a hushed one whoever only raised it sees no more than what they wrote."""
        seen = self.filter(flag__in=self.model.flag_model().objects.visible_to(user))
        if knows_all(user):
            return seen
        known = ~Q(flag__code__in=hushed()) | Q(flag__client__centre_id__in=centres_headed(user))
        return seen.filter(known | Q(actor=user))


class SuggestionQuerySet(VisibleQuerySet[Any]):
    """Flags that the news suggests."""

    def visible_to(self, user: Any) -> "SuggestionQuerySet":
        """As flags that are not hushed."""
        if not (user.pk and user.actor.posts):
            return self.none()
        if knows_all(user):
            return self.all()
        return self.filter(client__in=self.model.client_model().objects.within(user.actor.reach()))


class SuspensionQuerySet(VisibleQuerySet[Any]):
    """Suspended limits."""

    def visible_to(self, user: Any) -> "SuspensionQuerySet":
        """With the client, and for credit administration, which may not let anything be drawn; why is the flag's to say."""
        if not (user.pk and user.actor.posts):
            return self.none()
        if knows_all(user) or user.actor.has_role(Role.CAD):
            return self.all()
        return self.filter(client__in=self.model.client_model().objects.within(user.actor.reach()))
