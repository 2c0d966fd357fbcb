"""A pack is put up for decision at the level that its group's exposure asks for; a deferred one is taken up again, a declined one appealed
(transitions 13, 23, 25)."""  # fmt: skip

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from credit.decisions import permissions, rules, selectors
from credit.decisions.choices import ConditionState, Ground, Level
from credit.decisions.models import Case
from credit.packs import selectors as packs
from credit.packs.choices import Act, State
from credit.packs.models import Pack, PackVersion
from credit.packs.rules import line
from credit.packs.services import steps
from credit.reviews import rules as reviews
from credit.reviews import selectors as review_selectors
from credit.reviews.choices import ReviewWork
from credit.reviews.services import freeze_memo
from crm.kernel.errors import RuleBroken
from crm.staff.choices import Role


@transaction.atomic
def route(*, pack_id: int, is_connected: bool, exception: str, actor: Any, now: dt.datetime) -> Case:
    """Put a pack up for decision. NotAllowed, with the reason, for others than its analyst and for what is not ready."""
    pack = steps.locked(pack_id, actor)
    version, review = packs.sealed_of(pack), review_selectors.review_of(pack)
    memo = review_selectors.memo_of(pack)
    permissions.can_route(user=actor, pack=pack, version=version, review=review, memo=memo).require()
    if version is None or review is None:
        raise RuleBroken(_("No version of this pack is sealed."))
    freeze_memo(pack, actor=actor, now=now)
    words = line(exception, rules.REASON)
    inputs = selectors.inputs_of(pack, version, rating=review.rating, is_connected=is_connected, exception=words, now=now)
    level, grounds = rules.level_of(inputs, selectors.tops(pack, now))
    case = _open_case(pack, version, inputs, level, grounds, actor=actor, now=now, exception=words)
    steps.step(pack, Act.ROUTE, actor=actor, now=now, target=State.FOR_DECISION, version=version)
    steps.close(pack, ReviewWork.REVIEW, ReviewWork.READ, actor=actor, now=now)
    queue(case, actor=actor, now=now)
    return case


def _open_case(
    pack: Pack,
    version: PackVersion,
    inputs: rules.Inputs,
    level: Level,
    grounds: list[Ground],
    *,
    actor: Any,
    now: dt.datetime,
    **texts: str,
) -> Case:
    last = selectors.case_of(pack)
    case = Case(
        pack=pack,
        version_read=version,
        number=(pack.cases.aggregate(last=Max("number"))["last"] or 0) + 1,
        level=level,
        grounds=grounds,
        total=inputs.total,
        is_secured=inputs.is_secured,
        is_connected=inputs.is_connected,
        rating=inputs.rating,
        routed_by=actor,
        routed_at=now,
        **texts,
    )
    case.record(actor=actor, reason=Act.ROUTE)
    if last is not None:
        _carry_conditions(last, case, actor)
    return case


def _carry_conditions(last: Case, case: Case, actor: Any) -> None:
    """What was proposed with a case that came to no approval is proposed again."""
    states = (ConditionState.PROPOSED, ConditionState.DROPPED)
    for condition in selectors.conditions_of(last, *states):
        condition.pk, condition.case, condition.state = None, case, ConditionState.PROPOSED
        condition._state.adding = True
        condition.record(actor=actor, reason=Act.ROUTE)


def queue(case: Case, *, actor: Any, now: dt.datetime) -> None:
    """The case waits for whoever decides at its level, in the whole bank."""
    pack = case.pack
    steps.close(pack, ReviewWork.DECIDE, actor=actor, now=now)
    days = int(selectors.figures(pack, now)["decide_days"])
    due_at = reviews.in_days(review_selectors.calendar_of(pack, now), now, days)
    role = Role.CC if case.level == Level.CC else Role.CO
    steps.ask(pack, ReviewWork.DECIDE, actor=actor, due_at=due_at, role=role)


@transaction.atomic
def answer_deferral(*, pack_id: int, note: str, actor: Any, now: dt.datetime) -> Pack:
    """Take a deferred pack up again (transition 23). RuleBroken without a word, and once its day is over."""
    pack = steps.locked(pack_id, actor)
    permissions.can_answer_deferral(user=actor, pack=pack, review=review_selectors.review_of(pack)).require()
    words = reviews.text(note, rules.REASON, "note", _("Say how each item is answered."))
    decision = selectors.decision_of(pack)
    if decision is not None and decision.due_on is not None and review_selectors.today_of(pack, now) > decision.due_on:
        raise RuleBroken(_("The time of this deferral is over: the pack lapses."))
    steps.step(pack, Act.ANSWER_DEFERRAL, actor=actor, now=now, target=State.IN_REVIEW, version=packs.sealed_of(pack), reason=words)
    return pack


@transaction.atomic
def appeal(*, pack_id: int, facts: str, actor: Any, now: dt.datetime) -> Case:
    """Appeal against a refusal, once, to the next level, on new facts alone (transition 25). NotAllowed; RuleBroken without a fact."""
    pack = steps.locked(pack_id, actor)
    permissions.can_appeal(user=actor, pack=pack).require()
    words = reviews.text(facts, rules.JUDGEMENT, "facts", _("Say which facts are new."))
    version, decision, last = packs.sealed_of(pack), selectors.decision_of(pack), selectors.case_of(pack)
    if version is None or decision is None or last is None:
        raise RuleBroken(_("No version of this pack is sealed."))
    inputs = selectors.inputs_of(pack, version, rating=last.rating, is_connected=last.is_connected, exception=last.exception, now=now)
    needed, _grounds = rules.level_of(inputs, selectors.tops(pack, now))
    level = max(rules.higher(decision.level), needed, key=list(Level).index)
    case = _open_case(pack, version, inputs, level, [Ground.APPEAL], actor=actor, now=now, exception=last.exception, appeal_facts=words)
    steps.step(pack, Act.APPEAL, actor=actor, now=now, target=State.FOR_DECISION, version=version, reason=words)
    queue(case, actor=actor, now=now)
    return case
