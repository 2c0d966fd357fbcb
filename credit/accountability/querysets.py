"""Who may see which accountability files (domain 1.2, 7.7): as the pack, but for the analysts; who began the loan, for good."""

from typing import Any

from django.db.models import Q

from crm.kernel.querysets import VisibleQuerySet
from crm.staff.choices import RELATIONSHIP_ROLES, Role

READERS = (*RELATIONSHIP_ROLES, Role.TH, Role.RCH, Role.HO, Role.CO, Role.CC, Role.COMP, Role.AUD, Role.HR)
COMMITTEE = (Role.HR, Role.AUD, Role.CO, Role.CC, Role.HO)


class FileQuerySet(VisibleQuerySet[Any]):
    """Accountability files."""

    def visible_to(self, user: Any) -> "FileQuerySet":
        """The client's manager, its heads, head office, approvers, compliance and audit, as they see the pack; who began the loan.

        Human resources see files that are frozen.
        """
        if not (user.pk and user.actor.has_role(*READERS)):
            return self.none()
        seen = Q(pack__in=self.model.pack_model().objects.visible_to(user)) | Q(originator=user)
        if user.actor.has_role(Role.HR):
            seen |= Q(pk__in=self.model.frozen_ids())
        return self.filter(seen)


class OfFileQuerySet(VisibleQuerySet[Any]):
    """What belongs to a file."""

    def visible_to(self, user: Any) -> "OfFileQuerySet":
        """As the file."""
        return self.filter(file_of__in=self.model.file_model().objects.visible_to(user))


class OfCaseQuerySet(VisibleQuerySet[Any]):
    """What belongs to a committee's case."""

    def visible_to(self, user: Any) -> "OfCaseQuerySet":
        """As the file."""
        return self.filter(case__file_of__in=self.model.file_model().objects.visible_to(user))


class BallotQuerySet(OfCaseQuerySet):
    """Ballots with their judgements."""

    def visible_to(self, user: Any) -> "BallotQuerySet":
        """As the file, by those of whom a committee is made and head office: never by whom it judges, nor by a head."""
        if not (user.pk and user.actor.has_role(*COMMITTEE)):
            return self.none()
        return self.filter(case__file_of__in=self.model.file_model().objects.visible_to(user))


class ReadingQuerySet(VisibleQuerySet[Any]):
    """Who read which file."""

    def visible_to(self, user: Any) -> "ReadingQuerySet":
        """Compliance and audit (domain 1.2, "Audit trail")."""
        return self.all() if user.pk and user.actor.has_role(Role.COMP, Role.AUD) else self.none()
