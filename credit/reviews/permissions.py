"""Who assigns, reviews, asks, answers, rates, writes memos and returns packs. The services ask the same functions as the buttons."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from credit.packs import permissions as packs
from credit.packs.choices import IN_CREDIT, REVIEW, Authorship, State
from credit.packs.models import Pack, PackVersion
from credit.packs.querysets import CREDIT, READERS_OF_ALL
from credit.reviews.choices import UNSETTLED, WAITING, QuestionState
from credit.reviews.models import Memo, Question, Review
from crm.kernel.permission import ALLOWED, Permission, denied
from crm.staff.choices import Role

_DECIDED = _("This pack is not in review.")


def can_read_intake(*, user: Any) -> Permission:
    """The credit department and its systems; head office, compliance and audit."""
    if user.actor.has_role(*CREDIT, *READERS_OF_ALL, Role.SYS):
        return ALLOWED
    return denied(_("The intake is the credit department’s."))


def is_credit(user: Any) -> bool:
    """Works in the credit department."""
    return bool(user.actor.has_role(*CREDIT))


def reads_rating(user: Any) -> bool:
    """The internal risk class is class R: the credit department, head office, compliance and audit."""
    return bool(user.actor.has_role(*CREDIT, *READERS_OF_ALL))


def can_assign(*, user: Any, pack: Pack, version: PackVersion | None) -> Permission:
    """An analyst takes a pack for themselves, an approver gives it to one; while it waits, or to give it to another."""
    if not user.actor.has_role(Role.CA, Role.CO):
        return denied(_("Analysts and approvers of the credit department assign packs."))
    if pack.state != State.HANDED_OFF and pack.state not in REVIEW:
        return denied(_("Packs are assigned once they are handed off, until they are decided."))
    if pack.state != State.HANDED_OFF and not user.actor.has_role(Role.CO):
        return denied(_("An approver gives a pack that is in review to another analyst."))
    if version is None or version.state != "sealed":
        return denied(_("This version is on hold: a newer one is open."))
    return ALLOWED


def can_review(*, user: Any, pack: Pack, review: Review | None) -> Permission:
    """The analyst of the pack."""
    if review is None:
        return denied(_("Nobody reviews this pack yet."))
    if review.analyst_id != user.pk or not user.actor.has_role(Role.CA):
        return denied(_("Only its analyst does this."))
    return ALLOWED


def can_ask(*, user: Any, pack: Pack, review: Review | None) -> Permission:
    """The analyst, approvers and credit systems, in any review state; more may be asked while answers are awaited."""
    if not user.actor.has_role(Role.CO, Role.SYS):
        mine = can_review(user=user, pack=pack, review=review)
        if not mine:
            return mine
    if pack.owner_id == user.pk:
        return denied(_("Nobody asks questions of themselves."))
    if pack.state in REVIEW or pack.state == State.QUERY:
        return ALLOWED
    return denied(_DECIDED)


def can_answer(*, user: Any, pack: Pack, question: Question | None = None) -> Permission:
    """The pack's relationship manager, of a question that waits."""
    owned = packs.owns(user=user, pack=pack)
    if not owned:
        return owned
    if pack.state not in IN_CREDIT:
        return denied(_DECIDED)
    if question is not None and question.state not in WAITING:
        return denied(_("This question does not wait for an answer."))
    return ALLOWED


def can_settle(*, user: Any, question: Question, review: Review | None, act: str) -> Permission:
    """Accept, ask again, withdraw: the analyst, or an approver; a credit system of what it asked itself."""
    asks = can_ask(user=user, pack=question.pack, review=review)
    if not asks:
        return asks
    if user.actor.has_role(Role.SYS) and question.asked_by_id != user.pk:
        return denied(_("A system settles only the questions that it asked."))
    if act in ("accept", "reopen") and question.state != QuestionState.ANSWERED:
        return denied(_("This question is not answered yet."))
    if act == "withdraw" and question.state not in (*UNSETTLED, QuestionState.DRAFT):
        return denied(_("This question is settled."))
    return ALLOWED


def can_resume(*, user: Any, pack: Pack) -> Permission:
    """The relationship manager gives the pack back once the blockers are answered (transition 11)."""
    owned = packs.owns(user=user, pack=pack)
    if not owned:
        return owned
    return ALLOWED if pack.state == State.QUERY else denied(_("No question holds this pack up."))


def can_return(*, user: Any, pack: Pack, review: Review | None) -> Permission:
    """The analyst or an approver, from any review state (transition 12)."""
    if user.actor.has_role(Role.SYS):
        return denied(_("A person of the credit department does this."))
    return can_ask(user=user, pack=pack, review=review)


def can_rate(*, user: Any, pack: Pack, review: Review | None) -> Permission:
    """The analyst, until the pack is put up for decision."""
    mine = can_review(user=user, pack=pack, review=review)
    if not mine:
        return mine
    if pack.state in (State.IN_REVIEW, State.WRITING_B, State.FACT_CHECK):
        return ALLOWED
    return denied(_("The risk class is set while the pack is in review."))


def can_start_memo(*, user: Any, pack: Pack, review: Review | None) -> Permission:
    """The analyst under model B (transition 8)."""
    mine = can_review(user=user, pack=pack, review=review)
    if not mine:
        return mine
    if pack.authorship != Authorship.CREDIT:
        return denied(_("The relationship manager wrote the application of this pack."))
    return ALLOWED if pack.state == State.IN_REVIEW else denied(_("A memo is begun while the pack is in review."))


def can_write(*, user: Any, pack: Pack, review: Review | None) -> Permission:
    """The analyst, in their memo."""
    mine = can_review(user=user, pack=pack, review=review)
    if not mine:
        return mine
    return ALLOWED if pack.state == State.WRITING_B else denied(_("No memo is being written."))


def can_check_facts(*, user: Any, pack: Pack, memo: Memo | None) -> Permission:
    """The relationship manager, once (transition 9)."""
    owned = packs.owns(user=user, pack=pack)
    if not owned:
        return owned
    if pack.state != State.FACT_CHECK or memo is None:
        return denied(_("No memo waits for its fact check."))
    if memo.facts_checked_at is not None:
        return denied(_("The facts are checked."))
    return ALLOWED
