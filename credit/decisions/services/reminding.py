"""Conditions that are to be met afterwards: their manager is reminded as their day comes near, their head told once it is over (6.7)."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from credit.decisions import rules, selectors
from credit.decisions.choices import BREACHED, CONDITION_NEWS, ConditionKind, ConditionState, LifeWork
from credit.decisions.models import Condition
from credit.packs.choices import LIVE, Act, State
from credit.packs.models import Pack
from credit.packs.services import steps
from credit.reviews import selectors as reviews
from crm.kernel.reactions import announce
from crm.kernel.worklist import WorkItem
from crm.notifications.services import notify
from crm.staff.choices import Role
from crm.visits.rules import closing_time

BOUND = (State.CP_PENDING, *LIVE)
"""States in which the client has accepted its conditions."""
_LATE = "condition late"


def remind(*, now: dt.datetime) -> dict[str, int]:
    """Remind of conditions whose day is near, and tell heads of those whose day is over. Returns how many of each; safe to run again."""
    done = {"reminded": 0, "breached": 0}
    rows = Condition.objects.filter(kind=ConditionKind.SUBSEQUENT, state=ConditionState.OPEN, pack__state__in=BOUND)
    for pack_id in sorted(set(rows.values_list("pack_id", flat=True))):
        for what, number in _remind(pack_id, now).items():
            done[what] += number
    return done


@transaction.atomic
def _remind(pack_id: int, now: dt.datetime) -> dict[str, int]:
    Pack.objects.select_for_update(of=("self",)).get(pk=pack_id)
    pack = Pack.objects.select_related("company", "centre", "team", "owner").get(pk=pack_id)
    if pack.state not in BOUND:
        return {}
    return follow(pack, now=now)


def follow(pack: Pack, *, now: dt.datetime) -> dict[str, int]:
    """Bring what is to be done about a pack's conditions up to the day. The caller holds the pack's lock."""
    today, figures = reviews.today_of(pack, now), selectors.figures(pack, now)
    days = tuple(int(figures[name]) for name in rules.REMINDERS)
    rows = list(pack.conditions.filter(kind=ConditionKind.SUBSEQUENT, state=ConditionState.OPEN).order_by("due_on", "number"))
    near = [row for row in rows if (row.due_on - today).days <= max(days)]
    late = [row for row in near if row.due_on < today]
    reminded = sum(_tell(pack, row, rules.reminder(row.due_on, today, days), now) for row in near if row.due_on >= today)
    breached = sum(_breach(pack, row, now) for row in late)
    _keep_item(pack, near[0].due_on if near else None, now)
    if not late:
        steps.close(pack, LifeWork.BREACH, actor=None, now=now)
    return {"reminded": reminded, "breached": breached}


def _tell(pack: Pack, row: Condition, step: int | None, now: dt.datetime) -> int:
    told = {"number": pack.number, "condition": row.number}
    line = format_lazy(_("{number}: condition {condition} falls due."), **told)
    return _notify(pack, row, f"{step}", line, now)


def _notify(pack: Pack, row: Condition, step: str, line: Any, now: dt.datetime) -> int:
    key = f"{CONDITION_NEWS}:{row.pk}:{row.due_on}:{step}"
    return notify(kind=CONDITION_NEWS, user_ids=[pack.owner_id], key=key, line=line, url=pack.get_absolute_url(), now=now)


def _breach(pack: Pack, row: Condition, now: dt.datetime) -> int:
    """Once for each condition: a step of the pack, its head's to do, and word to whoever raises flags."""
    if pack.events.filter(act=Act.CHANGE, values__what=_LATE, values__condition=row.number, values__case=row.case_id).exists():
        return 0
    steps.step(pack, Act.CHANGE, actor=None, now=now, what=_LATE, condition=row.number, case=row.case_id)
    known = WorkItem.objects.open().filter(kind=LifeWork.BREACH, subject_type=steps.SUBJECT, subject_id=pack.pk)
    if not known.exists():
        unit, role = (pack.team, Role.TH) if pack.team_id else (pack.centre, Role.RCH)
        steps.ask(pack, LifeWork.BREACH, actor=None, due_at=now, unit=unit, role=role)
    told = {"number": pack.number, "condition": row.number}
    _notify(pack, row, "late", format_lazy(_("{number}: condition {condition} is overdue. Your head is told."), **told), now)
    announce(BREACHED, actor=None, pack_id=pack.pk, condition_id=row.pk)
    return 1


def _keep_item(pack: Pack, due_on: dt.date | None, now: dt.datetime) -> None:
    """One thing to do for the manager, due as the first of the conditions is."""
    due_at = closing_time(due_on, reviews.calendar_of(pack, now)) if due_on is not None else None
    known = WorkItem.objects.open().filter(kind=LifeWork.CONDITION, subject_type=steps.SUBJECT, subject_id=pack.pk)
    if due_at is not None and known.filter(due_at=due_at).exists():
        return
    steps.close(pack, LifeWork.CONDITION, actor=None, now=now)
    if due_at is not None:
        steps.ask(pack, LifeWork.CONDITION, actor=None, due_at=due_at, assignee=pack.owner)
