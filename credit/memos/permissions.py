"""Who writes the application, who attests it. The services ask the same functions as the buttons."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from credit.packs import permissions as packs
from credit.packs.choices import PRE_DECISION, Authorship, State
from credit.packs.models import Pack, PackVersion
from crm.kernel.permission import ALLOWED, Permission, denied
from crm.staff.choices import Role


def can_write(*, user: Any, pack: Pack, version: PackVersion | None) -> Permission:
    """The relationship manager, and the heads over the pack; who writes may not endorse it (domain 6.7). While the version is a draft."""
    heads = {(post.role, post.unit_id) for post in user.actor.posts}
    over = (Role.TH, pack.team_id) in heads or (Role.RCH, pack.centre_id) in heads
    if not packs.owns(user=user, pack=pack) and not over:
        return denied(_("The relationship manager of this pack and the heads over it write its application."))
    if version is None or not version.is_draft or pack.state not in PRE_DECISION:
        return denied(_("This version is sealed. Open a new version to change it."))
    if pack.authorship == Authorship.RM and version.number == 1 and pack.state in (State.DRAFT, State.DOCS):
        return denied(_("The application is begun once the papers are gathered."))
    return ALLOWED


def can_attest(*, user: Any, pack: Pack, version: PackVersion | None) -> Permission:
    """The relationship manager alone."""
    owned = packs.owns(user=user, pack=pack)
    return can_write(user=user, pack=pack, version=version) if owned else owned
