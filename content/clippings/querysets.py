"""Who may see which clippings (domain 1.2, "Clippings, info library") and the narrowings of lists."""

from typing import Any

from django.db.models import F, Q

from content.clippings.choices import STANDING, Class, MentionState
from crm.kernel.querysets import VisibleQuerySet
from crm.staff.choices import Role

# The branches read public ones (domain 1.2). Departments that the matrix leaves out read what anybody may read in a shop.
INTERNAL_READERS = (
    *(Role.ARM, Role.RM, Role.SRM, Role.TH, Role.RCH, Role.HO, Role.CA, Role.CO, Role.CC),
    *(Role.COMP, Role.FIN, Role.EDIT, Role.AUD),
)
PUBLIC_READERS = (*INTERNAL_READERS, Role.LOB, Role.BH, Role.CAD, Role.OPS, Role.SPEC)
READERS_OF_ALL = (Role.COMP, Role.AUD)

# Relationship managers and team heads may add, the editors do all; who adds says whether a company is meant, and so do centre heads.
ADDERS = (Role.ARM, Role.RM, Role.SRM, Role.TH, Role.EDIT)
RULERS = (*ADDERS, Role.RCH)


class SourceQuerySet(VisibleQuerySet[Any]):
    """Newspapers, feeds and archives."""

    def visible_to(self, user: Any) -> "SourceQuerySet":
        """Their names are read by whoever reads clippings."""
        return self.all() if user.actor.has_role(*PUBLIC_READERS) else self.none()


class ClippingQuerySet(VisibleQuerySet[Any]):
    """Clippings."""

    def visible_to(self, user: Any) -> "ClippingQuerySet":
        """Published ones of the classes that one's posts read; editors also what waits for them, and one's own until then.

        Deals are for those inside: whoever added it, compliance and audit.
        """
        actor = user.actor
        if actor.has_role(*READERS_OF_ALL):
            return self.all()
        if not actor.has_role(*PUBLIC_READERS):
            return self.none()
        test = Q(live=True, klass=Class.PUBLIC)
        if actor.has_role(*INTERNAL_READERS):
            test = Q(live=True, klass__in=(Class.PUBLIC, Class.INTERNAL))
        if actor.has_role(Role.EDIT):
            test = Q(klass__in=(Class.PUBLIC, Class.INTERNAL))
        return self.filter(test | (Q(added_by_id=user.pk) & (Q(live=False) | Q(klass=Class.DEAL))))

    def live(self) -> "ClippingQuerySet":
        """Published and not withdrawn."""
        return self.filter(live=True)

    def heads(self) -> "ClippingQuerySet":
        """One of each story."""
        return self.filter(head=None)

    def newest_first(self) -> "ClippingQuerySet":
        """By the time of publication."""
        return self.order_by(F("published_at").desc(), "-pk")


class MentionQuerySet(VisibleQuerySet[Any]):
    """Which companies clippings name."""

    def visible_to(self, user: Any) -> "MentionQuerySet":
        """With the clipping."""
        return self.filter(clipping__in=self.model.clipping_model().objects.visible_to(user))

    def standing(self) -> "MentionQuerySet":
        """Linked for certain or confirmed by a person."""
        return self.filter(state__in=STANDING)

    def suggested(self) -> "MentionQuerySet":
        """Waiting for somebody's yes or no."""
        return self.filter(state=MentionState.SUGGESTED)


class PartQuerySet(VisibleQuerySet[Any]):
    """What belongs to a clipping and is never shown by itself."""

    def visible_to(self, user: Any) -> "PartQuerySet":
        """Nobody reads them as such."""
        return self.none()
