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


class RefusalQuerySet(VisibleQuerySet[Any]):
    """Papers that were refused."""

    def visible_to(self, user: Any) -> "RefusalQuerySet":
        """Compliance and audit, as the audit trail (domain 1.2)."""
        return self.all() if user.actor.has_role(*AUDITORS) else self.none()
