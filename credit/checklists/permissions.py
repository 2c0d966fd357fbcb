"""Who brings papers, checks them, asks for waivers and grants them. The services ask the same functions as the buttons."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from credit.checklists.choices import LEVELS, NEVER, EditionState, ItemState, Need, WaiverState
from credit.checklists.models import ChecklistItem, OwnPaper, Waiver
from credit.checklists.querysets import CHECKERS, OWN_PAPER_READERS
from credit.packs import permissions as packs
from crm.kernel.permission import ALLOWED, Permission, denied
from crm.staff.choices import Role


def can_keep(*, user: Any, item: ChecklistItem) -> Permission:
    """The pack's manager, while the version is a draft: request, receive, leave out what does not apply."""
    return packs.can_change(user=user, pack=item.version.pack, version=item.version)


def can_leave_out(*, user: Any, item: ChecklistItem) -> Permission:
    """The manager, for what is asked for only if it applies."""
    kept = can_keep(user=user, item=item)
    if not kept:
        return kept
    if item.need == Need.REQUIRED:
        return denied(_("A required paper is not left out. Ask for a waiver."))
    return ALLOWED


def is_checker(user: Any) -> bool:
    """Holds a post in which papers are checked."""
    return bool(user.actor.has_role(*CHECKERS))


def can_check_at_all(*, user: Any) -> Permission:
    """Relationship managers and their heads."""
    return ALLOWED if is_checker(user) else denied(_("Relationship managers and their heads check papers."))


def can_check(*, user: Any, item: ChecklistItem) -> Permission:
    """A second person of the team or a head: never who received it (domain 6.4)."""
    if not is_checker(user):
        return can_check_at_all(user=user)
    if not item.version.is_draft:
        return denied(_("This version is sealed. Open a new version to change it."))
    if item.state != ItemState.RECEIVED:
        return denied(_("Only a paper that was received is checked."))
    if item.received_by_id == user.pk:
        return denied(_("A second person checks what the first one received."))
    return ALLOWED


def can_ask_waiver(*, user: Any, item: ChecklistItem, level: str) -> Permission:
    """The manager, of a paper that may be waived at all."""
    kept = can_keep(user=user, item=item)
    if not kept:
        return kept
    if level == NEVER:
        return denied(_("Nobody waives this paper."))
    if item.state == ItemState.CHECKED:
        return denied(_("This paper is checked."))
    return ALLOWED


def deciding_post(user: Any, waiver: Waiver) -> Any:
    """The post in which somebody grants: of the level or above, over the pack's team or centre. None where there is none."""
    pack = waiver.version.pack
    fitting = [
        post
        for post in user.actor.deciding_posts
        if post.role in LEVELS[LEVELS.index(waiver.level) :] and post.unit_id == {"TH": pack.team_id, "RCH": pack.centre_id}.get(post.role)
    ]
    return max(fitting, key=lambda post: post.grade, default=None)


def can_decide(*, user: Any, waiver: Waiver) -> Permission:
    """The head of the level or above; never who asked, nor whose desk it is for them."""
    if waiver.state != WaiverState.ASKED:
        return denied(_("This waiver is decided already."))
    if waiver.asked_by_id == user.pk:
        return denied(_("Nobody grants their own waiver."))
    post = deciding_post(user, waiver)
    if post is None or post.user_id == waiver.asked_by_id:
        return denied(_("This is for the head whom it was sent to."))
    return ALLOWED


def can_read_papers(*, user: Any) -> Permission:
    """Head office, content editors, compliance and audit."""
    readers = denied(_("The bank’s own papers are kept by head office and content editors."))
    return ALLOWED if user.actor.has_role(*OWN_PAPER_READERS) else readers


def can_propose_paper(*, user: Any) -> Permission:
    """Content editors and head office."""
    if user.actor.has_role(Role.EDIT, Role.HO):
        return ALLOWED
    return denied(_("Content editors and head office propose papers."))


def can_decide_paper(*, user: Any, own: OwnPaper) -> Permission:
    """A second person of head office."""
    if own.state != EditionState.PROPOSED:
        return denied(_("This change is decided already."))
    if own.proposed_by_id == user.pk:
        return denied(_("You proposed this change, so another person decides it."))
    return ALLOWED if user.actor.has_role(Role.HO) else denied(_("Only head office decides what packs ask for."))


def can_withdraw_paper(*, user: Any, own: OwnPaper) -> Permission:
    """Who proposed it, as long as nobody decided."""
    if own.state != EditionState.PROPOSED:
        return denied(_("This change is decided already."))
    return ALLOWED if own.proposed_by_id == user.pk else denied(_("Only who proposed it withdraws it."))
