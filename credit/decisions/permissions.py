"""Who puts packs up, decides, votes, proposes and settles conditions, appeals. The services ask the same functions as the buttons."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from credit.decisions import rules, selectors
from credit.decisions.choices import ConditionState, Level, MotionState
from credit.decisions.models import Case, Condition, FacilityLetter, Motion
from credit.packs import permissions as packs
from credit.packs.choices import LIVE, Authorship, State
from credit.packs.models import Pack, PackVersion
from credit.packs.querysets import CREDIT, READERS_OF_ALL
from credit.reviews import permissions as reviews
from credit.reviews import selectors as review_selectors
from credit.reviews.models import Memo, Review
from crm.kernel.permission import ALLOWED, Permission, denied
from crm.staff.choices import Role


def reads_level(user: Any) -> bool:
    """Level and exposure are class R."""
    return bool(user.actor.has_role(*CREDIT, *READERS_OF_ALL))


def can_route(*, user: Any, pack: Pack, version: PackVersion | None, review: Review | None, memo: Memo | None) -> Permission:
    """The analyst, once the pack is rated, its blockers are settled and, under model B, its facts are checked (transition 13)."""
    mine = reviews.can_review(user=user, pack=pack, review=review)
    if not mine:
        return mine
    if pack.state not in (State.IN_REVIEW, State.FACT_CHECK):
        return denied(_("A pack in review is put up for decision."))
    if version is None or version.state != "sealed":
        return denied(_("This version is on hold: a newer one is open."))
    if review is None or not review.rating:
        return denied(_("Set the risk class first."))
    if pack.authorship == Authorship.CREDIT and (memo is None or memo.facts_checked_at is None):
        return denied(_("The facts of the memo are not checked yet."))
    blockers = review_selectors.blockers(pack)
    if blockers:
        return denied(_("Blockers that are not settled: %(number)s.") % {"number": blockers})
    return ALLOWED


def _open(pack: Pack, case: Case | None) -> Permission:
    if case is None or pack.state != State.FOR_DECISION:
        return denied(_("This pack is not up for decision."))
    if case.version_read.state != "sealed":
        return denied(_("This version is on hold: a newer one is open."))
    return ALLOWED


def can_sit(*, user: Any, pack: Pack, case: Case | None, role: str) -> Permission:
    """Holds the role and had no part in the pack: neither asked, wrote nor endorsed (invariant 21). No blocker that was asked while it
    was up is unsettled (invariant 29).
    """  # fmt: skip
    if not any(post.role == role for post in user.actor.deciding_posts):
        return denied(_("Credit approvers and the credit committee decide on packs."))
    stands = _open(pack, case)
    if not stands:
        return stands
    if user.pk in selectors.barred(pack):
        return denied(_("Who asked for a pack, wrote or endorsed it does not decide on it."))
    if any(post.user_id in selectors.barred(pack) for post in user.actor.deciding_posts if post.role == role):
        return denied(_("Whose desk you keep had a part in this pack."))
    blockers = review_selectors.blockers(pack)
    if blockers:
        return denied(_("Blockers that are not settled: %(number)s.") % {"number": blockers})
    return ALLOWED


def can_decide(*, user: Any, pack: Pack, case: Case | None) -> Permission:
    """An approver whose authority reaches; the committee votes instead."""
    if case is not None and case.level == Level.CC:
        return denied(_("The credit committee decides on this pack by vote."))
    sits = can_sit(user=user, pack=pack, case=case, role=Role.CO)
    if not sits or case is None:
        return sits
    if post_for(user, case.level) is None:
        return denied(_("A higher credit approver decides on this pack."))
    return ALLOWED


def post_for(user: Any, level: str) -> Any:
    """The post in which this person decides at a level; None where their authority does not reach."""
    fitting = [post for post in user.actor.deciding_posts if post.role == Role.CO and rules.reaches(user.actor.authority_for(post), level)]
    return max(fitting, key=user.actor.authority_for, default=None)


def can_pass_up(*, user: Any, pack: Pack, case: Case | None) -> Permission:
    """An approver who may sit, to the next level."""
    if case is not None and case.level == Level.CC:
        return denied(_("Above the credit committee there is nobody."))
    return can_sit(user=user, pack=pack, case=case, role=Role.CO)


def can_put(*, user: Any, pack: Pack, case: Case | None) -> Permission:
    """A member of the committee opens the vote and chairs it."""
    if case is not None and case.level != Level.CC:
        return denied(_("A credit approver decides on this pack."))
    return can_sit(user=user, pack=pack, case=case, role=Role.CC)


def can_vote(*, user: Any, pack: Pack, motion: Motion | None) -> Permission:
    """A member of the committee, once for each motion."""
    if motion is None or motion.state != MotionState.OPEN:
        return denied(_("Nothing is being voted on."))
    sits = can_sit(user=user, pack=pack, case=motion.case, role=Role.CC)
    if not sits:
        return sits
    if motion.votes.filter(actor=user).exists():
        return denied(_("You have voted."))
    return ALLOWED


def can_close(*, user: Any, pack: Pack, motion: Motion | None) -> Permission:
    """Its chair."""
    if motion is None or motion.state != MotionState.OPEN:
        return denied(_("Nothing is being voted on."))
    if motion.chair_id != user.pk:
        return denied(_("Its chair closes the vote."))
    return can_sit(user=user, pack=pack, case=motion.case, role=Role.CC)


def can_propose(*, user: Any, pack: Pack, case: Case | None) -> Permission:
    """The analyst, approvers and the committee, until the decision."""
    if not user.actor.has_role(*CREDIT):
        return denied(_("The credit department proposes conditions."))
    return _open(pack, case)


def can_answer_deferral(*, user: Any, pack: Pack, review: Review | None) -> Permission:
    """The analyst takes a deferred pack up again (transition 23)."""
    mine = reviews.can_review(user=user, pack=pack, review=review)
    if not mine:
        return mine
    return ALLOWED if pack.state == State.DEFERRED else denied(_("This pack is not deferred."))


def can_appeal(*, user: Any, pack: Pack) -> Permission:
    """The relationship manager of a declined pack, once (transition 25)."""
    owned = packs.owns(user=user, pack=pack)
    if not owned:
        return owned
    if pack.state != State.DECLINED:
        return denied(_("Only a declined pack is appealed."))
    if selectors.has_appealed(pack):
        return denied(_("An appeal is heard once."))
    return ALLOWED


def is_cad(user: Any) -> bool:
    """Works in credit administration."""
    return bool(user.actor.has_role(Role.CAD))


def can_administer(*, user: Any, pack: Pack, states: tuple[str, ...]) -> Permission:
    """Credit administration, while the pack stands in one of these states."""
    if not is_cad(user):
        return denied(_("Credit administration does this."))
    return ALLOWED if pack.state in states else denied(_("The pack does not stand there."))


DRAWABLE = (State.AVAILABLE, State.REVIEW_DUE)
_APPROVED = (State.APPROVED, State.APPR_COND)
_CHECKED_IN = (State.CP_PENDING, *LIVE)


def can_draw(*, user: Any, pack: Pack) -> Permission:
    """Credit administration draws up the facility letter of what was approved and not offered yet."""
    return can_administer(user=user, pack=pack, states=_APPROVED)


def can_offer(*, user: Any, pack: Pack, letter: FacilityLetter | None) -> Permission:
    """A second person of credit administration sends the letter (transition 15)."""
    may = can_draw(user=user, pack=pack)
    if not may:
        return may
    if letter is None:
        return denied(_("Draw up the facility letter first."))
    if letter.actor_id == user.pk:
        return denied(_("A second person of credit administration sends the letter that the first one drew up."))
    return ALLOWED


def can_show(*, user: Any, condition: Condition) -> Permission:
    """Credit administration shows how a condition is met."""
    may = can_administer(user=user, pack=condition.pack, states=_CHECKED_IN)
    if not may:
        return may
    return ALLOWED if condition.state == ConditionState.OPEN else denied(_("This condition is not open."))


def can_check(*, user: Any, condition: Condition) -> Permission:
    """A second person of credit administration (invariant 23)."""
    may = can_administer(user=user, pack=condition.pack, states=_CHECKED_IN)
    if not may:
        return may
    if condition.state != ConditionState.SHOWN:
        return denied(_("This condition is not shown yet."))
    if condition.shown_by_id == user.pk:
        return denied(_("A second person checks what the first one showed."))
    return ALLOWED


def can_waive(*, user: Any, condition: Condition, level: str) -> Permission:
    """The level that approved, or a higher one; the committee's by a member of it. Never who showed it."""
    if condition.state not in (ConditionState.OPEN, ConditionState.SHOWN):
        return denied(_("This condition is not open."))
    if user.pk in selectors.barred(condition.pack):
        return denied(_("Who asked for a pack, wrote or endorsed it does not decide on it."))
    fits = user.actor.has_role(Role.CC) or (level != Level.CC and post_for(user, level) is not None)
    return ALLOWED if fits else denied(_("Only the level that approved waives a condition."))


def may_draw(pack: Pack) -> Permission:
    """Whether anything more may be drawn under a pack's limits (domain 6.8 row 20)."""
    if pack.state == State.SUSPENDED:
        return denied(_("The limit is suspended: nothing more is drawn under it."))
    return ALLOWED if pack.state in DRAWABLE else denied(_("The limit is not live."))


def seat(user: Any) -> Any:
    """The post of the credit department in which somebody suspends or restores: approver before member of the committee."""
    posts = [post for post in user.actor.deciding_posts if post.role in (Role.CO, Role.CC)]
    return max(posts, key=lambda post: (post.role == Role.CO, user.actor.authority_for(post)), default=None)


def can_suspend(*, user: Any, pack: Pack) -> Permission:
    """An approver or a member of the committee: it stops harm, so no authority is asked."""
    if seat(user) is None:
        return denied(_("Credit approvers and the credit committee suspend limits."))
    return ALLOWED if pack.state in DRAWABLE else denied(_("Only a limit that may be drawn is suspended."))


def can_restore(*, user: Any, pack: Pack) -> Permission:
    """The level that approved, another person than suspended it, without a part in the pack."""
    if seat(user) is None:
        return denied(_("Credit approvers and the credit committee restore limits."))
    if pack.state not in (State.SUSPENDED, State.REVIEW_DUE):
        return denied(_("This limit is neither suspended nor due for its review."))
    if user.pk in selectors.barred(pack):
        return denied(_("Who asked for a pack, wrote or endorsed it does not decide on it."))
    if pack.state == State.SUSPENDED and selectors.suspended_by(pack) == user.pk:
        return denied(_("Another person than suspended a limit restores it."))
    decision = selectors.decision_of(pack)
    level = decision.level if decision is not None else Level.CC
    if user.actor.has_role(Role.CC) or (level != Level.CC and post_for(user, level) is not None):
        return ALLOWED
    return denied(_("Only the level that approved restores a limit."))


def can_cancel(*, user: Any, pack: Pack) -> Permission:
    """The relationship manager, as the client asks."""
    owned = packs.owns(user=user, pack=pack)
    if not owned:
        return owned
    return ALLOWED if pack.state in LIVE else denied(_("The limit is not live."))
