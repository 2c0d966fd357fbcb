"""Who may see what of the library (domain 1.2, "Clippings, info library")."""

import datetime as dt
from collections.abc import Iterable
from enum import Enum
from typing import Any

from django.db.models import Q

from content.clippings.querysets import INTERNAL_READERS, PUBLIC_READERS, READERS_OF_ALL
from content.library.choices import COLUMNS, Class
from crm.kernel.prepared import Given
from crm.kernel.querysets import VisibleQuerySet
from crm.kernel.text import fold
from crm.staff.choices import Role


class Sight(Enum):
    """How much of the library somebody's posts read."""

    NONE, PUBLIC, PUBLISHED, ALL = range(4)


def sight_of(user: Any) -> Sight:
    """The widest that one of their posts gives."""
    if user.actor.has_role(Role.EDIT, *READERS_OF_ALL):
        return Sight.ALL
    if user.actor.has_role(*INTERNAL_READERS):
        return Sight.PUBLISHED
    return Sight.PUBLIC if user.actor.has_role(*PUBLIC_READERS) else Sight.NONE


class SheetQuerySet(VisibleQuerySet[Any]):
    """Product sheets and items of information."""

    def visible_to(self, user: Any) -> "SheetQuerySet":
        """Published ones of the classes that one's posts read; all for editors, compliance and audit."""
        return self.seen_as(sight_of(user))

    def seen_as(self, sight: Sight) -> "SheetQuerySet":
        """What is seen with this sight."""
        if sight == Sight.ALL:
            return self.all()
        if sight == Sight.NONE:
            return self.none()
        return self.filter(live=True) if sight == Sight.PUBLISHED else self.filter(live=True, klass=Class.PUBLIC)

    def offered(self, *, on: dt.date | Given) -> "SheetQuerySet":
        """Published, and not over on a day."""
        return self.filter(Q(expires_on=None) | Q(expires_on__gte=on), live=True)

    def holding(self, query: str) -> "SheetQuerySet":
        """Those whose texts hold each word of a query, however it is spelt. There are few."""
        return self.containing(fold(query).split())

    def containing(self, words: Iterable[str | Given]) -> "SheetQuerySet":
        """Those whose folded texts hold each of these words."""
        rows = self
        for word in words:
            rows = rows.filter(folded__contains=word)
        return rows

    def written_in(self, languages: list[str]) -> "SheetQuerySet":
        """Those with a text in one of these languages."""
        test = Q(pk__in=[])
        for language in languages:
            test |= ~Q(**{f"summary_{COLUMNS[language]}": ""})
        return self.filter(test)
