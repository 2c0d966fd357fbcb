"""The cards and buttons that a review puts on a pack's page."""

import datetime as dt
from typing import Any

from django.utils.translation import gettext_lazy as _

from credit.packs import permissions as packs
from credit.packs.choices import Authorship, State, VersionState
from credit.packs.models import Pack, PackVersion
from credit.packs.parts import PackAction, PackPanel
from credit.reviews import permissions, selectors
from credit.reviews.choices import UNSETTLED, WAITING, QuestionState, Severity
from credit.reviews.models import Memo, Question, Review
from crm.kernel.permission import Permission
from crm.staff.choices import Role


def _review_of(pack: Pack) -> Review | None:
    return selectors.at_hand(pack, "_review_at_hand", selectors.review_of)


def _memo_of(pack: Pack) -> Memo | None:
    return selectors.at_hand(pack, "_memo_at_hand", selectors.memo_of)


def _review(user: Any, pack: Pack, version: PackVersion, now: dt.datetime) -> dict[str, Any] | None:
    """Clock, analyst and, for the credit department, the risk class. Nothing before the handoff."""
    if pack.handed_off_at is None:
        return None
    review = _review_of(pack)
    return {"clock": selectors.clock_of(pack, now=now), "review": review, "rating": permissions.reads_rating(user)}


def _questions(user: Any, pack: Pack, version: PackVersion, now: dt.datetime) -> dict[str, Any] | None:
    if pack.handed_off_at is None:
        return None
    rows = list(Question.objects.visible_to(user).filter(pack=pack).order_by("number"))
    return {
        "rows": [row for row in rows if row.state in (*UNSETTLED, QuestionState.DRAFT)],
        "settled": sum(row.state in (QuestionState.ACCEPTED, QuestionState.WITHDRAWN) for row in rows),
        "waiting": sum(row.state in WAITING for row in rows),
        "blockers": sum(row.state in UNSETTLED and row.severity == Severity.BLOCKER for row in rows),
    }


def _memo(user: Any, pack: Pack, version: PackVersion, now: dt.datetime) -> dict[str, Any] | None:
    if pack.authorship != Authorship.CREDIT or pack.handed_off_at is None:
        return None
    memo = _memo_of(pack)
    if memo is None or (memo.sent_at is None and not permissions.reads_rating(user)):
        return None
    return {"memo": memo}


PANELS = (
    PackPanel("review", _("Credit review"), "reviews/review.html", _review, order=1, column=2),
    PackPanel("questions", _("Questions"), "reviews/panel.html", _questions, order=2, column=2),
    PackPanel("memo", _("Analyst’s memo"), "reviews/memo.html", _memo, order=5),
)


def standing(pack: Pack) -> PackVersion | None:
    """The version that is sealed, on hold or not, of those that the page has read."""
    return next((row for row in pack.versions.all() if row.state in (VersionState.SEALED, VersionState.ON_HOLD)), None)


def _assign(user: Any, pack: Pack, version: PackVersion | None, now: dt.datetime) -> Permission:
    return permissions.can_assign(user=user, pack=pack, version=standing(pack))


def _ask(user: Any, pack: Pack, version: PackVersion | None, now: dt.datetime) -> Permission:
    return permissions.can_ask(user=user, pack=pack, review=_review_of(pack))


def _rate(user: Any, pack: Pack, version: PackVersion | None, now: dt.datetime) -> Permission:
    return permissions.can_rate(user=user, pack=pack, review=_review_of(pack))


def _start_memo(user: Any, pack: Pack, version: PackVersion | None, now: dt.datetime) -> Permission:
    return permissions.can_start_memo(user=user, pack=pack, review=_review_of(pack))


def _write(user: Any, pack: Pack, version: PackVersion | None, now: dt.datetime) -> Permission:
    return permissions.can_write(user=user, pack=pack, review=_review_of(pack))


def _facts(user: Any, pack: Pack, version: PackVersion | None, now: dt.datetime) -> Permission:
    return permissions.can_check_facts(user=user, pack=pack, memo=_memo_of(pack))


def _resume(user: Any, pack: Pack, version: PackVersion | None, now: dt.datetime) -> Permission:
    return permissions.can_resume(user=user, pack=pack)


def _in(*states: str) -> Any:
    return lambda user, pack: permissions.is_credit(user) and pack.state in states


def _at_work(*states: str) -> Any:
    """Whose review it is: beside a colleague's the buttons would all be refused."""

    def shown(user: Any, pack: Pack) -> bool:
        if not permissions.is_credit(user) or pack.state not in states:
            return False
        review = _review_of(pack)
        return review is None or review.analyst_id == user.pk

    return shown


def _asking(user: Any, pack: Pack) -> bool:
    """And approvers, who may ask of any pack."""
    return pack.state in _ASKED and (user.actor.has_role(Role.CO) or _at_work(*_ASKED)(user, pack))


def _own(*states: str) -> Any:
    return lambda user, pack: bool(packs.owns(user=user, pack=pack)) and pack.state in states


def _own_memo(user: Any, pack: Pack) -> bool:
    return permissions.is_credit(user) and pack.state == State.IN_REVIEW and pack.authorship == Authorship.CREDIT


_RATED = (State.IN_REVIEW, State.WRITING_B, State.FACT_CHECK)
_ASKED = (*_RATED, State.FOR_DECISION, State.QUERY)
ACTIONS = (
    PackAction("assign", _("Review it"), "reviews:assign", "check", _assign, _in(State.HANDED_OFF), order=10, primary=True),
    PackAction("start_memo", _("Begin the memo"), "reviews:start_memo", "edit", _start_memo, _own_memo, order=12, primary=True),
    PackAction("write_memo", _("Write the memo"), "reviews:write_memo", "edit", _write, _at_work(State.WRITING_B), order=12, primary=True),
    PackAction("send_facts", _("Send for the fact check"), "reviews:send_facts", "mail", _write, _at_work(State.WRITING_B), order=13),
    PackAction("check_facts", _("Check the facts"), "reviews:check_facts", "check", _facts, _own(State.FACT_CHECK), order=10, primary=True),
    PackAction("resume", _("Give it back to the review"), "reviews:resume", "check", _resume, _own(State.QUERY), order=12),
    PackAction("ask", _("Add a question"), "reviews:draft_question", "plus", _ask, _asking, order=30),
    PackAction("rate", _("Set the risk class"), "reviews:rate", "star", _rate, _at_work(*_RATED), order=32),
    PackAction("return", _("Return with defects"), "reviews:return_pack", "undo", _ask, _asking, order=86),
)
