"""Who may administer people and units. An administrator has no business data; compliance and audit read."""

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from crm.kernel.permission import ALLOWED, Permission, denied
from crm.staff.choices import DECIDING_ROLES, HEADS, ChangeState, Role, UnitKind

if TYPE_CHECKING:
    from crm.staff.models import ApiToken, LeaveCover, OrgUnit, PostChange, User


def can_read_staff(*, user: Any) -> Permission:
    """Administrators, compliance and internal audit read staff records (domain 1.2, "Users, grades")."""
    if user.actor.has_role(Role.ADM, Role.COMP, Role.AUD):
        return ALLOWED
    return denied(_("Staff records are for administrators, compliance and internal audit."))


def can_administer(*, user: Any) -> Permission:
    """Administrators keep users, units and calendars."""
    return ALLOWED if user.actor.has_role(Role.ADM) else denied(_("Only an administrator may change this."))


def can_keep_calendar(*, user: Any, unit: "OrgUnit") -> Permission:
    """Administrators, of a centre: its teams and branches live by its calendar."""
    may = can_administer(user=user)
    if not may:
        return may
    return ALLOWED if unit.kind == UnitKind.CENTRE else denied(_("Only a regional centre has a working calendar."))


def can_help_in(*, user: Any, account: "User") -> Permission:
    """Administrators unlock accounts and set new passwords: another person's, and none of a system, which never signs in."""
    may = can_administer(user=user)
    if not may:
        return may
    if account.is_service:
        return denied(_("A system account has no password."))
    return ALLOWED if account.pk != user.pk else denied(_("Another administrator does this for you."))


def can_make_token(*, user: Any, account: "User") -> Permission:
    """Administrators, for a system account; people make their own."""
    may = can_administer(user=user)
    if not may:
        return may
    return ALLOWED if account.is_service and account.is_active else denied(_("People make their own tokens."))


def can_confirm_token(*, user: Any, token: "ApiToken") -> Permission:
    """Another administrator than the one who made it."""
    may = can_administer(user=user)
    if not may:
        return may
    if token.made_by_id is None or token.confirmed_at is not None or token.revoked_at is not None:
        return denied(_("This token does not wait to be confirmed."))
    if token.made_by_id == user.pk:
        return denied(_("You made this token, so another administrator confirms it."))
    return ALLOWED


def can_revoke_token(*, user: Any, token: "ApiToken") -> Permission:
    """Its user; of a system account an administrator."""
    return ALLOWED if token.user_id == user.pk else can_administer(user=user)


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


def can_read_covers(*, user: Any) -> Permission:
    """Who decides something, and who reads staff records."""
    if user.actor.has_role(*DECIDING_ROLES, Role.ADM, Role.AUD):
        return ALLOWED
    return denied(_("Leave cover is for those who decide requests."))


def is_head_of(user: Any, person: Any) -> bool:
    """Whether `user` heads this head: the centre head the team heads of the centre, head office all team and centre heads and its own."""
    if user.pk == person.pk or not user.actor.has_role(Role.RCH, Role.HO):
        return False
    centres = {post.unit_id for post in user.actor.posts if post.role == Role.RCH}
    if any(post.role == Role.TH and post.unit.centre_id in centres for post in person.actor.posts):
        return True
    return user.actor.has_role(Role.HO) and person.actor.has_role(*HEADS)


def can_name_deputy(*, user: Any, principal: Any) -> Permission:
    """The one who goes away, or their head."""
    if not principal.actor.has_role(*DECIDING_ROLES):
        return denied(_("Only who decides requests needs a deputy."))
    if user.pk == principal.pk or is_head_of(user, principal):
        return ALLOWED
    return denied(_("A deputy is named by the person who is away, or by their head."))


def can_end_cover(*, user: Any, cover: "LeaveCover") -> Permission:
    """Either of the two, and the head of the one who is away."""
    if cover.ended_at is not None:
        return denied(_("This cover has ended already."))
    if user.pk in (cover.principal_id, cover.deputy_id) or is_head_of(user, cover.principal):
        return ALLOWED
    return denied(_("A cover is ended by the two whom it concerns, or by the head."))
