"""Conditions: proposed before the decision, shown by one of credit administration and checked by another, waived by who approved."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from credit.decisions import permissions, rules, selectors, terms
from credit.decisions.choices import CONDITION_TRANSITIONS, ConditionKind, ConditionState, ConditionType
from credit.decisions.models import Condition
from credit.decisions.services.reminding import BOUND, follow
from credit.packs.choices import Act
from credit.packs.rules import reasoned, refuse
from credit.packs.services import steps
from credit.reviews import selectors as reviews
from crm.kernel.errors import RuleBroken
from crm.kernel.workflow import check_transition
from crm.papers import selectors as papers


@transaction.atomic
def propose_condition(
    *,
    pack_id: int,
    kind: str,
    type: str,  # noqa: A002 - the field's own name
    text: str,
    is_essential: bool,
    due_on: dt.date | None = None,
    actor: Any,
    now: dt.datetime,
) -> Condition:
    """Add a condition to the case. NotAllowed for others than the credit department, and once it is decided; RuleBroken at its field."""
    pack = steps.locked(pack_id, actor)
    case = selectors.case_of(pack)
    permissions.can_propose(user=actor, pack=pack, case=case).require()
    if case is None:
        raise RuleBroken(_("This pack is not up for decision."))
    for field, value, known in (("kind", kind, ConditionKind.values), ("type", type, ConditionType.values)):
        if value not in known:
            raise refuse(field, _("Pick one of the choices."))
    words = reasoned(text, "text")
    _require_sayable(words, now)
    if kind == ConditionKind.SUBSEQUENT and (due_on is None or due_on <= reviews.today_of(pack, now)):
        raise refuse("due_on", _("Say by which day."))
    last = case.conditions.aggregate(last=Max("number"))["last"] or 0
    if last >= rules.MOST_CONDITIONS:
        raise RuleBroken(_("A decision has %(most)s conditions at most.") % {"most": rules.MOST_CONDITIONS})
    condition = Condition(pack=pack, case=case, number=last + 1, kind=kind, type=type, text=words, is_essential=is_essential, due_on=due_on)
    condition.record(actor=actor)
    return condition


def _require_sayable(words: str, now: dt.datetime) -> None:
    """The facility letter tells the client of it, and what was decided is never changed."""
    wrong = terms.unsayable(words, papers.phrases(on=timezone.localdate(now)))
    if wrong:
        raise refuse("text", wrong[0].sentence)


def _locked(condition_id: int, actor: Any) -> Condition:
    pack_id = Condition.objects.visible_to(actor).values_list("pack_id", flat=True).get(pk=condition_id)
    pack = steps.locked(pack_id, actor)
    condition: Condition = Condition.objects.select_related("case").get(pk=condition_id)
    condition.pack = pack
    return condition


def _move(condition: Condition, state: ConditionState, *, actor: Any, now: dt.datetime, reason: str = "") -> None:
    check_transition(CONDITION_TRANSITIONS, condition.state, state)
    condition.state = state
    condition.record(actor=actor, reason=reason[:100])
    steps.step(condition.pack, Act.CHANGE, actor=actor, now=now, reason=reason, condition=condition.number, becomes=str(state))
    if condition.kind == ConditionKind.SUBSEQUENT and condition.pack.state in BOUND:
        follow(condition.pack, now=now)


@transaction.atomic
def take_condition_back(*, condition_id: int, actor: Any, now: dt.datetime) -> Condition:
    """A proposed condition is not wanted. NotAllowed for others than the credit department, and once it is decided."""
    condition = _locked(condition_id, actor)
    permissions.can_propose(user=actor, pack=condition.pack, case=selectors.case_of(condition.pack)).require()
    _move(condition, ConditionState.DROPPED, actor=actor, now=now)
    return condition


@transaction.atomic
def show_condition(*, condition_id: int, evidence: str, actor: Any, now: dt.datetime) -> Condition:
    """Say how a condition is met. NotAllowed for others than credit administration; RuleBroken without a word."""
    condition = _locked(condition_id, actor)
    permissions.can_show(user=actor, condition=condition).require()
    condition.evidence, condition.shown_by = reasoned(evidence, "evidence"), actor
    _move(condition, ConditionState.SHOWN, actor=actor, now=now, reason=condition.evidence)
    return condition


@transaction.atomic
def check_condition(*, condition_id: int, is_met: bool, actor: Any, now: dt.datetime) -> Condition:
    """The second person's word: met, or open again. NotAllowed for who showed it."""
    condition = _locked(condition_id, actor)
    permissions.can_check(user=actor, condition=condition).require()
    if is_met:
        condition.checked_by, condition.settled_at = actor, now
    else:
        condition.shown_by = None
    _move(condition, ConditionState.MET if is_met else ConditionState.OPEN, actor=actor, now=now)
    return condition


@transaction.atomic
def waive_condition(*, condition_id: int, reason: str, actor: Any, now: dt.datetime) -> Condition:
    """Do without it; an essential one by the level that approved, or above. NotAllowed for others; RuleBroken without a reason."""
    condition = _locked(condition_id, actor)
    permissions.can_waive(user=actor, condition=condition, level=selectors.waiving_level(condition)).require()
    words = reasoned(reason)
    condition.settled_at, condition.checked_by = now, actor
    _move(condition, ConditionState.WAIVED, actor=actor, now=now, reason=words)
    return condition
