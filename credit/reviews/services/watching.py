"""What time alone does to packs in review: late answers go to the head and then cost the pack, silence on facts is assent."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _now
from django.utils.translation import override

from credit.packs.choices import State
from credit.packs.models import Pack
from credit.packs.services import steps
from credit.reviews import rules, selectors
from credit.reviews.choices import WAITING, ReviewWork
from credit.reviews.models import Memo, Question
from credit.reviews.services.assigning import give_back
from credit.reviews.services.memos import note_facts
from crm.kernel.worklist import WorkItem
from crm.staff.choices import Role


def watch(*, now: dt.datetime) -> dict[str, int]:
    """Tell heads of answers that are overdue, return packs whose answers are overdue for long, and take silence on facts for assent.

    Returns how many of each; safe to run again at any time.
    """
    done = {"told": 0, "returned": 0, "silent": 0}
    late = Question.objects.filter(state__in=WAITING, due_at__lte=now, pack__state=State.QUERY)
    for pack_id in sorted(set(late.values_list("pack_id", flat=True))):
        what = _late(pack_id, now)
        if what:
            done[what] += 1
    silent = Memo.objects.filter(facts_due_at__lte=now, facts_checked_at=None, pack__state=State.FACT_CHECK)
    for pack_id in sorted(set(silent.values_list("pack_id", flat=True))):
        done["silent"] += _silent(pack_id, now)
    return done


def _locked(pack_id: int) -> Pack:
    Pack.objects.select_for_update(of=("self",)).get(pk=pack_id)
    return Pack.objects.select_related("company", "company__group", "centre", "team", "owner").get(pk=pack_id)


@transaction.atomic
def _late(pack_id: int, now: dt.datetime) -> str:
    pack = _locked(pack_id)
    first = pack.questions.filter(state__in=WAITING).order_by("due_at").first()
    if pack.state != State.QUERY or first is None or first.due_at is None:
        return ""
    calendar, figures = selectors.calendar_of(pack, now), selectors.figures(pack, now)
    if now > rules.in_days(calendar, first.due_at, int(figures["return_days"])):
        with override("en"):
            defects = [_now("No answer to question %(number)s.") % {"number": first.number}]
        give_back(pack, defects, actor=None, now=now)
        return "returned"
    if now <= rules.in_days(calendar, first.due_at, int(figures["escalate_days"])):
        return ""
    known = WorkItem.objects.open().filter(kind=ReviewWork.OVERDUE, subject_type=steps.SUBJECT, subject_id=pack.pk)
    if known.exists():
        return ""
    unit, role = (pack.team, Role.TH) if pack.team_id else (pack.centre, Role.RCH)
    steps.ask(pack, ReviewWork.OVERDUE, actor=None, due_at=now, unit=unit, role=role)
    return "told"


@transaction.atomic
def _silent(pack_id: int, now: dt.datetime) -> int:
    pack = _locked(pack_id)
    memo = selectors.memo_of(pack)
    if pack.state != State.FACT_CHECK or memo is None or memo.facts_checked_at is not None:
        return 0
    note_facts(pack, memo, "", actor=None, now=now)
    return 1
