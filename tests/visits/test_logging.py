"""Writing down visits and calls: what it leaves behind, and each refusal with its reason (domain 3.3)."""

import datetime as dt

import pytest

from crm.companies.models import Company
from crm.kernel import contributions
from crm.kernel.contributions import Reaction
from crm.kernel.errors import InvalidTransition, NotAllowed, RuleBroken, StaleVersion
from crm.kernel.outbox import Outbox
from crm.kernel.reactions import INDEX_TASK
from crm.kernel.worklist import TimelineRow, WorkItem, WorkState
from crm.staff.models import CalendarDay
from crm.visits import services
from crm.visits.models import Visit
from crm.visits.rules import Met, Promised
from tests.cast import NOW, Bank, fresh
from tests.visits import making

HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)


def hk(day: int, hour: int = 10, month: int = 3) -> dt.datetime:
    """A Hong Kong time in 2026."""
    return dt.datetime(2026, month, day, hour, tzinfo=dt.timezone(dt.timedelta(hours=8)))


@pytest.fixture
def yau_tat(bank: Bank) -> Company:
    return making.client(bank, "rm").company


def test_a_logged_visit_leaves_its_trace_everywhere(bank: Bank, yau_tat: Company) -> None:
    visit = making.log(bank.rm, yau_tat, texts={"next_step": "Send the fee sheet"}, next_step_on=dt.date(2026, 3, 6))
    yau_tat.refresh_from_db()
    assert (yau_tat.last_contact_at, yau_tat.last_met_at) == (visit.happened_at, visit.happened_at)
    assert (visit.owner, visit.team, visit.centre) == (bank.rm, bank.team, bank.units["centre"])
    row = TimelineRow.objects.get(company=yau_tat)
    assert (row.kind, row.at, row.owner, row.team, row.title) == ("visit", visit.happened_at, bank.rm, bank.team, visit.summary)
    task = WorkItem.objects.get(company=yau_tat)
    assert (task.kind, task.title, task.assignee, task.due_at) == ("task", "Send the fee sheet", bank.rm, hk(6, 17) + HOUR / 2)
    history = visit.history.get()
    assert (history.history_user, history.summary) == (bank.rm, visit.summary)


def test_who_reacts_to_a_visit_gets_it_by_the_outbox(bank: Bank, yau_tat: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(contributions._registry, Reaction, [Reaction("visits.logged", "deals.visit_logged"), Reaction("other", "x")])
    visit = making.log(bank.rm, yau_tat)
    assert Outbox.objects.filter(task=INDEX_TASK).count() == 1
    row = Outbox.objects.exclude(task=INDEX_TASK).get()
    assert (row.task, row.args, row.actor) == ("deals.visit_logged", {"visit_id": visit.pk}, bank.rm)


def test_the_people_who_were_there_are_kept_in_words_too(bank: Bank, yau_tat: Company) -> None:
    yau = making.contact(yau_tat)
    visit = making.log(
        bank.rm, yau_tat, met=(Met(yau.pk, weight="decides"), Met(name="Mr  Tong", title="Treasury")), colleague_ids=(bank.arm.pk,)
    )
    assert visit.met == "Ms Yau, Mr Tong"
    assert visit.colleagues == "Arm Lau"
    assert [(a.contact, a.name, a.weight) for a in visit.attendees.order_by("pk")] == [(yau, "", "decides"), (None, "Mr Tong", "")]


def test_a_promise_is_a_dated_task_until_it_is_kept(bank: Bank, yau_tat: Company) -> None:
    visit = making.log(bank.rm, yau_tat, promises=(Promised("Answer on the fee by Friday", dt.date(2026, 3, 6), bank.arm.pk),))
    promise = visit.promises.get()
    item = WorkItem.objects.get(kind="promise")
    assert (item.assignee, item.subject_id, item.title) == (bank.arm, promise.pk, promise.text)
    services.complete_promise(promise_id=promise.pk, actor=bank.arm, now=NOW)
    item.refresh_from_db()
    promise.refresh_from_db()
    assert (item.state, promise.kept_by) == (WorkState.DONE, bank.arm)
    with pytest.raises(InvalidTransition, match="kept already"):
        services.complete_promise(promise_id=promise.pk, actor=bank.rm, now=NOW)
    services.reopen_promise(promise_id=promise.pk, actor=bank.arm, now=NOW)
    item.refresh_from_db()
    assert item.state == WorkState.OPEN


def test_a_colleague_who_has_no_part_in_a_promise_does_not_close_it(bank: Bank, yau_tat: Company) -> None:
    promise = making.log(bank.rm, yau_tat, promises=(Promised("Answer", dt.date(2026, 3, 6)),)).promises.get()
    with pytest.raises(NotAllowed, match="made or keeps"):
        services.complete_promise(promise_id=promise.pk, actor=bank.head, now=NOW)


@pytest.mark.parametrize(
    ("values", "field", "words"),
    [
        ({"at": NOW + HOUR}, "happened_at", "still to come"),
        ({"summary": "  \u200b "}, "summary", "sentence or two"),
        ({"texts": {"next_step": "Send it"}}, "next_step_on", "needs a day"),
        ({"next_step_on": dt.date(2026, 3, 6)}, "next_step", "What is the next step"),
        ({"texts": {"next_step": "Send it"}, "next_step_on": dt.date(2026, 3, 3)}, "next_step_on", "before the visit"),
        ({"summary": "x" * 10_001}, "summary", "longer than 10000"),
        ({"texts": {"business": "x" * 2_001}}, "business", "longer than 2000"),
        ({"kind": "dinner"}, "kind", "one of the choices"),
        ({"purpose": "surprise"}, "purpose", "one of the choices"),
        ({"place": "moon"}, "place", "one of the choices"),
        ({"mood": 6}, "mood", "from 1 to 5"),
        ({"latitude": 91}, "latitude", "between -90 and 90"),
        ({"longitude": 181}, "longitude", "between -180 and 180"),
        ({"purpose": "pre_loan"}, "colleagues", "Two go to a pre-loan"),
        ({"met": (Met(999_999),)}, "met", "people of this company"),
        ({"met": (Met(name=" "),)}, "met", "people of this company"),
        ({"met": (Met(name="A", weight="king"),)}, "met", "people of this company"),
        ({"colleague_ids": (999_999,)}, "colleagues", "who work here"),
        ({"promises": (Promised("", dt.date(2026, 3, 6)),)}, "promises", "needs words"),
        ({"promises": (Promised("Call", dt.date(2026, 3, 3)),)}, "promises", "not before the visit"),
        (
            {"texts": {"next_step": "Go"}, "next_step_on": dt.date(2026, 3, 6), "next_step_owner_id": 999_999},
            "next_step_owner",
            "work here",
        ),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_kept(
    bank: Bank, yau_tat: Company, values: dict, field: str, words: str
) -> None:
    with pytest.raises(RuleBroken) as refusal:
        making.log(bank.rm, yau_tat, **values)
    assert words in str(refusal.value.fields[field])
    assert not Visit.objects.exists()
    assert not WorkItem.objects.exists()
    assert not TimelineRow.objects.exists()


@pytest.mark.parametrize(
    "text",
    [
        "We filed a suspicious transaction report",
        "SUSPICIOUS   TRANSACTION",
        "ｓｕｓｐｉｃｉｏｕｓ ｔｒａｎｓａｃｔｉｏｎ",
        "已提交可疑交易報告",
        "已提交可疑交易报告",
        "An STR is on its way",
        "Asked by JFIU",
        "sus\u200bpicious transaction",
    ],
)
@pytest.mark.parametrize("field", ["summary", "concerns", "next_step", "objective"])
def test_a_note_never_speaks_of_suspicious_reports(bank: Bank, yau_tat: Company, text: str, field: str) -> None:
    values = (
        {"summary": text}
        if field == "summary"
        else {"texts": {field: text}, "next_step_on": dt.date(2026, 3, 9) if field == "next_step" else None}
    )
    with pytest.raises(RuleBroken, match="must not stand"):
        making.log(bank.rm, yau_tat, **values)


@pytest.mark.parametrize("text", ["Nathan str. 5", "The production order grew", "Stress test of the loom", "交易量上升"])
def test_ordinary_words_pass(bank: Bank, yau_tat: Company, text: str) -> None:
    assert making.log(bank.rm, yau_tat, summary=text).summary == text


@pytest.mark.parametrize(
    ("who", "words"),
    [
        ("rm2", "Neither you nor your team"),
        ("outsider", "Neither you nor your team"),
        ("head2", "Neither you nor your team"),
        ("ho", "relationship managers and their heads"),
        ("compliance", "relationship managers and their heads"),
        ("auditor", "relationship managers and their heads"),
        ("analyst", "relationship managers and their heads"),
        ("finance", "relationship managers and their heads"),
        ("specialist", "relationship managers and their heads"),
    ],
)
def test_only_who_looks_after_the_company_logs(bank: Bank, yau_tat: Company, who: str, words: str) -> None:
    with pytest.raises(NotAllowed, match=words):
        making.log(bank.people[who], yau_tat)


@pytest.mark.parametrize("who", ["rm", "head", "centre"])
def test_the_manager_and_their_heads_log(bank: Bank, yau_tat: Company, who: str) -> None:
    assert making.log(bank.people[who], yau_tat).owner == bank.people[who]


def test_a_prospect_in_coverage_is_logged_like_a_client(bank: Bank) -> None:
    prospect = making.company("Harbour Precision")
    making.cover(bank, "arm", prospect, "prospect")
    assert making.log(bank.arm, prospect).team == bank.team


def test_an_administrator_sees_no_company_at_all(bank: Bank, yau_tat: Company) -> None:
    with pytest.raises(Company.DoesNotExist):
        making.log(bank.admin, yau_tat)


def test_work_is_given_only_within_the_team(bank: Bank, yau_tat: Company) -> None:
    step = {"texts": {"next_step": "Go"}, "next_step_on": dt.date(2026, 3, 6)}
    with pytest.raises(NotAllowed, match="own team"):
        making.log(bank.rm, yau_tat, next_step_owner_id=bank.outsider.pk, **step)
    making.log(bank.rm, yau_tat, next_step_owner_id=bank.arm.pk, **step)
    assert WorkItem.objects.get().assignee == bank.arm


# What counts


def test_a_call_is_a_contact_but_no_meeting(bank: Bank, yau_tat: Company) -> None:
    visit = making.log(bank.rm, yau_tat, kind="call")
    yau_tat.refresh_from_db()
    assert (yau_tat.last_contact_at, yau_tat.last_met_at) == (visit.happened_at, None)


def test_a_courtesy_visit_counts_as_a_call(bank: Bank, yau_tat: Company) -> None:
    visit = making.log(bank.rm, yau_tat, purpose="courtesy")
    yau_tat.refresh_from_db()
    assert (yau_tat.last_contact_at, yau_tat.last_met_at) == (visit.happened_at, None)


def test_a_call_that_nobody_took_is_no_contact(bank: Bank, yau_tat: Company) -> None:
    making.log(bank.rm, yau_tat, kind="call", two_way=False)
    yau_tat.refresh_from_db()
    assert yau_tat.last_contact_at is None


def test_an_older_visit_logged_later_does_not_turn_the_clock_back(bank: Bank, yau_tat: Company) -> None:
    newer = making.log(bank.rm, yau_tat)
    making.log(bank.rm, yau_tat, at=NOW - DAY)
    yau_tat.refresh_from_db()
    assert yau_tat.last_contact_at == newer.happened_at


def test_a_pitch_before_two_facts_warns_and_is_kept(bank: Bank, yau_tat: Company) -> None:
    early = making.log(bank.rm, yau_tat, texts={"product_introduced": "LC line", "orders": "up"})
    assert "before two facts" in str(services.pitch_warning(visit=early))
    later = making.log(bank.rm, yau_tat, texts={"product_introduced": "LC line", "banks_used": "Two others"})
    assert services.pitch_warning(visit=later) == ""


# Late and locked, by the centre's working calendar


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


# Planned visits


def test_a_plan_stands_on_today_until_it_is_logged(bank: Bank, yau_tat: Company) -> None:
    planned = making.plan(bank.rm, yau_tat, colleague_ids=(bank.arm.pk,))
    item = WorkItem.objects.get()
    assert (item.kind, item.title, item.due_at, item.assignee) == ("visit", planned.objective, planned.planned_at, bank.rm)
    yau_tat.refresh_from_db()
    assert yau_tat.last_contact_at is None
    now = NOW + DAY
    visit = services.log_visit(actor=bank.rm, now=now, company_id=yau_tat.pk, entry=making.entry(NOW + 2 * HOUR), planned_id=planned.pk)
    item.refresh_from_db()
    assert (visit.pk, visit.state, visit.objective, item.state) == (planned.pk, "done", planned.objective, WorkState.DONE)
    assert Visit.objects.count() == 1
    with pytest.raises(NotAllowed, match="not planned any more"):
        services.log_visit(actor=bank.rm, now=now, company_id=yau_tat.pk, entry=making.entry(), planned_id=planned.pk)


def test_a_plan_may_be_moved_and_cancelled_with_a_reason(bank: Bank, yau_tat: Company) -> None:
    planned = making.plan(bank.rm, yau_tat)
    moved = services.replan_visit(visit_id=planned.pk, actor=bank.rm, now=NOW, version=1, planned_at=NOW + DAY, objective="Later")
    assert (moved.at, WorkItem.objects.get().due_at, WorkItem.objects.get().title) == (NOW + DAY, NOW + DAY, "Later")
    with pytest.raises(StaleVersion):
        services.replan_visit(visit_id=planned.pk, actor=bank.rm, now=NOW, version=1, planned_at=NOW + DAY, objective="Again")
    with pytest.raises(RuleBroken, match="why"):
        services.cancel_visit(visit_id=planned.pk, actor=bank.rm, now=NOW, reason=" ")
    services.cancel_visit(visit_id=planned.pk, actor=bank.rm, now=NOW, reason="Typhoon")
    assert WorkItem.objects.get().state != WorkState.OPEN
    assert planned.history.first().history_change_reason == "Typhoon"
    with pytest.raises(NotAllowed, match="not planned any more"):
        services.cancel_visit(visit_id=planned.pk, actor=bank.rm, now=NOW, reason="Twice")


@pytest.mark.parametrize(
    ("values", "field", "words"),
    [
        ({"at": NOW}, "planned_at", "still to come"),
        ({"objective": " "}, "objective", "set beforehand"),
        ({"objective": "An STR"}, "objective", "must not stand"),
        ({"kind": "dinner"}, "kind", "one of the choices"),
        ({"colleague_ids": (999_999,)}, "colleagues", "who work here"),
    ],
)
def test_a_plan_that_is_wrong_is_refused_with_its_reason(bank: Bank, yau_tat: Company, values: dict, field: str, words: str) -> None:
    with pytest.raises(RuleBroken) as refusal:
        making.plan(bank.rm, yau_tat, **values)
    assert words in str(refusal.value.fields[field])
    assert not Visit.objects.exists()


def test_only_who_looks_after_the_company_plans(bank: Bank, yau_tat: Company) -> None:
    with pytest.raises(NotAllowed, match="Neither you"):
        making.plan(bank.outsider, yau_tat)
    planned = making.plan(bank.rm, yau_tat)
    with pytest.raises(NotAllowed, match="who planned it"):
        services.cancel_visit(visit_id=planned.pk, actor=bank.head, now=NOW, reason="No")
    with pytest.raises(Visit.DoesNotExist):
        services.cancel_visit(visit_id=planned.pk, actor=bank.outsider, now=NOW, reason="No")


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
