"""What the night does for covenants: tests that fall due, papers that are late, breaches that nobody cured, figures that changed.

Set-based: a night on which nothing happens costs a handful of statements whatever the number of covenants. The same day again, or a night
that broke off and runs again, adds nothing.
"""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.db import transaction
from django.db.models.functions import Coalesce
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from simple_history.utils import bulk_create_with_history, bulk_update_with_history

from credit.covenants import measuring, rules, selectors
from credit.covenants.choices import FINANCIAL, UNSETTLED, Act, CovenantWork, Metric, State, TestState
from credit.covenants.models import Covenant, CovenantEvent, CovenantTest
from credit.covenants.services.testing import flag_breach
from credit.covenants.services.traces import finish, item_of, raise_breach, write_event
from credit.packs.choices import LIVE
from credit.packs.choices import State as PackState
from credit.packs.models import Pack
from credit.reviews import selectors as reviews
from crm.kernel.calendars import WorkingCalendar
from crm.kernel.worklist import WorkItem, WorkState
from crm.staff.selectors import working_calendar
from crm.visits.rules import closing_time

BATCH = 500
_RELATED = ("pack__company", "pack__centre", "pack__owner")
_GONE = (PackState.CANCELLED, PackState.MATURED, PackState.LAPSED, PackState.WITHDRAWN)


def nightly(on: dt.date, *, now: dt.datetime) -> dict[str, int]:
    """Returns {"opened": tests that fell due, "flags_raised", "changed": results whose figures say otherwise now, "ended": covenants}."""
    ended = _end(now)
    opened = _open(on, now)
    flags = _flag_late(on, now) + _flag_uncured(on, now)
    return {"opened": opened, "flags_raised": flags, "changed": _compare(now), "ended": ended}


def _end(now: dt.datetime) -> int:
    """Covenants of limits that have ended end with them, and what was open of them is no longer tested."""
    ids = list(
        Covenant.objects.filter(state__in=(State.PROPOSED, State.IN_FORCE), pack__state__in=_GONE)
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    for pk in ids:
        _end_one(pk, now)
    return len(ids)


@transaction.atomic
def _end_one(covenant_id: int, now: dt.datetime) -> None:
    covenant = _held(covenant_id)
    if covenant.state not in (State.PROPOSED, State.IN_FORCE):
        return
    covenant.state, covenant.next_on = State.ENDED, None
    covenant.record(actor=None, reason=Act.END, fields=["state", "next_on"])
    finish(covenant, actor=None, now=now, state=WorkState.DROPPED)
    for test in covenant.tests.filter(state__in=UNSETTLED):
        test.state, test.settled_at = TestState.DROPPED, now
        test.record(actor=None, reason=Act.END, fields=["state", "settled_at"])
        finish(test, actor=None, now=now, state=WorkState.DROPPED)
    write_event(covenant, Act.END, actor=None, now=now)


def _held(covenant_id: int) -> Covenant:
    """The covenant under its pack's lock."""
    pack_id = Covenant.objects.values_list("pack_id", flat=True).get(pk=covenant_id)
    Pack.objects.select_for_update(of=("self",)).get(pk=pack_id)
    found: Covenant = Covenant.objects.select_related(*_RELATED).get(pk=covenant_id)
    return found


def _open(on: dt.date, now: dt.datetime) -> int:
    """The tests of all periods of live limits that are over."""
    calendars: dict[int, WorkingCalendar] = {}
    opened, last = 0, 0
    while True:
        with transaction.atomic():
            rows = Covenant.objects.filter(next_on__lte=on, pack__state__in=LIVE, pk__gt=last).order_by("pk")
            batch = list(rows.select_for_update(of=("self",)).select_related(*_RELATED)[:BATCH])
            if not batch:
                return opened
            last = batch[-1].pk
            opened += _open_batch(batch, on, now, calendars)


def _open_batch(batch: list[Covenant], on: dt.date, now: dt.datetime, calendars: dict[int, WorkingCalendar]) -> int:
    waived = selectors.covering_waivers(one.pk for one in batch)
    tests = [test for one in batch for test in _tests_of(one, on, waived.get(one.pk), now)]
    made = bulk_create_with_history(tests, CovenantTest, batch_size=BATCH, default_change_reason=Act.OPEN)
    bulk_update_with_history(batch, Covenant, ["next_on"], batch_size=BATCH, default_change_reason=Act.OPEN)
    events = [
        CovenantEvent(covenant=test.covenant, test=test, act=Act.COVER if test.state == TestState.WAIVED else Act.OPEN, at=now)
        for test in made
    ]
    CovenantEvent.objects.bulk_create(events, batch_size=BATCH)
    waiting = [test for test in made if test.state == TestState.WAITING]
    WorkItem.objects.bulk_create((_item(test, now, calendars) for test in waiting), batch_size=BATCH)
    return len(made)


def _tests_of(covenant: Covenant, on: dt.date, waived_until: dt.date | None, now: dt.datetime) -> Iterator[CovenantTest]:
    """Of each period that is over; what falls under a waiver is waived as it falls due. Moves `next_on` on."""
    until = min(on, covenant.until_on) if covenant.until_on is not None else on
    for end in rules.ends_until(covenant.first_on, covenant.frequency, covenant.next_on or until, until):
        is_waived = waived_until is not None and end <= waived_until
        yield CovenantTest(
            covenant=covenant,
            ends_on=end,
            paper_due_on=end + dt.timedelta(days=covenant.due_days),
            state=TestState.WAIVED if is_waived else TestState.WAITING,
            settled_at=now if is_waived else None,
        )
        covenant.next_on = rules.next_end(covenant.first_on, covenant.frequency, end)
    if covenant.until_on is not None and covenant.next_on is not None and covenant.next_on > covenant.until_on:
        covenant.next_on = None


def _item(test: CovenantTest, now: dt.datetime, calendars: dict[int, WorkingCalendar]) -> WorkItem:
    """For the relationship manager: the paper, by its day."""
    pack = test.covenant.pack
    if pack.centre_id not in calendars:
        calendars[pack.centre_id] = working_calendar(pack.centre, on=test.paper_due_on)
    due_at = closing_time(test.paper_due_on, calendars[pack.centre_id])
    return WorkItem(**item_of(test.covenant, CovenantWork.PAPER, about=test, due_at=due_at, assignee=pack.owner))


def _ids(**narrowed: Any) -> list[int]:
    rows = CovenantTest.objects.filter(covenant__pack__state__in=LIVE, **narrowed)
    return list(rows.order_by("pk").values_list("pk", flat=True))


def _flag_late(on: dt.date, now: dt.datetime) -> int:
    """RF-41, once a test, for a paper that is late by more than the bank's days."""
    last = on - dt.timedelta(days=selectors.late_days(on=on))
    late = _ids(state=TestState.WAITING, late_flagged_at=None, paper_due_on__lt=last)
    return sum([_flag_one_late(pk, on, now) for pk in late])


@transaction.atomic
def _flag_one_late(test_id: int, on: dt.date, now: dt.datetime) -> bool:
    test = _held_test(test_id)
    if test.state != TestState.WAITING or test.late_flagged_at is not None:
        return False
    test.late_flagged_at = now
    test.record(actor=None, reason=Act.FLAG, fields=["late_flagged_at"])
    told = {"day": test.ends_on.isoformat(), "days": (on - test.paper_due_on).days}
    words = format_lazy(_("the paper for the period to {day} is late by {days} days."), **told)
    return raise_breach(test.covenant, words, now=now, test=test)


def _held_test(test_id: int) -> CovenantTest:
    covenant = _held(CovenantTest.objects.values_list("covenant_id", flat=True).get(pk=test_id))
    test: CovenantTest = CovenantTest.objects.get(pk=test_id)
    test.covenant = covenant
    return test


def _flag_uncured(on: dt.date, now: dt.datetime) -> int:
    """RF-41, once a test, for a breach whose days to cure are over."""
    return sum([_flag_one_uncured(pk, now) for pk in _ids(state=TestState.BREACHED, breach_flagged_at=None, cure_until__lt=on)])


@transaction.atomic
def _flag_one_uncured(test_id: int, now: dt.datetime) -> bool:
    return flag_breach(_held_test(test_id), now=now)


def _compare(now: dt.datetime) -> int:
    """Results whose spread was touched since: worked out anew, and a note where they say otherwise. What is frozen stays as it is."""
    since = Coalesce("rechecked_at", "tested_at")
    rows = CovenantTest.objects.exclude(tested_at=None).filter(
        covenant__metric__in=[*FINANCIAL, Metric.TURNOVER], covenant__pack__company__spread__figures_at__gt=since
    )
    tests = list(rows.select_related(*(f"covenant__{name}" for name in _RELATED)).order_by("pk"))
    changed = sum([_compare_one(test, now) for test in tests])
    CovenantTest.objects.filter(pk__in=[test.pk for test in tests]).update(rechecked_at=now)
    return changed


def _compare_one(test: CovenantTest, now: dt.datetime) -> bool:
    if test.tested_at is None:
        return False
    found = measuring.measure(test.covenant, test.ends_on, on=reviews.today_of(test.covenant.pack, test.tested_at))
    if not measuring.differs(test, found):
        return False
    covenant = test.covenant
    value = "" if found.value is None else rules.shown(found.value, covenant.metric, covenant.currency)
    write_event(covenant, Act.CHANGE, actor=None, now=now, test=test, note=f"{test.shown_value} → {value or found.reason}")
    return True
