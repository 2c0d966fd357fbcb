"""Who may see which imports and their rows, and which sources."""

from typing import Any

from crm.kernel.querysets import VisibleQuerySet
from crm.staff.choices import RELATIONSHIP_ROLES, Role

IMPORTERS = (*RELATIONSHIP_ROLES, Role.TH, Role.RCH, Role.HO)
"""Who loads directories (domain 2.1, LISTCO and TRADE_DIR): relationship managers, their heads, head office."""

OVERSEERS = (Role.HO, Role.COMP, Role.AUD)
"""Who reads everybody's imports."""


class ImportQuerySet(VisibleQuerySet[Any]):
    """Imports."""

    def visible_to(self, user: Any) -> "ImportQuerySet":
        """One's own; head office, compliance and audit read all. Those made at the console are nobody's own."""
        if user.actor.has_role(*OVERSEERS):
            return self.all()
        return self.filter(owner_id=user.pk) if user.actor.posts else self.none()


class ImportPartQuerySet(VisibleQuerySet[Any]):
    """Rows of imports."""

    def visible_to(self, user: Any) -> "ImportPartQuerySet":
        """As their import."""
        if user.actor.has_role(*OVERSEERS):
            return self.all()
        return self.filter(of_import__owner_id=user.pk) if user.actor.posts else self.none()


class SourceQuerySet(VisibleQuerySet[Any]):
    """Sources and what was decided on their rows: shared by all who load directories."""

    def visible_to(self, user: Any) -> "SourceQuerySet":
        """Importers and overseers."""
        return self.all() if user.actor.has_role(*IMPORTERS, *OVERSEERS) else self.none()
