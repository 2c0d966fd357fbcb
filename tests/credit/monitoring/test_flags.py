"""Raising, answering and closing red flags; what a critical one suspends; who must not know (domain 7.4)."""

import datetime as dt

import pytest
from django.db import DatabaseError, connection, transaction

from credit.decisions import services as decisions
from credit.flags import selectors, services
from credit.flags.book import hushed
from credit.flags.choices import FlagWork
from credit.flags.contributions import _closed_badly, _critical_not_suspended, _gone
from credit.flags.models import Flag, FlagEvent, Suspension
from credit.packs.models import Pack
from crm.companies.models import Company
from crm.kernel.errors import NotAllowed, RuleBroken
from crm.kernel.worklist import TimelineRow, WorkItem
from crm.notifications.models import Notification
from tests.cast import NOW, fresh
from tests.credit.deciding import decide, drawn, up
from tests.credit.monitoring import making
from tests.crm.hospitality import making as dinners

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(bank):
    return making.client(bank)


def work(flag):
    rows = WorkItem.objects.open().filter(subject_type="flags.flag", subject_id=flag.pk)
    return sorted((row.kind, row.role or row.assignee.username) for row in rows)


def broken():
    return [*_critical_not_suspended(), *_closed_badly(), *_gone()]


def test_a_high_flag_asks_for_plan_and_visit_and_is_read_by_the_head(bank, client):
    flag = making.flag(bank, client)
    assert (flag.severity, flag.state) == ("H", "open")
    assert work(flag) == [(FlagWork.PLAN, "rm"), (FlagWork.READ, "TH"), (FlagWork.VISIT, "rm")]
    visit = WorkItem.objects.get(kind=FlagWork.VISIT)
    assert visit.due_at == dt.datetime(2026, 3, 6, 9, 30, tzinfo=dt.UTC)  # two working days, as RF-01 asks
    services.read_off(flag_id=flag.pk, actor=fresh(bank.head), now=NOW)
    services.answer(flag_id=flag.pk, act="plan", note="Go again on Friday.", actor=fresh(bank.rm), now=NOW)
    assert work(flag) == [(FlagWork.VISIT, "rm")]


def test_a_medium_flag_asks_for_an_explanation_within_five_working_days(bank, client):
    flag = making.flag(bank, client, "RF-10")
    assert work(flag) == [(FlagWork.EXPLAIN, "rm")]
    assert flag.due_at == dt.datetime(2026, 3, 11, 9, 30, tzinfo=dt.UTC)


def test_three_open_mediums_make_one_high_once_and_closing_one_does_not_undo_it(bank, client):
    mediums = [making.flag(bank, client, code) for code in ("RF-10", "RF-11", "RF-12")]
    whole = Flag.objects.get(code="RF-3M")
    assert (whole.severity, whole.counted.count()) == ("H", 3)
    making.flag(bank, client, "RF-22")
    making.close(bank, mediums[0], "head")
    assert Flag.objects.get(code="RF-3M").state == "open"
    assert Flag.objects.filter(code="RF-3M").count() == 1


def test_the_same_flag_again_is_added_to_the_open_one(bank, client):
    first, again = making.flag(bank, client), making.flag(bank, client, by="head")
    assert first.pk == again.pk
    assert [event.act for event in first.events.order_by("pk")] == ["raise", "seen"]


def test_a_critical_flag_suspends_live_packs_and_the_steps_that_give_limits(bank, client):
    granted = up(bank, of=client.company)
    decide(bank, granted)
    drawn(bank, granted)
    live, waits = (making.pack_in(bank, client, state) for state in ("available", "cp_pending"))
    making.flag(bank, client, "RF-02")
    live.refresh_from_db()
    assert live.state == "suspended"
    for step, pack in ((decisions.go_live, waits), (decisions.offer, granted)):
        with pytest.raises(RuleBroken, match="suspended"):
            step(pack_id=pack.pk, actor=fresh(bank.cad), now=NOW)
    assert Suspension.objects.get().lifted_at is None
    assert not broken()


def test_limits_come_back_when_the_last_critical_flag_is_closed_by_credit_and_compliance(bank, client):
    live = making.pack_in(bank, client, "review_due")
    first, second = making.flag(bank, client, "RF-02"), making.flag(bank, client, "RF-29", by="compliance2")
    for flag in (first, second):
        making.close(bank, flag, "co1")
        making.close(bank, flag, "compliance")
        live.refresh_from_db()
        assert live.state == ("suspended" if flag is first else "review_due")
    assert not selectors.is_stopped(client.pk)
    assert not broken()


def test_a_pack_that_a_gap_left_drawable_breaks_the_invariant(bank, client):
    live = making.pack_in(bank, client, "available")
    making.flag(bank, client, "RF-02")
    Pack.objects.filter(pk=live.pk).update(state="available")
    assert len(broken()) == 1
    Suspension.objects.update(lifted_at=NOW)
    assert len(broken()) == 1


@pytest.mark.parametrize(
    ("code", "by", "closer", "sentence"),
    [
        ("RF-10", "rm", "rm", "raised"),
        ("RF-10", "head", "rm", "looks after"),
        ("RF-01", "rm", "head", "centre"),
        ("RF-10", "rm", "co1", "head of the team"),
        ("RF-02", "compliance2", "centre", "together"),
        ("RF-02", "compliance", "compliance", "raised"),
    ],
)
def test_others_than_the_right_level_do_not_close(bank, client, code, by, closer, sentence):
    flag = making.flag(bank, client, code, by=by)
    with pytest.raises(NotAllowed, match=sentence):
        making.close(bank, flag, closer)


def test_the_heads_close_at_their_level_with_evidence_alone(bank, client):
    medium, high = making.flag(bank, client, "RF-10"), making.flag(bank, client, "RF-01")
    with pytest.raises(RuleBroken, match="Bring the evidence"):
        making.close(bank, medium, "head", link="")
    assert making.close(bank, medium, "head").state == "closed"
    assert making.close(bank, high, "centre").state == "closed"
    assert work(high) == []
    with pytest.raises(NotAllowed, match="closed"):
        making.close(bank, high, "centre")


def test_two_of_one_side_do_not_close_a_critical_flag_and_a_refused_signature_falls(bank, client):
    flag = making.flag(bank, client, "RF-24")
    making.close(bank, flag, "co1")
    for name, sentence in (("co1", "You have signed"), ("co2", "Your side")):
        with pytest.raises(NotAllowed, match=sentence):
            making.close(bank, flag, name)
    services.keep_open(flag_id=flag.pk, note="The address was not visited.", actor=fresh(bank.compliance), now=NOW)
    flag.refresh_from_db()
    assert (flag.state, flag.signed_by) == ("open", None)


def test_only_a_petition_makes_a_court_case_critical(bank, client):
    assert making.flag(bank, client, "RF-35").severity == "H"
    assert making.flag(bank, client, "RF-35", critical=True).severity == "C"
    assert selectors.is_stopped(client.pk)
    with pytest.raises(RuleBroken, match="never critical"):
        making.flag(bank, client, "RF-10", critical=True)


def test_late_answers_go_up_once(bank, client):
    flag = making.flag(bank, client)
    late = NOW + dt.timedelta(days=14)
    assert services.watch(now=late) == 3
    assert services.watch(now=late) == 0
    assert ("flag_late", "RCH") in work(flag)


def test_a_critical_flag_is_read_within_the_hour_or_head_office_has_it(bank, client):
    flag = making.flag(bank, client, "RF-02")
    assert {row.user.username for row in Notification.objects.filter(kind="flags.critical")} >= {"co1", "compliance"}
    assert all(row.due_at == NOW + dt.timedelta(hours=1) for row in WorkItem.objects.filter(kind=FlagWork.ALERT))
    services.read_off(flag_id=flag.pk, actor=fresh(bank.co1), now=NOW)
    services.watch(now=NOW + dt.timedelta(minutes=61))
    assert work(flag) == [("flag_alert", "COMP"), ("flag_late", "HO")]


def test_nothing_deletes_a_flag_or_changes_what_was_done(bank, client):
    flag = making.flag(bank, client)
    for statement in (
        "DELETE FROM flags_flag",
        "DELETE FROM flags_flagevent",
        "UPDATE flags_flagevent SET note = 'x'",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert FlagEvent.objects.filter(flag=flag).count() == 1


def test_who_could_warn_the_client_reads_nothing_of_a_fraud_in_trade_papers(bank, client):
    flag = making.flag(bank, client, "RF-03", by="compliance")
    for name in ("rm", "head", "arm", "cad", "ops", "finance", "outsider", "admin"):
        assert not Flag.objects.visible_to(fresh(bank.people[name])).exists(), name
        assert not FlagEvent.objects.visible_to(fresh(bank.people[name])).exists(), name
        assert not WorkItem.objects.visible_to(fresh(bank.people[name])).exists(), name
        rows = TimelineRow.objects.of_company(client.company_id, user=fresh(bank.people[name]))
        assert not [row for row in rows if "RF-" in row.title], name
        assert not Notification.objects.filter(user=bank.people[name]).exists(), name
    for name in ("centre", "co1", "chair", "analyst", "compliance", "auditor", "ho"):
        assert list(Flag.objects.visible_to(fresh(bank.people[name]))) == [flag], name
    told = selectors.stopped([client.company_id])[client.company_id]
    assert "RF" not in str(told)
    assert "bill" not in str(told)


def test_whoever_raised_it_sees_that_they_did_and_nothing_that_followed(bank, client):
    flag = making.flag(bank, client, "RF-02")
    services.answer(flag_id=flag.pk, act="note", note="The carrier denies it.", actor=fresh(bank.analyst), now=NOW)
    assert list(Flag.objects.visible_to(fresh(bank.rm))) == [flag]
    assert [event.act for event in selectors.events_of(flag, user=fresh(bank.rm))] == ["raise"]
    assert "note" in [event.act for event in selectors.events_of(flag, user=fresh(bank.centre))]


def test_a_hidden_open_flag_does_not_show_in_what_another_raiser_gets(bank, client):
    hidden = making.flag(bank, client, "RF-04", by="compliance")
    mine = making.flag(bank, client, "RF-04")
    assert mine.pk != hidden.pk
    assert Flag.objects.visible_to(fresh(bank.rm)).get() == mine


def test_a_client_that_one_does_not_see_is_not_flagged(bank, client):
    for name in ("outsider", "auditor", "admin", "analyst"):
        with pytest.raises(NotAllowed):
            making.flag(bank, client, by=name)
    assert Company.objects.filter(pk=client.company_id).exists()


def test_a_high_flag_makes_hospitality_sensitive_without_saying_so_and_a_hushed_or_closed_one_does_not(bank, client):
    Flag.objects.filter(pk=making.flag(bank, client).pk).update(code=next(iter(hushed())))
    assert dinners.ask(bank.rm, client.company, 900).state == "free"
    flag = making.flag(bank, client)
    event = dinners.ask(bank.rm, client.company, 900, at=dinners.TOMORROW + dt.timedelta(days=5))
    assert (event.state, event.needs, event.needs_consent) == ("submitted", ["pending"], True)
    assert {str(sentence) for sentence in selectors.pending_of([client.company_id], NOW.date()).values()} == {
        "The bank has an open matter with this client."
    }
    Flag.objects.filter(pk=flag.pk).update(severity="M")
    assert not selectors.pending_of([client.company_id], NOW.date())


def on_the_lists(browse, who, flag):
    """Whether Today and the list of open work lead this person to the flag."""
    browser = browse(who)
    held = [flag.get_absolute_url() in browser.get(path).content.decode() for path in ("/", "/tasks/")]
    assert held[0] == held[1]
    return held[0]


@pytest.mark.parametrize("code", ["RF-02", "RF-03"])
def test_a_critical_flag_stands_on_the_lists_of_credit_and_compliance_until_their_side_acted_on_it(bank, client, browse, code):
    flag = making.flag(bank, client, code, by="compliance2")
    assert all(on_the_lists(browse, bank.people[name], flag) for name in ("co1", "co2", "compliance"))
    services.read_off(flag_id=flag.pk, actor=fresh(bank.co2), now=NOW)
    assert not on_the_lists(browse, bank.co1, flag)
    assert on_the_lists(browse, bank.compliance, flag)
    services.read_off(flag_id=flag.pk, actor=fresh(bank.compliance), now=NOW)
    services.answer(flag_id=flag.pk, act="legal", note="Told at ten.", actor=fresh(bank.compliance), now=NOW) if flag.entry.legal else None
    assert not on_the_lists(browse, bank.compliance, flag)


def test_a_hushed_flag_stands_on_nobodys_list_who_could_warn_the_client(bank, client, browse):
    flag = making.flag(bank, client, "RF-03", by="compliance")
    services.watch(now=NOW + dt.timedelta(hours=2))
    assert on_the_lists(browse, bank.ho, flag)  # nobody has read it in its hour
    for name in ("rm", "head", "centre", "analyst", "cad", "ops", "outsider", "auditor", "admin", "lobby"):
        assert not on_the_lists(browse, bank.people[name], flag), name
