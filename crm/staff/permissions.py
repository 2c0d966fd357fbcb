"""Who may administer people and units. An administrator has no business data; compliance and audit read."""

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from crm.kernel.permission import ALLOWED, Permission, denied
from crm.staff.choices import ChangeState, Role

if TYPE_CHECKING:
    from crm.staff.models import PostChange


def can_read_staff(*, user: Any) -> Permission:
    """Administrators, compliance and internal audit read staff records (domain 1.2, "Users, grades")."""
    if user.actor.has_role(Role.ADM, Role.COMP, Role.AUD):
        return ALLOWED
    return denied(_("Staff records are for administrators, compliance and internal audit."))


def can_administer(*, user: Any) -> Permission:
    """Administrators keep users, units and calendars."""
    return ALLOWED if user.actor.has_role(Role.ADM) else denied(_("Only an administrator may change this."))


def can_decide_change(*, user: Any, change: "PostChange") -> Permission:
    """Another administrator than the proposer, and never the person concerned (domain 1.2: dual control on grades)."""
    if not user.actor.has_role(Role.ADM):
        return denied(_("Only an administrator may decide this."))
    if change.state != ChangeState.PROPOSED:
        return denied(_("This change is decided already."))
    if change.proposed_by_id == user.pk:
        return denied(_("You proposed this change, so another administrator decides it."))
    if change.user_id == user.pk:
        return denied(_("Nobody decides a change of their own posts."))
    return ALLOWED
