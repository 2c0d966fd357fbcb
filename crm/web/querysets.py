"""Which saved views a person is offered."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Q

from crm.kernel.querysets import VisibleQuerySet, one_of


class SavedViewQuerySet(VisibleQuerySet[Any]):
    """Saved views."""

    def visible_to(self, user: Any) -> "SavedViewQuerySet":
        """One's own, and those shared with the units of one's posts; nothing without a post."""
        if not (user.pk and user.actor.posts):
            return self.none()
        return self.of(user.pk, sorted({post.unit_id for post in user.actor.posts}))

    def of(self, owner_id: Any, unit_ids: Sequence[Any]) -> "SavedViewQuerySet":
        """A person's own, and those shared with one of these units (one at least)."""
        return self.filter(Q(owner_id=owner_id) | one_of("team_id", unit_ids))
