"""Intake, clocks, assignment, memo and fact check, rating, return (domain 6.1, 6.7; transitions 7 to 13; invariants 15, 29, 41)."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from django.db import DatabaseError, transaction

from credit.packs import services as packs
from credit.packs.choices import State
from credit.packs.models import Pack
from credit.reviews import rules, selectors, services
from credit.reviews.choices import Party, ReviewWork
from credit.reviews.models import Memo, Review, StoppedClock
from credit.reviews.rules import Step
from crm.kernel.calendars import WorkingCalendar
from crm.kernel.errors import NotAllowed, RuleBroken
from crm.kernel.worklist import WorkItem
from crm.staff.models import CalendarDay
from tests.cast import NOW, fresh
from tests.credit import making, reviewing

HK = dt.timezone(dt.timedelta(hours=8))
DAY = dt.timedelta(days=1)


def at(day: int, hour: int, minute: int = 0) -> dt.datetime:
    """A moment of March 2026 in Hong Kong; the 2nd is a Monday."""
    return dt.datetime(2026, 3, day, hour, minute, tzinfo=HK)


def credit(steps: list[Step], now: dt.datetime, party: str = Party.CREDIT) -> rules.Clock:
    calendar = WorkingCalendar(ZoneInfo("Asia/Hong_Kong"))
    return rules.clock(rules.stretches(steps), party, calendar=calendar, target_days=7, now=now)


def test_a_blocker_from_monday_ten_to_tuesday_ten_takes_out_one_working_day_of_six_and_a_half_hours():
    begun = [Step(at(2, 9, 30), "endorse", State.HANDED_OFF), Step(at(2, 9, 30), "assign", State.IN_REVIEW)]
    paused = [*begun, Step(at(2, 10), "ask", State.QUERY), Step(at(3, 10), "resume", State.IN_REVIEW)]
    now = at(4, 17, 30)
    whole, less = credit(begun, now), credit(paused, now)
    assert whole.spent - less.spent == dt.timedelta(hours=6, minutes=30)
    assert credit(paused, now, Party.MANAGER).spent == dt.timedelta(hours=6, minutes=30)
    assert (whole.days, less.days) == (3, 2)
    assert credit(paused[:-1], now).runs is False


def test_a_version_on_hold_is_the_managers_time_until_it_is_dropped():
    steps = [
        Step(at(2, 9, 30), "endorse", State.HANDED_OFF),
        Step(at(2, 12, 30), "open_version"),
        Step(at(3, 9, 30), "assign", State.IN_REVIEW),
        Step(at(3, 12, 30), "drop_version"),
    ]
    assert credit(steps, at(3, 15)).spent == dt.timedelta(hours=4)
    assert credit(steps, at(3, 15), Party.MANAGER).spent == dt.timedelta(hours=6, minutes=30)


def test_a_returned_pack_goes_on_counting_where_it_stopped():
    steps = [
        Step(at(2, 9, 30), "endorse", State.HANDED_OFF),
        Step(at(2, 17, 30), "return", State.RETURNED),
        Step(at(4, 9, 30), "submit", State.ENDORSE),
        Step(at(5, 9, 30), "endorse", State.HANDED_OFF),
    ]
    assert credit(steps, at(5, 17, 30)).days == 2


def test_targets_are_by_model_and_segment(bank):
    days = {}
    for letter in "AB":
        for segment in ("sme", "corporate"):
            pack = Pack(authorship=letter, segment=segment, jurisdiction="HK", centre=bank.units["centre"])
            days[letter, segment] = selectors.target_days(pack, NOW)
    assert days == {("A", "sme"): 7, ("A", "corporate"): 12, ("B", "sme"): 10, ("B", "corporate"): 15}


def test_a_stopped_clock_is_not_rewritten_by_another_calendar(bank):
    pack = reviewing.in_review(bank)
    services.stop_clocks(pack, actor=bank.co1, now=NOW + 2 * DAY)
    Pack.objects.filter(pk=pack.pk).update(state=State.APPROVED)
    pack.refresh_from_db()
    before = selectors.clock_of(pack, now=NOW + 9 * DAY)
    CalendarDay.objects.create(centre=bank.units["centre"], day=(NOW + DAY).date(), spans=[])
    bank.units["centre"].calendar_version += 1
    bank.units["centre"].save()
    assert before.days == 2
    assert selectors.clock_of(Pack.objects.get(pk=pack.pk), now=NOW + 9 * DAY) == before
    with pytest.raises(DatabaseError), transaction.atomic():
        StoppedClock.objects.update(seconds=1)


def test_an_analyst_takes_a_pack_and_an_approver_gives_it_to_one(bank):
    pack = reviewing.handed(bank)
    with pytest.raises(RuleBroken, match="An approver gives packs to others"):
        services.assign(pack_id=pack.pk, analyst_id=bank.analyst2.pk, actor=bank.analyst, now=NOW)
    services.assign(pack_id=pack.pk, analyst_id=bank.analyst.pk, actor=bank.analyst, now=NOW)
    pack.refresh_from_db()
    assert (pack.state, pack.review.analyst) == (State.IN_REVIEW, bank.analyst)
    with pytest.raises(NotAllowed, match="An approver gives a pack"):
        services.assign(pack_id=pack.pk, analyst_id=bank.analyst2.pk, actor=bank.analyst2, now=NOW)
    services.assign(pack_id=pack.pk, analyst_id=bank.analyst2.pk, actor=bank.co1, now=NOW)
    assert Review.objects.get().analyst == bank.analyst2
    assert WorkItem.objects.open().get(kind=ReviewWork.REVIEW).assignee == bank.analyst2


@pytest.mark.parametrize(("who", "sentence"), [("owner", "prepared"), ("endorser", "endorsed"), ("former", "looked after")])
def test_who_prepared_endorsed_or_looked_after_it_does_not_review_it(bank, who, sentence):
    pack = reviewing.handed(bank)
    if who == "owner":
        Pack.objects.filter(pk=pack.pk).update(owner=bank.analyst)
    elif who == "endorser":
        pack.events.model.objects.create(pack=pack, act="endorse", actor=bank.analyst, post=bank.post("analyst"), at=NOW)
    else:
        pack.company.coverage.update(owner=bank.analyst)
    with pytest.raises(RuleBroken, match=sentence):
        services.assign(pack_id=pack.pk, analyst_id=bank.analyst.pk, actor=bank.analyst, now=NOW)


def test_a_version_on_hold_is_not_taken(bank):
    pack = reviewing.handed(bank)
    packs.open_version(pack_id=pack.pk, reason="New accounts", actor=bank.rm, now=NOW)
    with pytest.raises(NotAllowed, match="on hold"):
        services.assign(pack_id=pack.pk, analyst_id=bank.analyst.pk, actor=bank.analyst, now=NOW)
    assert selectors.next_pack(bank.analyst) is None


def test_business_people_assign_nothing(bank):
    pack = reviewing.handed(bank)
    for name in ("rm", "head", "compliance"):
        with pytest.raises(NotAllowed, match="Analysts and approvers"):
            services.assign(pack_id=pack.pk, analyst_id=bank.analyst.pk, actor=bank.people[name], now=NOW)


def test_under_model_b_the_analyst_writes_and_the_manager_checks_the_facts(bank):
    pack = reviewing.in_review(bank, authorship="B")
    services.start_memo(pack_id=pack.pk, actor=bank.analyst, now=NOW)
    with pytest.raises(RuleBroken, match="Write the memo"):
        services.send_facts(pack_id=pack.pk, actor=bank.analyst, now=NOW)
    services.write_memo(pack_id=pack.pk, version=1, text="A trader of frozen meat.", actor=bank.analyst, now=NOW)
    assert not Memo.objects.visible_to(fresh(bank.rm)).exists()
    memo = services.send_facts(pack_id=pack.pk, actor=bank.analyst, now=NOW)
    assert memo.facts_due_at == NOW + 2 * DAY
    with pytest.raises(NotAllowed, match="Only its relationship manager"):
        services.check_facts(pack_id=pack.pk, note="Fine", actor=bank.head, now=NOW)
    services.check_facts(pack_id=pack.pk, note="Dried, not frozen", actor=bank.rm, now=NOW)
    memo.refresh_from_db()
    assert (memo.facts_note, memo.by_silence) == ("Dried, not frozen", False)
    with pytest.raises(NotAllowed, match="facts are checked"):
        services.check_facts(pack_id=pack.pk, note="Again", actor=bank.rm, now=NOW)


def test_silence_on_the_facts_is_assent_and_noted(bank):
    pack = reviewing.in_review(bank, authorship="B")
    services.start_memo(pack_id=pack.pk, actor=bank.analyst, now=NOW)
    services.write_memo(pack_id=pack.pk, version=1, text="A trader.", actor=bank.analyst, now=NOW)
    memo = services.send_facts(pack_id=pack.pk, actor=bank.analyst, now=NOW)
    assert services.watch(now=memo.facts_due_at - dt.timedelta(minutes=1))["silent"] == 0
    assert services.watch(now=memo.facts_due_at)["silent"] == 1
    memo.refresh_from_db()
    assert (memo.by_silence, memo.facts_checked_by, memo.facts_checked_at) == (True, None, memo.facts_due_at)


def test_a_frozen_memo_is_refused_by_the_database_to_change(bank):
    pack = reviewing.in_review(bank, authorship="B")
    services.start_memo(pack_id=pack.pk, actor=bank.analyst, now=NOW)
    services.freeze_memo(pack, actor=bank.analyst, now=NOW)
    with pytest.raises(DatabaseError), transaction.atomic():
        Memo.objects.update(text="Another")


def test_under_model_a_no_memo_is_written(bank):
    pack = reviewing.in_review(bank)
    with pytest.raises(NotAllowed, match="relationship manager wrote"):
        services.start_memo(pack_id=pack.pk, actor=bank.analyst, now=NOW)


def test_the_risk_class_is_the_analysts_and_has_a_reason(bank):
    pack = reviewing.in_review(bank)
    for wrong, sentence in (({"rating": "R9"}, "Pick one"), ({"reason": " "}, "Say why")):
        with pytest.raises(RuleBroken, match=sentence):
            services.rate(pack_id=pack.pk, actor=bank.analyst, now=NOW, **{"rating": "R2", "reason": "x"} | wrong)
    with pytest.raises(NotAllowed, match="Only its analyst"):
        reviewing.rated(bank, pack, by="analyst2")
    reviewing.rated(bank, pack, "R3")
    assert Review.objects.get().rating == "R3"


def test_a_pack_is_returned_with_its_defects_and_its_manager_opens_the_next_version(bank):
    pack = reviewing.in_review(bank)
    with pytest.raises(RuleBroken, match="one a line"):
        services.return_pack(pack_id=pack.pk, defects="\n", actor=bank.analyst, now=NOW)
    services.return_pack(pack_id=pack.pk, defects="No valuation\nOld search", actor=bank.analyst, now=NOW)
    pack.refresh_from_db()
    assert pack.state == State.RETURNED
    assert pack.events.get(act="return").values["defects"] == ["No valuation", "Old search"]
    assert packs.open_version(pack_id=pack.pk, reason="Mended", actor=bank.rm, now=NOW).number == 2
    with pytest.raises(NotAllowed):
        services.return_pack(pack_id=pack.pk, defects="More", actor=bank.analyst, now=NOW)


def test_next_is_the_one_that_waits_longest(bank):
    first = reviewing.handed(bank, now=NOW - DAY)
    second = making.pack(bank, making.company(bank, name="Silver Bay", name_zh="銀灣"))
    making.facility(bank, second)
    making.sealed(second)
    assert selectors.next_pack(bank.analyst) == first
