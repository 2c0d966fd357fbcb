"""Who writes covenants down, confirms, tests and waives them (domain 1.2 and 7.8). The services ask the same functions as the buttons."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from credit.covenants.choices import UNSETTLED, State, TestState, WaiverState
from credit.covenants.models import Covenant, CovenantTest, Waiver, WaiverVote
from credit.covenants.querysets import WRITERS
from credit.decisions import permissions as decisions
from credit.decisions import selectors as decided
from credit.decisions.choices import Level
from credit.packs.choices import GRANTED, LIVE
from credit.packs.models import Pack
from credit.packs.permissions import READERS as PACK_READERS
from credit.packs.querysets import CREDIT
from crm.kernel.permission import ALLOWED, Permission, denied
from crm.staff.choices import Role

READERS = tuple(role for role in PACK_READERS if role != Role.SYS)
BOUND = (*GRANTED, *LIVE)
"""States of a pack in which it has covenants."""


def can_read_covenants(*, user: Any) -> Permission:
    """Whoever reads packs; other systems of the bank do not."""
    return ALLOWED if user.actor.has_role(*READERS) else denied(_("Your post reads no covenants."))


def reads(user: Any) -> bool:
    """For the menu."""
    return bool(can_read_covenants(user=user))


def writes(user: Any) -> bool:
    """Writes covenants down and tests them."""
    return bool(user.actor.has_role(*WRITERS))


def _can_write(user: Any) -> Permission:
    return ALLOWED if writes(user) else denied(_("The credit department and credit administration keep covenants."))


def can_propose(*, user: Any, pack: Pack) -> Permission:
    """Credit or credit administration, once the pack is approved and as long as its limit lives."""
    may = _can_write(user)
    if may and pack.state not in BOUND:
        return denied(_("An approved pack or a live limit has covenants."))
    return may


def can_confirm(*, user: Any, covenant: Covenant) -> Permission:
    """A second person of credit or credit administration."""
    may = can_propose(user=user, pack=covenant.pack)
    if not may:
        return may
    if covenant.state != State.PROPOSED:
        return denied(_("This covenant does not wait to be confirmed."))
    if covenant.proposed_by_id == user.pk:
        return denied(_("A second person confirms what the first one wrote down."))
    return ALLOWED


def can_refuse(*, user: Any, covenant: Covenant) -> Permission:
    """Whoever may confirm it; and whoever wrote it down takes it back."""
    may = _can_write(user)
    if may and covenant.state != State.PROPOSED:
        return denied(_("This covenant does not wait to be confirmed."))
    return may


def can_replace(*, user: Any, covenant: Covenant) -> Permission:
    """Propose a successor to one that is in force."""
    if covenant.state != State.IN_FORCE:
        return denied(_("This covenant is not in force."))
    return can_propose(user=user, pack=covenant.pack)


def can_receive(*, user: Any, test: CovenantTest) -> Permission:
    """The relationship manager of the pack, who brings the paper, or those who keep covenants."""
    if test.state != TestState.WAITING:
        return denied(_("The paper of this period is not awaited."))
    if test.covenant.pack.owner_id == user.pk or writes(user):
        return ALLOWED
    return denied(_("The relationship manager, the credit department and credit administration bring papers."))


def can_test(*, user: Any, test: CovenantTest) -> Permission:
    """Credit or credit administration, once the paper is there; never the relationship manager."""
    may = _can_write(user)
    if not may:
        return may
    if test.covenant.pack.owner_id == user.pk:
        return denied(_("Who looks after the client does not test its covenants."))
    if test.state not in (TestState.RECEIVED, TestState.UNTESTABLE):
        return denied(_("Nothing waits to be tested here."))
    return ALLOWED


def can_cure(*, user: Any, test: CovenantTest) -> Permission:
    """Credit or credit administration says that a breach is cured."""
    may = _can_write(user)
    if may and test.state != TestState.BREACHED:
        return denied(_("This covenant is not breached."))
    return may


def can_ask_waiver(*, user: Any, covenant: Covenant, test: CovenantTest | None = None) -> Permission:
    """The relationship manager, the head of the team, or the credit department; for a test that is not settled."""
    pack = covenant.pack
    heads = any(post.role == Role.TH and post.unit_id == pack.team_id for post in user.actor.posts)
    if not (pack.owner_id == user.pk or heads or user.actor.has_role(*CREDIT)):
        return denied(_("The relationship manager, the head of the team and the credit department ask for waivers."))
    if covenant.state != State.IN_FORCE:
        return denied(_("This covenant is not in force."))
    if test is not None and test.state not in UNSETTLED:
        return denied(_("This test is settled."))
    return ALLOWED


def _judges(user: Any, waiver: Waiver) -> Permission:
    """Neither asked for it nor had a part in the pack."""
    if waiver.state != WaiverState.ASKED:
        return denied(_("This waiver is decided."))
    if waiver.asked_by_id == user.pk:
        return denied(_("Who asks for a waiver does not decide on it."))
    if user.pk in decided.barred(waiver.covenant.pack):
        return denied(_("Who asked for a pack, wrote or endorsed it does not decide on it."))
    return ALLOWED


def can_decide_waiver(*, user: Any, waiver: Waiver) -> Permission:
    """The level that approved the pack, or above; the committee votes instead. Never who asked, nor who had a part in the pack."""
    judges = _judges(user, waiver)
    if not judges:
        return judges
    if waiver.level == Level.CC:
        return denied(_("The credit committee decides on this waiver by vote."))
    fits = user.actor.has_role(Role.CC) or decisions.post_for(user, waiver.level) is not None
    return ALLOWED if fits else denied(_("Only the level that approved the pack waives its covenants."))


def can_vote_waiver(*, user: Any, waiver: Waiver, votes: Sequence[WaiverVote]) -> Permission:
    """A member of the committee, once, on what the committee approved."""
    judges = _judges(user, waiver)
    if not judges:
        return judges
    if waiver.level != Level.CC:
        return denied(_("A credit approver decides on this waiver."))
    if deciding_post(user, waiver) is None:
        return denied(_("Only the level that approved the pack waives its covenants."))
    return denied(_("You have voted.")) if any(vote.actor_id == user.pk for vote in votes) else ALLOWED


def can_close_waiver(*, user: Any, waiver: Waiver, votes: Sequence[WaiverVote]) -> Permission:
    """Whoever voted first, who chairs the vote."""
    judges = _judges(user, waiver)
    if not judges:
        return judges
    if not votes:
        return denied(_("Nobody has voted yet."))
    chairs = votes[0].actor_id == user.pk and deciding_post(user, waiver) is not None
    return ALLOWED if chairs else denied(_("Whoever voted first closes the vote."))


def deciding_post(user: Any, waiver: Waiver) -> Any:
    """The post in which this person decides on it."""
    if waiver.level != Level.CC and (post := decisions.post_for(user, waiver.level)) is not None:
        return post
    return next((post for post in user.actor.deciding_posts if post.role == Role.CC), None)
