"""Who may read, add, rule on and edit clippings. The services ask the same functions as the buttons."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from content.clippings.choices import Class
from content.clippings.models import Clipping
from content.clippings.querysets import ADDERS, PUBLIC_READERS, RULERS
from crm.kernel.permission import ALLOWED, Permission, denied
from crm.staff.choices import Role


def can_read_clippings(*, user: Any) -> Permission:
    """All staff but administrators; which ones is for the rows."""
    if user.actor.has_role(*PUBLIC_READERS):
        return ALLOWED
    return denied(_("Clippings are read by all staff but administrators."))


def can_add_clipping(*, user: Any) -> Permission:
    """Relationship managers, team heads and editors."""
    if user.actor.has_role(*ADDERS):
        return ALLOWED
    return denied(_("Clippings are added by relationship managers, team heads and editors."))


def is_editor(user: Any) -> bool:
    """Holds a content editor's post."""
    return bool(user.actor.has_role(Role.EDIT))


def can_edit(*, user: Any, clipping: Clipping) -> Permission:
    """Tag, publish and withdraw: editors, but never a deal."""
    if not is_editor(user):
        return denied(_("Only content editors tag and publish clippings."))
    if clipping.klass == Class.DEAL:
        return denied(_("Deals stay with whoever added them."))
    return ALLOWED


def can_open_inbox(*, user: Any) -> Permission:
    """The editors' inbox."""
    return ALLOWED if is_editor(user) else denied(_("The inbox is the content editors'."))


def can_rule(*, user: Any, clipping: Clipping) -> Permission:
    """Say whether a company is meant: who adds clippings, and centre heads."""
    if not user.actor.has_role(*RULERS):
        return denied(_("Relationship managers, their heads and editors say whether a company is meant."))
    if clipping.klass == Class.DEAL and clipping.added_by_id != user.pk:
        return denied(_("Only whoever added it says so of a deal."))
    return ALLOWED


def publishes_at_once(user: Any, publishes_directly: bool) -> bool:
    """What comes in is readable without an editor: an editor's own, and a trusted source's own feed or archive."""
    return publishes_directly and (user is None or is_editor(user))
