"""Who may see verifications: never who could warn the client that its papers are being checked (tipping-off)."""

from typing import Any

from credit.flags.querysets import CREDIT, centres_headed, knows_all
from crm.kernel.querysets import VisibleQuerySet
from crm.staff.choices import Role

KEEPERS = (Role.EDIT, *CREDIT)


class VerificationQuerySet(VisibleQuerySet[Any]):
    """Verifications."""

    def visible_to(self, user: Any) -> "VerificationQuerySet":
        """The credit department, head office, compliance, audit; the head of the client's centre."""
        if not (user.pk and user.actor.posts):
            return self.none()
        return self.all() if knows_all(user) else self.filter(client__centre_id__in=centres_headed(user))


class VerificationPartQuerySet(VisibleQuerySet[Any]):
    """Steps of verifications."""

    def visible_to(self, user: Any) -> "VerificationPartQuerySet":
        """As the verification."""
        return self.filter(verification__in=self.model.verification_model().objects.visible_to(user))


class DirectoryQuerySet(VisibleQuerySet[Any]):
    """The independent directory."""

    def visible_to(self, user: Any) -> "DirectoryQuerySet":
        """Whoever keeps it or asks by it: editors and the credit department; compliance, head office and audit read it."""
        return self.all() if user.pk and (knows_all(user) or user.actor.has_role(*KEEPERS)) else self.none()
