"""Who has a morning brief."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.kernel.permission import ALLOWED, Permission, denied
from crm.staff.choices import RELATIONSHIP_ROLES, Role

READERS = (*RELATIONSHIP_ROLES, Role.TH, Role.RCH)


def can_read_brief(*, user: Any) -> Permission:
    """Those who look after companies, and their heads."""
    if user.actor.has_role(*READERS):
        return ALLOWED
    return denied(_("The morning brief is for relationship managers and their heads."))
