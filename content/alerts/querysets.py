"""Who may see alerts and what they found: their owners, and nobody else."""

from typing import Any

from django.db.models import Exists, OuterRef

from crm.kernel.querysets import VisibleQuerySet


class AlertQuerySet(VisibleQuerySet[Any]):
    """Alerts."""

    def visible_to(self, user: Any) -> "AlertQuerySet":
        """One's own, as long as one holds a post: what somebody watches is nobody else's business."""
        return self.filter(owner_id=user.pk) if user.pk and user.actor.posts else self.none()

    def running(self) -> "AlertQuerySet":
        """Switched on."""
        return self.filter(is_on=True)


class AlertHitQuerySet(VisibleQuerySet[Any]):
    """What alerts found."""

    def visible_to(self, user: Any) -> "AlertHitQuerySet":
        """With the alert, as long as the clipping is one that its owner may see."""
        if not (user.pk and user.actor.posts):
            return self.none()
        # Asked row by row: as a list, a database may read all clippings first.
        seen = self.model.clipping_model().objects.visible_to(user).live().filter(pk=OuterRef("clipping_id"))
        return self.filter(Exists(seen), alert__owner_id=user.pk)

    def untold(self) -> "AlertHitQuerySet":
        """Not yet told."""
        return self.filter(told_at=None)
