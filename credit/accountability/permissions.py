"""Who reads accountability files and who writes into them. Pages and services ask the same functions."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from credit.accountability.models import DutyFile
from credit.accountability.querysets import READERS
from crm.kernel.permission import ALLOWED, Permission, denied
from crm.staff.choices import RELATIONSHIP_ROLES, Role

KNOWING = (Role.HO, Role.CO, Role.CC, Role.COMP, Role.AUD)
"""Who may learn of verifications, which nobody does who could warn the client."""


def can_read_files(*, user: Any) -> Permission:
    """Managers, heads, head office, approvers, compliance and audit."""
    return ALLOWED if user.actor.has_role(*READERS) else denied(_("Your post reads no accountability files."))


def reads(user: Any) -> bool:
    """For the menu."""
    return bool(can_read_files(user=user))


def knows_all(user: Any) -> bool:
    """Reads of credit's own duties too."""
    return bool(user.actor.has_role(*KNOWING))


def can_write(*, user: Any, file: DutyFile) -> Permission:
    """Whoever looks after the client, and who began the loan."""
    if not user.actor.has_role(*RELATIONSHIP_ROLES):
        return denied(_("The client’s relationship manager writes into this file."))
    mine = user.pk in (file.client.owner_id, file.pack.owner_id, file.originator_id)
    return ALLOWED if mine else denied(_("The client’s relationship manager writes into this file."))
