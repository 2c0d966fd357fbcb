"""Who submits a pack, who endorses it, who takes it out as a file. The services ask the same functions as the buttons."""

import datetime as dt
from typing import Any

from django.utils.translation import gettext_lazy as _

from credit.memos.selectors import writers_of
from credit.packs import permissions as packs
from credit.packs.choices import TRANSITIONS, State
from credit.packs.guarding import obstacles_of
from credit.packs.models import Pack, PackVersion
from crm.kernel.permission import ALLOWED, Permission, denied
from crm.staff.choices import Role

LADDER = (Role.TH, Role.RCH)


def can_ask(*, user: Any, pack: Pack, version: PackVersion | None) -> Permission:
    """The owner, of an open version, in a state that leads to the endorsement. The guard is `can_submit`'s."""
    owned = packs.owns(user=user, pack=pack)
    if not owned:
        return owned
    if pack.state == State.ENDORSE:
        return denied(_("It waits for the endorser already."))
    if State.ENDORSE not in TRANSITIONS[pack.state]:
        return denied(_("Gather the papers first.") if pack.state == State.DRAFT else _("This pack is decided or closed."))
    if version is None or not version.is_draft:
        return denied(_("This version is sealed. Open a new version to change it."))
    return ALLOWED


def can_submit(*, user: Any, pack: Pack, version: PackVersion | None, now: dt.datetime) -> Permission:
    """`can_ask`, and nothing stands in the way: else all reasons in one sentence (domain 6.7)."""
    asks = can_ask(user=user, pack=pack, version=version)
    if not asks or version is None:
        return asks
    found = obstacles_of(version, now)
    if found:
        return denied(_("Not ready: %(reasons)s") % {"reasons": " ".join(str(one.sentence) for one in found)})
    return ALLOWED


def endorsing_post(user: Any, pack: Pack, level: str) -> Any:
    """The post in which somebody may endorse a pack that waits at a level: of it or above, over the pack. None where there is none."""
    over = {Role.TH: pack.team_id, Role.RCH: pack.centre_id}
    wanted = LADDER[LADDER.index(Role(level)) :]
    fitting = [
        post
        for post in user.actor.deciding_posts
        if post.role in wanted and over[post.role] is not None and post.unit_id == over[post.role]
    ]
    return max(fitting, key=lambda post: post.grade, default=None)


def can_endorse(*, user: Any, pack: Pack, version: PackVersion | None, level: str | None) -> Permission:
    """The head whom it waits for: neither who asks nor who wrote a section (domain 6.7, four eyes).

    `level`: the role whose queue it stands in; None where it waits for nobody.
    """
    if pack.state != State.ENDORSE or version is None or level is None:
        return denied(_("It does not wait for an endorsement."))
    if pack.owner_id == user.pk:
        return denied(_("Nobody endorses their own request."))
    if user.pk in writers_of(version):
        return denied(_("You wrote a part of this application. Somebody else endorses it."))
    return ALLOWED if endorsing_post(user, pack, level) is not None else denied(_("This is for the head whom it was sent to."))
