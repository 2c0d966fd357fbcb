"""Who may see what people read and put aside: they themselves, and nobody else."""

from typing import Any

from crm.kernel.querysets import VisibleQuerySet


class OwnReadingQuerySet(VisibleQuerySet[Any]):
    """Rows that are one person's own. Not their heads', not audit's: reading is counted without policing."""

    def visible_to(self, user: Any) -> "OwnReadingQuerySet":
        """One's own, as long as one holds a post."""
        return self.filter(person_id=user.pk) if user.pk and user.actor.posts else self.none()
