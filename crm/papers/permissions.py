"""Who may write letters and read what was refused."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.companies.models import Company
from crm.companies.permissions import covers
from crm.kernel.permission import ALLOWED, Permission, denied
from crm.papers.querysets import AUDITORS


def can_write_letter(*, user: Any, company: Company) -> Permission:
    """Whoever looks after the company, and their heads."""
    return ALLOWED if covers(user=user, company=company) else denied(_("Only those who look after this company write to it."))


def can_write_with(user: Any, record: Any) -> Permission:
    """`can_write_letter` for a company, or whatever belongs to one, as a record's button asks it."""
    return can_write_letter(user=user, company=getattr(record, "company", record))


def can_read_refusals(*, user: Any) -> Permission:
    """Compliance and audit."""
    return ALLOWED if user.actor.has_role(*AUDITORS) else denied(_("Refused papers are read by compliance and audit."))
