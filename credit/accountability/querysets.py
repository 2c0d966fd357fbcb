"""Who may see which accountability files (domain 1.2, 7.7): as the pack, but for the analysts; who began the loan, for good."""

from typing import Any

from django.db.models import Q

from crm.kernel.querysets import VisibleQuerySet
from crm.staff.choices import RELATIONSHIP_ROLES, Role

READERS = (*RELATIONSHIP_ROLES, Role.TH, Role.RCH, Role.HO, Role.CO, Role.CC, Role.COMP, Role.AUD)


class FileQuerySet(VisibleQuerySet[Any]):
    """Accountability files."""

    def visible_to(self, user: Any) -> "FileQuerySet":
        """The client's manager, its heads, head office, approvers, compliance and audit, as they see the pack; who began the loan."""
        if not (user.pk and user.actor.has_role(*READERS)):
            return self.none()
        return self.filter(Q(pack__in=self.model.pack_model().objects.visible_to(user)) | Q(originator=user))


class OfFileQuerySet(VisibleQuerySet[Any]):
    """What belongs to a file."""

    def visible_to(self, user: Any) -> "OfFileQuerySet":
        """As the file."""
        return self.filter(file_of__in=self.model.file_model().objects.visible_to(user))


class ReadingQuerySet(VisibleQuerySet[Any]):
    """Who read which file."""

    def visible_to(self, user: Any) -> "ReadingQuerySet":
        """Compliance and audit (domain 1.2, "Audit trail")."""
        return self.all() if user.pk and user.actor.has_role(Role.COMP, Role.AUD) else self.none()
