"""Who may see templates, letters and refusals."""

from typing import Any

from crm.kernel.querysets import VisibleQuerySet
from crm.staff.choices import RELATIONSHIP_ROLES, Role

WRITERS = (*RELATIONSHIP_ROLES, Role.TH, Role.RCH)
AUDITORS = (Role.COMP, Role.AUD)


class TemplateQuerySet(VisibleQuerySet[Any]):
    """Templates of letters."""

    def visible_to(self, user: Any) -> "TemplateQuerySet":
        """Published ones for those who write letters; all for editors, compliance and audit."""
        if user.actor.has_role(Role.EDIT, *AUDITORS):
            return self.all()
        return self.filter(live=True) if user.actor.has_role(*WRITERS) else self.none()

    def offered(self, context: str) -> "TemplateQuerySet":
        """Published ones of a context, by code."""
        return self.filter(live=True, context=context).order_by("code")


class LetterQuerySet(VisibleQuerySet[Any]):
    """Letters that were written."""

    def visible_to(self, user: Any) -> "LetterQuerySet":
        """Those to companies that somebody within the person's reach looks after now; all for head office, compliance and audit."""
        reach = user.actor.reach()
        if reach.everything:
            return self.all()
        covered = self.model.coverage_model().objects.current().within(reach)
        return self.filter(company_id__in=covered.values("company_id"))

    def about(self, record: Any) -> "LetterQuerySet":
        """Those that a feature wrote about one of its records, newest first."""
        return self.filter(about_type=record._meta.label_lower, about_id=record.pk).order_by("-pk")


class CopyQuerySet(VisibleQuerySet[Any]):
    """PDFs of letters that were taken."""

    def visible_to(self, user: Any) -> "CopyQuerySet":
        """With their letters."""
        letters = self.model._meta.get_field("letter").related_model
        return self.filter(letter__in=letters.objects.visible_to(user).values("pk"))


class LetterheadQuerySet(VisibleQuerySet[Any]):
    """Heads of letters."""

    def visible_to(self, user: Any) -> "LetterheadQuerySet":
        """Those who edit them, compliance and audit; everybody else sees them on letters."""
        return self.all() if user.actor.has_role(Role.EDIT, *AUDITORS) else self.none()

    def of_unit(self, unit: Any) -> Any:
        """That of the unit, or of the nearest one above that has one; None where no unit has. One statement."""
        above = [int(part) for part in unit.path.split(".") if part]
        rows = self.filter(unit_id__in=above).select_related("unit")
        return max(rows, key=lambda row: len(row.unit.path), default=None)


class RefusalQuerySet(VisibleQuerySet[Any]):
    """Papers that were refused."""

    def visible_to(self, user: Any) -> "RefusalQuerySet":
        """Compliance and audit, as the audit trail (domain 1.2)."""
        return self.all() if user.actor.has_role(*AUDITORS) else self.none()
