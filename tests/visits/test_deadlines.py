"""Late and locked, signed off, changed, added to (domain 3.3)."""

import datetime as dt

import pytest

from crm.companies.models import Company
from crm.kernel.errors import NotAllowed, RuleBroken, StaleVersion
from crm.kernel.worklist import TimelineRow, WorkItem, WorkState
from crm.staff.models import CalendarDay
from crm.visits import services
from crm.visits.models import Visit
from crm.visits.rules import Met
from tests.cast import NOW, Bank, fresh
from tests.visits import making
from tests.visits.making import hk

HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)


@pytest.mark.parametrize(
    ("happened", "logged", "late"),
    [
        (hk(6), hk(9, 23), False),  # Friday, due by the end of Monday
        (hk(6), hk(10, 0), True),
        (hk(7), hk(9, 23), False),  # Saturday counts from itself: Monday is the first working day after
        (hk(3), hk(4, 23), False),
        (hk(3), hk(5, 0), True),
    ],
)
def test_a_visit_is_late_after_its_first_working_day(bank: Bank, yau_tat: Company, happened, logged, late: bool) -> None:
    assert making.log(bank.rm, yau_tat, now=logged, at=happened).is_late is late


def test_a_holiday_moves_both_deadlines(bank: Bank, yau_tat: Company) -> None:
    CalendarDay.objects.create(centre=bank.units["centre"], day=dt.date(2026, 3, 9), name="Founders' day", spans=[])
    visit = making.log(bank.rm, yau_tat, now=hk(10, 23), at=hk(6))
    assert not visit.is_late
    assert visit.locked_at == hk(17, 0)  # 10, 11, 12, 13 and 16 March are the five working days


def test_another_centre_keeps_its_own_calendar(bank: Bank) -> None:
    CalendarDay.objects.create(centre=bank.units["centre"], day=dt.date(2026, 3, 9), spans=[])
    far = making.client(bank, "outsider", name="Futian Optics").company
    assert making.log(bank.outsider, far, now=hk(10, 1), at=hk(6)).is_late


def test_after_the_fifth_working_day_only_addenda_are_possible(bank: Bank, yau_tat: Company) -> None:
    visit = making.log(bank.rm, yau_tat, now=hk(3, 12), at=hk(3))
    last_minute, after = hk(10, 23), hk(11, 0)
    visit = services.change_visit(visit_id=visit.pk, actor=bank.rm, now=last_minute, version=1, entry=making.entry(hk(3), "Corrected"))
    with pytest.raises(NotAllowed, match="closed for changes"):
        services.change_visit(visit_id=visit.pk, actor=bank.rm, now=after, version=2, entry=making.entry(hk(3), "Again"))
    addendum = services.add_addendum(visit_id=visit.pk, actor=bank.rm, now=after, text="The chairman was there too.")
    assert (addendum.actor, addendum.post, addendum.at) == (bank.rm, bank.post("rm"), after)


# Changing


def test_a_change_keeps_both_versions_and_brings_all_traces_into_line(bank: Bank, yau_tat: Company) -> None:
    visit = making.log(bank.rm, yau_tat, texts={"next_step": "Send it"}, next_step_on=dt.date(2026, 3, 6), met=(Met(name="Mr Tong"),))
    changed = making.entry(NOW - DAY, "It was yesterday.", kind="call", texts={"next_step": "Bring it"}, next_step_on=dt.date(2026, 3, 9))
    visit = services.change_visit(visit_id=visit.pk, actor=bank.rm, now=NOW, version=1, entry=changed)
    yau_tat.refresh_from_db()
    assert (yau_tat.last_contact_at, yau_tat.last_met_at) == (NOW - DAY, None)
    task = WorkItem.objects.get()
    assert (task.title, task.due_at) == ("Bring it", hk(9, 17) + HOUR / 2)
    row = TimelineRow.objects.get()
    assert (row.kind, row.title, row.at) == ("call", "It was yesterday.", NOW - DAY)
    before, after = visit.history.order_by("history_id")
    assert (before.summary, after.summary, before.met, after.met) == ("LC renewal: one point settled.", "It was yesterday.", "Mr Tong", "")


def test_a_next_step_that_is_taken_away_closes_its_task(bank: Bank, yau_tat: Company) -> None:
    visit = making.log(bank.rm, yau_tat, texts={"next_step": "Send it"}, next_step_on=dt.date(2026, 3, 6))
    services.change_visit(visit_id=visit.pk, actor=bank.rm, now=NOW, version=1, entry=making.entry())
    assert WorkItem.objects.get().state != WorkState.OPEN


def test_a_stale_change_shows_what_stands_and_changes_nothing(bank: Bank, yau_tat: Company) -> None:
    visit = making.log(bank.rm, yau_tat)
    services.change_visit(visit_id=visit.pk, actor=bank.rm, now=NOW, version=1, entry=making.entry(summary="First"))
    with pytest.raises(StaleVersion) as refusal:
        services.change_visit(visit_id=visit.pk, actor=bank.rm, now=NOW, version=1, entry=making.entry(summary="Second"))
    assert refusal.value.current["summary"] == "First"
    visit.refresh_from_db()
    assert (visit.summary, visit.version) == ("First", 2)


def test_a_change_is_checked_like_a_new_note(bank: Bank, yau_tat: Company) -> None:
    visit = making.log(bank.rm, yau_tat)
    with pytest.raises(RuleBroken, match="must not stand"):
        services.change_visit(visit_id=visit.pk, actor=bank.rm, now=NOW, version=1, entry=making.entry(summary="An STR"))


def test_only_the_writer_changes_a_visit(bank: Bank, yau_tat: Company) -> None:
    visit = making.log(bank.rm, yau_tat)
    with pytest.raises(NotAllowed, match="who wrote it"):
        services.change_visit(visit_id=visit.pk, actor=bank.head, now=NOW, version=1, entry=making.entry())
    with pytest.raises(Visit.DoesNotExist):
        services.change_visit(visit_id=visit.pk, actor=bank.outsider, now=NOW, version=1, entry=making.entry())


# Signing off


@pytest.mark.parametrize(
    ("tier", "values", "asked"),
    [
        ("A", {}, True),
        ("A", {"kind": "meeting"}, True),
        ("A", {"kind": "call"}, False),
        ("B", {}, False),
        ("B", {"purpose": "pre_loan"}, True),
    ],
)
def test_key_clients_and_pre_loan_visits_ask_for_a_signature(bank: Bank, tier: str, values: dict, asked: bool) -> None:
    of = making.client(bank, "rm", tier=tier).company
    visit = making.log(bank.rm, of, colleague_ids=(bank.arm.pk,), **values)
    assert visit.needs_sign_off is asked
    assert [(item.unit, item.role) for item in WorkItem.objects.filter(kind="visit_sign_off")] == ([(bank.team, "TH")] if asked else [])


def test_the_team_head_signs_once_and_the_visit_is_closed(bank: Bank) -> None:
    visit = making.log(bank.rm, making.client(bank, "rm", tier="A").company)
    item = WorkItem.objects.get(kind="visit_sign_off")
    assert item in WorkItem.objects.visible_to(bank.head)
    assert item not in WorkItem.objects.visible_to(bank.head2)
    visit = services.sign_off(visit_id=visit.pk, actor=bank.head, now=NOW)
    item.refresh_from_db()
    assert (visit.signed_off_by, item.state, item.closed_by) == (bank.head, WorkState.DONE, bank.head)
    with pytest.raises(NotAllowed, match="signed off already"):
        services.sign_off(visit_id=visit.pk, actor=bank.head, now=NOW)
    with pytest.raises(NotAllowed, match="signed off"):
        services.change_visit(visit_id=visit.pk, actor=bank.rm, now=NOW, version=1, entry=making.entry())


@pytest.mark.parametrize(("who", "words"), [("rm", "their own"), ("arm", "head of the team"), ("ho", "head of the team")])
def test_others_do_not_sign(bank: Bank, who: str, words: str) -> None:
    visit = making.log(bank.rm, making.client(bank, "rm", tier="A").company, colleague_ids=(bank.arm.pk,))
    with pytest.raises(NotAllowed, match=words):
        services.sign_off(visit_id=visit.pk, actor=fresh(bank.people[who]), now=NOW)


def test_a_visit_that_needs_no_signature_takes_none(bank: Bank, yau_tat: Company) -> None:
    with pytest.raises(NotAllowed, match="needs no signature"):
        services.sign_off(visit_id=making.log(bank.rm, yau_tat).pk, actor=bank.head, now=NOW)


def test_a_heads_own_visit_is_signed_one_level_up(bank: Bank) -> None:
    of = making.client(bank, "rm", tier="A").company
    by_head = making.log(bank.head, of)
    assert WorkItem.objects.get(kind="visit_sign_off", subject_id=by_head.pk).role == "RCH"
    services.sign_off(visit_id=by_head.pk, actor=bank.people["centre"], now=NOW)
    by_centre = making.log(bank.people["centre"], of)
    item = WorkItem.objects.get(kind="visit_sign_off", subject_id=by_centre.pk)
    assert (item.role, item.unit) == ("HO", bank.head_office)
    services.sign_off(visit_id=by_centre.pk, actor=bank.ho, now=NOW)


def test_an_addendum_needs_words_somebody_who_was_there_and_a_logged_visit(bank: Bank, yau_tat: Company) -> None:
    visit = making.log(bank.rm, yau_tat, colleague_ids=(bank.arm.pk,))
    services.add_addendum(visit_id=visit.pk, actor=bank.arm, now=NOW, text="I saw it too.")
    for actor, text, error, words in (
        (bank.rm, " ", RuleBroken, "to be added"),
        (bank.rm, "可疑交易", RuleBroken, "must not stand"),
        (bank.head, "Seen", NotAllowed, "were there"),
    ):
        with pytest.raises(error, match=words):
            services.add_addendum(visit_id=visit.pk, actor=actor, now=NOW, text=text)
    planned = making.plan(bank.rm, yau_tat)
    with pytest.raises(NotAllowed, match="Log the visit first"):
        services.add_addendum(visit_id=planned.pk, actor=bank.rm, now=NOW, text="Early")
