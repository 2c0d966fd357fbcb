"""Which figures hold on a day, and who may see them."""

import datetime as dt
from typing import Any

from django.db.models import Q

from crm.kernel.querysets import VisibleQuerySet


class FigureQuerySet(VisibleQuerySet[Any]):
    """Figures of the bank."""

    def visible_to(self, user: Any) -> "FigureQuerySet":
        """Whoever holds a post. Restricted tables (authority) state a rule of their own in their feature."""
        return self.all() if user.actor.posts else self.none()

    def on(self, day: dt.date) -> "FigureQuerySet":
        """Rows that hold on a day."""
        return self.filter(Q(effective_to=None) | Q(effective_to__gt=day), effective_from__lte=day)

    def under(self, jurisdiction: str) -> "FigureQuerySet":
        """Rows of this jurisdiction and those that hold in all."""
        return self.filter(jurisdiction__in=("", jurisdiction))
