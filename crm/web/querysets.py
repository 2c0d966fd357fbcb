"""Which saved views a person is offered."""

from typing import Any

from django.db.models import Q

from crm.kernel.querysets import VisibleQuerySet


class SavedViewQuerySet(VisibleQuerySet[Any]):
    """Saved views."""

    def visible_to(self, user: Any) -> "SavedViewQuerySet":
        """One's own, and those shared with the units of one's posts; nothing without a post."""
        if not (user.pk and user.actor.posts):
            return self.none()
        return self.filter(Q(owner_id=user.pk) | Q(team_id__in={post.unit_id for post in user.actor.posts}))
