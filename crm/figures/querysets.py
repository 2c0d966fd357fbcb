"""Who may see clients' figures, and who the files that they come in (domain 1.2 and 1.3, class K)."""

import datetime as dt
from typing import Any

from crm.kernel.querysets import VisibleQuerySet
from crm.staff.choices import Role

FILE_READERS = (Role.HO, Role.FIN, Role.OPS, Role.AUD)


class FileQuerySet(VisibleQuerySet[Any]):
    """Nightly files."""

    def visible_to(self, user: Any) -> "FileQuerySet":
        """All of them for head office, finance, the business office and audit: they say which files came, not what a client holds."""
        return self.all() if user.actor.has_role(*FILE_READERS) else self.none()


class DailyQuerySet(VisibleQuerySet[Any]):
    """Rows of clients' figures."""

    def visible_to(self, user: Any) -> "DailyQuerySet":
        """With their client, for those who see it whole: own, team, centre; all for head office, compliance and audit."""
        return self.filter(client__in=self.model.client_model().objects.within(user.actor.reach()))

    def standing(self) -> "DailyQuerySet":
        """As last stated: what was re-stated since is left out."""
        return self.filter(is_latest=True)

    def between(self, since: dt.date, until: dt.date) -> "DailyQuerySet":
        """Of the days from `since` to `until`, both included, as last stated."""
        return self.standing().filter(on__range=(since, until))
