"""Who may see what of the library (domain 1.2, "Clippings, info library")."""

import datetime as dt
from typing import Any

from django.db.models import Q

from content.clippings.querysets import INTERNAL_READERS, PUBLIC_READERS, READERS_OF_ALL
from content.library.choices import COLUMNS, Class
from crm.kernel.querysets import VisibleQuerySet
from crm.kernel.text import fold
from crm.staff.choices import Role


class SheetQuerySet(VisibleQuerySet[Any]):
    """Product sheets and items of information."""

    def visible_to(self, user: Any) -> "SheetQuerySet":
        """Published ones of the classes that one's posts read; all for editors, compliance and audit."""
        actor = user.actor
        if actor.has_role(Role.EDIT, *READERS_OF_ALL):
            return self.all()
        if actor.has_role(*INTERNAL_READERS):
            return self.filter(live=True)
        return self.filter(live=True, klass=Class.PUBLIC) if actor.has_role(*PUBLIC_READERS) else self.none()

    def offered(self, *, on: dt.date) -> "SheetQuerySet":
        """Published, and not over on a day."""
        return self.filter(Q(expires_on=None) | Q(expires_on__gte=on), live=True)

    def holding(self, query: str) -> "SheetQuerySet":
        """Those whose texts hold each word of a query, however it is spelt. There are few."""
        rows = self
        for word in fold(query).split():
            rows = rows.filter(folded__contains=word)
        return rows

    def written_in(self, languages: list[str]) -> "SheetQuerySet":
        """Those with a text in one of these languages."""
        test = Q(pk__in=[])
        for language in languages:
            test |= ~Q(**{f"summary_{COLUMNS[language]}": ""})
        return self.filter(test)
