"""The card and the buttons that a decision puts on a pack's page."""

import datetime as dt
from typing import Any

from django.utils.translation import gettext_lazy as _

from credit.decisions import permissions, selectors
from credit.decisions.choices import ConditionState, Level
from credit.decisions.models import Case, Condition, FacilityLetter, Motion
from credit.packs import permissions as pack_permissions
from credit.packs.choices import DECIDED, LIVE, State
from credit.packs.models import Pack, PackVersion
from credit.packs.parts import PackAction, PackPanel
from credit.reviews import permissions as review_permissions
from credit.reviews import selectors as reviews
from credit.reviews.models import Memo, Review
from credit.reviews.panels import standing
from crm.kernel.permission import Permission
from crm.staff.choices import Role

_CONDITION_TONES = {
    ConditionState.PROPOSED: "",
    ConditionState.OPEN: "amber",
    ConditionState.SHOWN: "indigo",
    ConditionState.MET: "jade",
    ConditionState.WAIVED: "jade",
}
_CASED = (State.FOR_DECISION, State.DEFERRED, *DECIDED)
_STOPPED = (State.SUSPENDED, State.REVIEW_DUE)
_LETTERED = set(DECIDED) - {State.DECLINED}


def _case_of(pack: Pack) -> Case | None:
    return reviews.at_hand(pack, "_case_at_hand", selectors.case_of)


def _review_of(pack: Pack) -> Review | None:
    return reviews.at_hand(pack, "_review_at_hand", reviews.review_of)


def _memo_of(pack: Pack) -> Memo | None:
    return reviews.at_hand(pack, "_memo_at_hand", reviews.memo_of)


def _card(user: Any, pack: Pack, version: PackVersion, now: dt.datetime) -> dict[str, Any] | None:
    """Level and exposure for the credit department, the decision for all, conditions with what may be done."""
    if pack.state not in _CASED:
        return None
    case, decision = _case_of(pack), selectors.decision_of(pack)
    if case is None:
        return None
    shown = [row for row in Condition.objects.visible_to(user).filter(case=case).order_by("number") if row.state != ConditionState.DROPPED]
    for row in shown:
        row.pack = pack
    motion = _motion(pack) if permissions.reads_level(user) and pack.state == State.FOR_DECISION else None
    return {
        "case": case if permissions.reads_level(user) else None,
        "decision": decision if decision is not None and decision.case_id == case.pk else None,
        "earlier": decision if decision is not None and decision.case_id != case.pk else None,
        "judgement": permissions.reads_level(user),
        "motion": motion,
        "votes": list(motion.votes.select_related("actor").order_by("pk")) if motion is not None else [],
        "letters": _letters_of(user, pack),
        "life": selectors.life_of(pack, now) if pack.state in LIVE else None,
        "suspended": selectors.why_suspended(pack) if pack.state == State.SUSPENDED else "",
        "conditions": [(row, _CONDITION_TONES[ConditionState(row.state)], _acts(user, row)) for row in shown],
    }


def _acts(user: Any, row: Condition) -> list[tuple[Any, str]]:
    """What may be done with a condition: words and URL names."""
    credit, cad = review_permissions.is_credit(user), permissions.is_cad(user)
    found: list[tuple[Any, str]] = []
    if credit and row.state == ConditionState.PROPOSED and row.pack.state == State.FOR_DECISION:
        found.append((_("Take away"), "decisions:take_condition_back"))
    if cad and permissions.can_show(user=user, condition=row):
        found.append((_("It is met"), "decisions:show_condition"))
    if cad and permissions.can_check(user=user, condition=row):
        found.append((_("Check"), "decisions:check_condition"))
    if credit and permissions.can_waive(user=user, condition=row, level=selectors.waiving_level(row)):
        found.append((_("Waive"), "decisions:waive_condition"))
    return found


CARD = PackPanel("decision", _("Decision"), "decisions/card.html", _card, order=3)


def _route(user: Any, pack: Pack, version: PackVersion | None, now: dt.datetime) -> Permission:
    return permissions.can_route(user=user, pack=pack, version=standing(pack), review=_review_of(pack), memo=_memo_of(pack))


def _decide(user: Any, pack: Pack, version: PackVersion | None, now: dt.datetime) -> Permission:
    return permissions.can_decide(user=user, pack=pack, case=_case_of(pack))


def _pass_up(user: Any, pack: Pack, version: PackVersion | None, now: dt.datetime) -> Permission:
    return permissions.can_pass_up(user=user, pack=pack, case=_case_of(pack))


def _put(user: Any, pack: Pack, version: PackVersion | None, now: dt.datetime) -> Permission:
    return permissions.can_put(user=user, pack=pack, case=_case_of(pack))


def _open_motion(pack: Pack) -> Motion | None:
    case = _case_of(pack)
    motion = selectors.open_motion(case) if case is not None else None
    if motion is not None and case is not None:
        motion.case = case
    return motion


def _motion(pack: Pack) -> Motion | None:
    return reviews.at_hand(pack, "_motion_at_hand", _open_motion)


def _vote(user: Any, pack: Pack, version: PackVersion | None, now: dt.datetime) -> Permission:
    return permissions.can_vote(user=user, pack=pack, motion=_motion(pack))


def _close(user: Any, pack: Pack, version: PackVersion | None, now: dt.datetime) -> Permission:
    return permissions.can_close(user=user, pack=pack, motion=_motion(pack))


def _propose(user: Any, pack: Pack, version: PackVersion | None, now: dt.datetime) -> Permission:
    return permissions.can_propose(user=user, pack=pack, case=_case_of(pack))


def _answer(user: Any, pack: Pack, version: PackVersion | None, now: dt.datetime) -> Permission:
    return permissions.can_answer_deferral(user=user, pack=pack, review=_review_of(pack))


def _appeal(user: Any, pack: Pack, version: PackVersion | None, now: dt.datetime) -> Permission:
    return permissions.can_appeal(user=user, pack=pack)


def _own(user: Any, pack: Pack, version: PackVersion | None, now: dt.datetime) -> Permission:
    return pack_permissions.owns(user=user, pack=pack)


def _letters_of(user: Any, pack: Pack) -> list[FacilityLetter]:
    if pack.state not in _LETTERED:
        return []
    return reviews.at_hand(pack, "_letters_at_hand", lambda row: selectors.letters_of(row, user=user))


def _offer(user: Any, pack: Pack, version: PackVersion | None, now: dt.datetime) -> Permission:
    return permissions.can_offer(user=user, pack=pack, letter=next(iter(_letters_of(user, pack)), None))


def _administers(*states: str) -> Any:
    return lambda user, pack, version, now: permissions.can_administer(user=user, pack=pack, states=states)


def _for(role: str, *states: str) -> Any:
    return lambda user, pack: pack.state in states and user.actor.has_role(role)


def _for_owner(*states: str) -> Any:
    return lambda user, pack: pack.state in states and bool(pack_permissions.owns(user=user, pack=pack))


def _for_approvers(*states: str) -> Any:
    return lambda user, pack: pack.state in states and user.actor.has_role(Role.CO, Role.CC)


def _suspend(user: Any, pack: Pack, version: PackVersion | None, now: dt.datetime) -> Permission:
    return permissions.can_suspend(user=user, pack=pack)


def _restore(user: Any, pack: Pack, version: PackVersion | None, now: dt.datetime) -> Permission:
    return permissions.can_restore(user=user, pack=pack)


def _cancel(user: Any, pack: Pack, version: PackVersion | None, now: dt.datetime) -> Permission:
    return permissions.can_cancel(user=user, pack=pack)


def _at_committee(user: Any, pack: Pack) -> bool:
    """A member of the committee, of a case that is the committee's."""
    if pack.state != State.FOR_DECISION or not user.actor.has_role(Role.CC):
        return False
    case = _case_of(pack)
    return case is not None and case.level == Level.CC


def _in_vote(user: Any, pack: Pack) -> bool:
    return _at_committee(user, pack) and _motion(pack) is not None


def _before_vote(user: Any, pack: Pack) -> bool:
    return _at_committee(user, pack) and _motion(pack) is None


_UP, _PUT_OFF = State.FOR_DECISION, State.DEFERRED
_REVIEWED = (State.IN_REVIEW, State.FACT_CHECK)
ACTIONS = (
    PackAction(
        "route", _("Put up for decision"), "decisions:route", "up", _route, _for(Role.CA, State.IN_REVIEW, State.FACT_CHECK), order=14
    ),
    PackAction("decide", _("Decide"), "decisions:decide", "check", _decide, _for(Role.CO, _UP), order=10, primary=True),
    PackAction("put_motion", _("Put a motion to the vote"), "decisions:put_motion", "people", _put, _before_vote, order=10, primary=True),
    PackAction("vote", _("Vote"), "decisions:vote", "check", _vote, _in_vote, order=11, primary=True),
    PackAction("close_motion", _("Close the vote"), "decisions:close_motion", "check", _close, _in_vote, order=12),
    PackAction(
        "propose_condition",
        _("Add a condition"),
        "decisions:propose_condition",
        "plus",
        _propose,
        lambda user, pack: pack.state == _UP and review_permissions.is_credit(user),
        order=28,
    ),
    PackAction("pass_up", _("Pass it up"), "decisions:pass_up", "up", _pass_up, _for(Role.CO, _UP), order=29),
    PackAction(
        "answer_deferral", _("Take it up again"), "decisions:answer_deferral", "undo", _answer, _for(Role.CA, State.DEFERRED), order=15
    ),
    PackAction("appeal", _("Appeal"), "decisions:appeal", "undo", _appeal, _for_owner(State.DECLINED), order=15),
    PackAction(
        "draw_letter",
        _("Draw up the facility letter"),
        "decisions:draw_letter",
        "edit",
        _administers(State.APPROVED, State.APPR_COND),
        _for(Role.CAD, State.APPROVED, State.APPR_COND),
        order=9,
    ),
    PackAction(
        "offer",
        _("Send the facility letter"),
        "decisions:offer",
        "mail",
        _offer,
        _for(Role.CAD, State.APPROVED, State.APPR_COND),
        order=10,
        primary=True,
    ),
    PackAction("accept", _("Client accepted"), "decisions:accept", "check", _own, _for_owner(State.OFFERED), order=10, primary=True),
    PackAction(
        "go_live",
        _("Make the limit live"),
        "decisions:go_live",
        "check",
        _administers(State.CP_PENDING),
        _for(Role.CAD, State.CP_PENDING),
        order=10,
        primary=True,
    ),
    PackAction("suspend", _("Suspend the limit"), "decisions:suspend", "x", _suspend, _for_approvers(*permissions.DRAWABLE), order=60),
    PackAction("restore", _("Restore the limit"), "decisions:restore", "undo", _restore, _for_approvers(*_STOPPED), order=15),
    PackAction("cancel", _("Cancel the limit"), "decisions:cancel", "trash", _cancel, _for_owner(*LIVE), order=85),
)
