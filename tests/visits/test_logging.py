"""Writing down visits and calls: what it leaves behind, and each refusal with its reason (domain 3.3)."""

import datetime as dt

import pytest

from crm.companies.models import Company
from crm.kernel import contributions
from crm.kernel.contributions import Reaction
from crm.kernel.errors import InvalidTransition, NotAllowed, RuleBroken
from crm.kernel.outbox import Outbox
from crm.kernel.reactions import INDEX_TASK
from crm.kernel.worklist import TimelineRow, WorkItem, WorkState
from crm.visits import services
from crm.visits.models import Visit
from crm.visits.rules import Met, Promised
from tests.cast import NOW, Bank
from tests.visits import making
from tests.visits.making import hk

HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)


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
