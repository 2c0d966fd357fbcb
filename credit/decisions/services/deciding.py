"""The decision: by an approver whose authority reaches, under the group's lock, never changed afterwards (transition 14)."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from credit.decisions import permissions, rules, selectors
from credit.decisions.choices import GRANTS, STATE_OF, ConditionState, Ground, Level, Outcome, Word
from credit.decisions.models import Case, Condition, Decision
from credit.decisions.rules import Ruling
from credit.decisions.services.routing import queue
from credit.exposure import services as exposure
from credit.packs.choices import Act
from credit.packs.models import Pack
from credit.packs.rules import line, refuse
from credit.packs.services import steps
from credit.reviews import rules as reviews
from credit.reviews import selectors as review_selectors
from credit.reviews.choices import ReviewWork
from credit.reviews.services import stop_clocks
from crm.kernel.errors import RuleBroken


@transaction.atomic
def decide(*, pack_id: int, ruling: Ruling, actor: Any, now: dt.datetime) -> Decision:
    """Decide as an approver.

    NotAllowed for who had a part in the pack, and where authority does not reach; RuleBroken without one's own judgement, where the
    exposure grew beyond one's authority since, and where an approval would pass the headroom of the group (code `exceeds_headroom`).
    """
    pack = steps.locked(pack_id, actor)
    case = selectors.case_of(pack)
    if case is not None:
        case.pack = pack
    permissions.can_decide(user=actor, pack=pack, case=case).require()
    if case is None:
        raise RuleBroken(_("This pack is not up for decision."))
    check_ruling(pack, case, ruling, now)
    return conclude(pack, case, ruling, post=permissions.post_for(actor, case.level), actor=actor, now=now)


def check_ruling(pack: Pack, case: Case, ruling: Ruling, now: dt.datetime) -> None:
    """RuleBroken, at its field, for what a ruling lacks."""
    today = review_selectors.today_of(pack, now)
    if ruling.word not in Word.values:
        raise refuse("word", _("Pick one of the choices."))
    reviews.text(ruling.judgement, rules.JUDGEMENT, "judgement", _("Write your own judgement."))
    if ruling.word == Word.DECLINE:
        if not line(ruling.reason, rules.REASON):
            raise refuse("reason", _("Say why."))
        if ruling.reapply_on is None or ruling.reapply_on <= today:
            raise refuse("reapply_on", _("Say from which day on it may be asked for again."))
    if ruling.word == Word.DEFER:
        reviews.listed(ruling.items, "items", _("List what is to be answered, one a line."))
        most = int(selectors.figures(pack, now)["defer_days"])
        last = review_selectors.calendar_of(pack, now).add_working_days(today, most)
        if ruling.due_on is None or not today < ruling.due_on <= last:
            raise refuse("due_on", _("A deferral runs for %(days)s working days at most.") % {"days": most})


def conclude(pack: Pack, case: Case, ruling: Ruling, *, post: Any, actor: Any, now: dt.datetime) -> Decision:
    """Write the decision and move the pack. The caller holds the pack's lock and has checked who decides, and the ruling."""
    case.pack = case.version_read.pack = pack
    total = case.total
    if ruling.word == Word.APPROVE:
        exposure.check(pack, case.version_read, now=now)
        level, total = selectors.level_now(case, now)
        if level != case.level:
            raise RuleBroken(_("The exposure of the group grew since: a higher level decides. Pass it up."), code="beyond_authority")
    conditions = selectors.conditions_of(case, ConditionState.PROPOSED)
    outcome = _outcome(ruling.word, conditions)
    decision = Decision.objects.create(
        pack=pack,
        case=case,
        version_read=case.version_read,
        outcome=outcome,
        level=case.level,
        total=total,
        conditions=[_as_stood(row) for row in conditions] if outcome in GRANTS else [],
        at=now,
        actor=actor,
        post=post,
        **_columns(pack, ruling, now),
    )
    for condition in conditions:
        condition.state = ConditionState.OPEN if outcome in GRANTS else ConditionState.DROPPED
        condition.record(actor=actor, fields=["state"])
    if outcome != Outcome.DEFERRED:
        stop_clocks(pack, actor=actor, now=now, post=post)
        pack.decided_at = now
        pack.record(actor=actor, fields=["decided_at"])
    steps.step(pack, Act.DECIDE, actor=actor, now=now, target=STATE_OF[outcome], version=case.version_read, post=post)
    steps.close(pack, ReviewWork.DECIDE, actor=actor, now=now)
    steps.close(pack, ReviewWork.DECIDED, actor=actor, now=now)
    steps.ask(pack, ReviewWork.DECIDED, actor=actor, due_at=None, assignee=pack.owner)
    return decision


def _outcome(word: str, conditions: list[Condition]) -> Outcome:
    if word == Word.APPROVE:
        return Outcome.APPR_COND if conditions else Outcome.APPROVED
    return Outcome.DECLINED if word == Word.DECLINE else Outcome.DEFERRED


def _columns(pack: Pack, ruling: Ruling, now: dt.datetime) -> dict[str, Any]:
    """What of a ruling is kept, by what it says."""
    today = review_selectors.today_of(pack, now)
    kept: dict[str, Any] = {
        "judgement": reviews.text(ruling.judgement, rules.JUDGEMENT, "judgement", _("Write your own judgement.")),
        "reason": line(ruling.reason, rules.REASON),
    }
    if ruling.word == Word.APPROVE:
        kept["valid_until"] = today + dt.timedelta(days=int(selectors.figures(pack, now)["valid_days"]))
    elif ruling.word == Word.DECLINE:
        kept["reapply_on"] = ruling.reapply_on
    else:
        kept["due_on"] = ruling.due_on
        kept["items"] = reviews.listed(ruling.items, "items", _("List what is to be answered, one a line."))
    return kept


def _as_stood(row: Condition) -> dict[str, Any]:
    return {
        "number": row.number,
        "kind": row.kind,
        "type": row.type,
        "text": row.text,
        "is_essential": row.is_essential,
        "due_on": row.due_on.isoformat() if row.due_on else None,
    }


@transaction.atomic
def pass_up(*, pack_id: int, reason: str, actor: Any, now: dt.datetime) -> Case:
    """Give a case to the next level, or to the one that the exposure needs by now. NotAllowed; RuleBroken without a reason."""
    pack = steps.locked(pack_id, actor)
    case = selectors.case_of(pack)
    permissions.can_pass_up(user=actor, pack=pack, case=case).require()
    if case is None:
        raise RuleBroken(_("This pack is not up for decision."))
    words = reviews.text(reason, rules.REASON, "judgement", _("Say why."))
    case.pack = case.version_read.pack = pack
    needed, case.total = selectors.level_now(case, now)
    case.level = max(rules.higher(case.level), needed, key=list(Level).index)
    case.grounds = [*case.grounds, Ground.PASSED_UP]
    case.record(actor=actor, reason=words[:100], fields=["level", "total", "grounds"])
    steps.step(pack, Act.ROUTE, actor=actor, now=now, version=case.version_read, reason=words)
    queue(case, actor=actor, now=now)
    return case
