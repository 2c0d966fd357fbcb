"""Who may see which packs, and what belongs to them (domain 1.2)."""

from typing import Any

from django.db.models import F, Q

from credit.packs.choices import DECIDED, PREPARING, Act, VersionState
from crm.kernel.querysets import OwnedQuerySet, VisibleQuerySet
from crm.staff.choices import Role, UnitKind

READERS_OF_ALL = (Role.HO, Role.COMP, Role.AUD)
CREDIT = (Role.CA, Role.CO, Role.CC)


def handed_to(post: Any) -> Q:
    """What was handed off to a credit system's post."""
    handed = Q(handed_off_at__isnull=False)
    return handed & Q(centre_id=post.unit_id) if post.unit.kind == UnitKind.CENTRE else handed


class PackQuerySet(OwnedQuerySet[Any]):
    """Credit application packs."""

    def visible_to(self, user: Any) -> "PackQuerySet":
        """One's own; a team head's team, a centre head's centre; all for head office, compliance and audit.

        The credit department sees a pack from its handoff on, credit administration from its decision on; a credit system from its
        handoff on, of the centre that its post is in, or of all from a post above them. Whoever keeps a head's desk sees what that head
        sees.
        """
        if not (user.pk and user.actor.posts):
            return self.none()
        reach = user.actor.reach_of(everything=READERS_OF_ALL)
        if reach.everything:
            return self.all()
        test = Q(pk__in=[])
        if reach.owner_id:
            test |= Q(owner_id=reach.owner_id)
        if reach.team_ids:
            test |= Q(team_id__in=reach.team_ids)
        if reach.centre_ids:
            test |= Q(centre_id__in=reach.centre_ids)
        posts = (*user.actor.posts, *user.actor.covered_posts)
        if any(post.role in CREDIT for post in posts):
            test |= Q(handed_off_at__isnull=False)
        if any(post.role == Role.CAD for post in posts):
            test |= Q(state__in=DECIDED)
        for post in user.actor.posts:
            if post.role == Role.SYS:
                test |= handed_to(post)
        for post in user.actor.covered_posts:
            test |= {Role.TH: Q(team_id=post.unit_id), Role.RCH: Q(centre_id=post.unit_id)}.get(post.role, Q(pk__in=[]))
        return self.filter(test)

    def preparing(self) -> "PackQuerySet":
        """With the relationship manager."""
        return self.filter(state__in=PREPARING)

    def found(self, text: str, companies: Any) -> "PackQuerySet":
        """By company, or by the beginning of the number."""
        return self.filter(Q(number__istartswith=text) | Q(company__in=companies))


class VersionQuerySet(VisibleQuerySet[Any]):
    """Versions of packs."""

    def visible_to(self, user: Any) -> "VersionQuerySet":
        """As the pack; one that was never sealed is not the credit department's to see, nor one without endorsement a credit system's."""
        seen = self.filter(pack__in=self.model.pack_model().objects.visible_to(user))
        if user.actor.has_role(Role.SYS):
            events = self.model.pack_model()._meta.get_field("events").related_model._default_manager
            return seen.filter(pk__in=events.filter(act=Act.ENDORSE).values("version_id"))
        if user.actor.has_role(*READERS_OF_ALL) or not user.actor.has_role(*CREDIT, Role.CAD):
            return seen
        return seen.exclude(state__in=(VersionState.DRAFT, VersionState.DROPPED))


class PackPartQuerySet(VisibleQuerySet[Any]):
    """What belongs to a pack: events."""

    def visible_to(self, user: Any) -> "PackPartQuerySet":
        """As the pack; to a credit system from the handoff on."""
        seen = self.filter(pack__in=self.model.pack_model().objects.visible_to(user))
        return seen.filter(at__gte=F("pack__handed_off_at")) if user.actor.has_role(Role.SYS) else seen


class VersionPartQuerySet(VisibleQuerySet[Any]):
    """What belongs to a version: facilities, parties, securities, and the parts of the features above."""

    def visible_to(self, user: Any) -> "VersionPartQuerySet":
        """As the version."""
        return self.filter(version__in=self.model.version_model().objects.visible_to(user))
