"""Covenants: two people, tests that fall due by themselves, results by figures and by people, breach and cure (domain 7.8, RF-41)."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction

from credit.accountability.parts import Scope
from credit.covenants import duties, selectors, services
from credit.covenants.contributions import _by_one_alone, _not_opened, _result_without_figures
from credit.covenants.models import Covenant, CovenantTest
from credit.flags.models import Flag
from credit.packs.choices import State
from credit.packs.models import Pack
from crm.kernel.errors import NotAllowed, RuleBroken
from crm.kernel.worklist import WorkItem
from tests.cast import NOW, fresh
from tests.credit import reviewing
from tests.credit.monitoring import making, promising
from tests.credit.monitoring.promising import FIRST, PROOF, at

pytestmark = pytest.mark.django_db
APRIL = dt.date(2026, 4, 20)


@pytest.fixture
def pack(bank):
    return promising.live(bank)


def work(kind):
    return WorkItem.objects.open().get(kind=kind)


def codes():
    return list(Flag.objects.order_by("pk").values_list("code", "severity"))


def state(test):
    test.refresh_from_db()
    return test.state


def test_one_writes_it_down_and_another_confirms_it(bank, pack):
    for name in ("rm", "head"):
        with pytest.raises(NotAllowed, match="credit department and credit administration keep covenants"):
            promising.proposed(bank, pack, by=name)
    made = promising.proposed(bank, pack)
    assert work("covenant_confirm").role == "CAD"
    assert not Covenant.objects.visible_to(fresh(bank.rm)).exists()
    with pytest.raises(NotAllowed, match="A second person confirms"):
        services.confirm(covenant_id=made.pk, actor=fresh(bank.analyst), now=NOW)
    services.confirm(covenant_id=made.pk, actor=fresh(bank.cad), now=NOW)
    made.refresh_from_db()
    assert (made.state, made.next_on, str(made)) == ("in_force", FIRST, "Gearing ≤ 2.00×")
    assert not WorkItem.objects.open().filter(kind="covenant_confirm").exists()
    assert Covenant.objects.visible_to(fresh(bank.rm)).get() == made
    assert not Covenant.objects.visible_to(fresh(bank.outsider)).exists()
    assert list(_by_one_alone()) == []
    with pytest.raises(DatabaseError), transaction.atomic():
        Covenant.objects.filter(pk=made.pk).update(threshold=Decimal(3))
    with pytest.raises(DatabaseError), transaction.atomic():
        Covenant.objects.filter(pk=made.pk)._raw_delete("default")


def test_a_pack_that_is_not_approved_has_none_and_what_is_refused_ends_there(bank, pack):
    with pytest.raises(NotAllowed, match="An approved pack or a live limit"):
        promising.proposed(bank, reviewing.in_review(bank, of=pack.company), by="analyst")
    made = promising.proposed(bank, pack)
    with pytest.raises(RuleBroken, match="Say why"):
        services.refuse(covenant_id=made.pk, reason=" ", actor=fresh(bank.cad), now=NOW)
    services.refuse(covenant_id=made.pk, reason="Not what was agreed", actor=fresh(bank.cad), now=NOW)
    with pytest.raises(NotAllowed, match="does not wait to be confirmed"):
        services.confirm(covenant_id=made.pk, actor=fresh(bank.cad), now=NOW)


@pytest.mark.parametrize(
    ("terms", "field"),
    [
        (promising.terms(threshold=None), "threshold"),
        (promising.terms(comparison=""), "comparison"),
        (promising.terms("tnw", "20000000", "least"), "currency"),
        (promising.terms("pledge", None, ""), "words"),
        (promising.terms(frequency=5), "frequency"),
        (promising.terms(cure_days=400), "cure_days"),
        (promising.terms(first_on=dt.date(2025, 3, 2)), "first_on"),
    ],
)
def test_terms_that_say_too_little_are_refused_at_their_field(bank, terms, field):
    pack = making.pack_in(bank, making.client(bank), "available")
    with pytest.raises(RuleBroken) as refusal:
        promising.proposed(bank, pack, terms)
    assert field in refusal.value.fields


def test_it_is_taken_over_from_a_condition_of_the_decision(bank):
    told = {"type": "financial", "text": "Gearing up to 2.0", "due_on": dt.date(2026, 9, 1)}
    pack = promising.live(bank, conditions=(told,))
    [condition] = selectors.conditions_to_take_over(pack, user=fresh(bank.analyst))
    promising.proposed(bank, pack, condition_id=condition.pk)
    assert selectors.conditions_to_take_over(pack, user=fresh(bank.analyst)) == []


def test_a_test_falls_due_by_itself_as_its_period_ends_once(bank, pack):
    covenant = promising.in_force(bank, pack)
    assert promising.night(FIRST - dt.timedelta(days=1))["opened"] == 0
    assert promising.night(FIRST)["opened"] == 1
    assert promising.night(FIRST)["opened"] == 0
    test = covenant.tests.get()
    item = work("covenant_paper")
    assert (test.ends_on, test.paper_due_on, test.state) == (FIRST, dt.date(2026, 4, 30), "waiting")
    assert (item.assignee, item.due_at.date(), item.subject_id) == (bank.rm, dt.date(2026, 4, 30), test.pk)
    # Three months without a night: each period is tested all the same.
    assert promising.night(dt.date(2026, 12, 31))["opened"] == 3
    assert list(covenant.tests.order_by("ends_on").values_list("ends_on", flat=True))[1:] == [
        dt.date(2026, 6, 30), dt.date(2026, 9, 30), dt.date(2026, 12, 31),
    ]  # fmt: skip
    assert list(_not_opened()) == []


def test_a_limit_that_is_not_live_has_no_test_due_and_one_that_ended_ends_its_covenants(bank, pack):
    test = promising.opened(bank, pack)
    Pack.objects.filter(pk=pack.pk).update(state=State.CP_PENDING)
    assert promising.night(dt.date(2026, 6, 30))["opened"] == 0
    Pack.objects.filter(pk=pack.pk).update(state=State.CANCELLED)
    assert promising.night(dt.date(2026, 7, 1)) == {"opened": 0, "flags_raised": 0, "changed": 0, "ended": 1}
    assert state(test) == "dropped"
    assert Covenant.objects.get().state == "ended"
    assert not WorkItem.objects.open().filter(kind__startswith="covenant").exists()
    assert promising.night(dt.date(2026, 7, 1))["ended"] == 0


def test_the_paper_is_received_with_evidence_and_tested_within_ten_working_days(bank, pack):
    test = promising.opened(bank, pack)
    told = {"test_id": test.pk, "now": at(APRIL)}
    with pytest.raises(NotAllowed, match="relationship manager, the credit department and credit administration bring papers"):
        services.receive_paper(received_on=APRIL, actor=fresh(bank.head), **PROOF, **told)
    with pytest.raises(RuleBroken, match="Bring the evidence"):
        services.receive_paper(received_on=APRIL, actor=fresh(bank.rm), **told)
    for day in (FIRST - dt.timedelta(days=1), APRIL + dt.timedelta(days=1)):
        with pytest.raises(RuleBroken, match="Between the end of the period and today"):
            services.receive_paper(received_on=day, actor=fresh(bank.rm), **PROOF, **told)
    with pytest.raises(NotAllowed, match="Nothing waits to be tested"):
        promising.recorded(bank, test)
    received = promising.received(bank, test)
    # From Monday 20 April ten working days lead to Monday 4 May.
    assert received.test_due_at.date() == dt.date(2026, 5, 4)
    assert work("covenant_test").due_at == received.test_due_at
    assert not WorkItem.objects.open().filter(kind="covenant_paper").exists()
    with pytest.raises(NotAllowed, match="is not awaited"):
        promising.received(bank, test)


def test_a_ratio_is_worked_out_from_the_spread_and_frozen_with_its_figures(bank, pack):
    promising.figures(bank, pack)
    test = promising.received(bank, promising.opened(bank, pack))
    with pytest.raises(NotAllowed, match="keep covenants"):
        promising.recorded(bank, test, by="rm")
    done = promising.recorded(bank, test)
    assert (done.state, done.value, done.threshold, done.tested_by) == ("met", Decimal("0.8"), Decimal(2), bank.analyst)
    assert {row["line"]: row["amount"] for row in done.figures["sources"]}["equity"] == "250"
    assert done.figures["source"] == "Report"
    assert not WorkItem.objects.open().filter(kind="covenant_test").exists()
    for change in ({"value": Decimal(1)}, {"figures": {}}):
        with pytest.raises(DatabaseError), transaction.atomic():
            CovenantTest.objects.filter(pk=test.pk).update(**change)
    # Restated accounts leave the result and add a note, once.
    promising.figures(bank, pack, day=dt.date(2026, 6, 1), long_debt=1000)
    assert promising.night(dt.date(2026, 6, 2))["changed"] == 1
    assert promising.night(dt.date(2026, 6, 2))["changed"] == 0
    assert state(test) == "met"
    assert test.value == Decimal("0.8")
    assert test.events.get(act="change").note == "0.80× → 4.80×"
    assert list(_result_without_figures()) == []


@pytest.mark.parametrize(
    ("terms", "value", "result"),
    [
        (promising.terms("tnw", "225000", "least", currency="HKD"), "225000", "met"),
        (promising.terms("interest_cover", "6.3", "least"), "6.25", "breached"),
        (promising.terms("payout", "40", "most"), "40", "met"),
    ],
)
def test_amounts_stand_in_full_and_shares_in_per_cent(bank, pack, terms, value, result):
    promising.figures(bank, pack)
    done = promising.recorded(bank, promising.received(bank, promising.opened(bank, pack, terms)))
    assert (done.value, done.state) == (Decimal(value), result)


def test_what_is_missing_is_not_testable_until_it_is_there(bank, pack):
    test = promising.received(bank, promising.opened(bank, pack))
    done = promising.recorded(bank, test)
    assert (done.state, done.value, done.reason) == ("untestable", None, "No accounts of the borrower are spread.")
    assert work("covenant_test")
    promising.figures(bank, pack, ends_on=dt.date(2025, 12, 31))
    assert promising.recorded(bank, test).reason == "No accounts to the end of the period are spread."
    promising.figures(bank, pack)
    assert promising.recorded(bank, test, dt.date(2026, 4, 28)).state == "met"


def test_an_undertaking_is_answered_by_a_person_with_evidence(bank, pack):
    test = promising.received(bank, promising.opened(bank, pack, promising.undertaking()))
    for values, sentence in (
        ({}, "Say whether the promise is kept"),
        ({"answer": "met"}, "Say what the evidence shows"),
        ({"answer": "met", "note": "No charge"}, "Bring the evidence"),
    ):
        with pytest.raises(RuleBroken, match=sentence):
            promising.recorded(bank, test, **values)
    assert promising.recorded(bank, test, answer="untestable", note="The register is down").state == "untestable"
    assert promising.recorded(bank, test, answer="met", note="No charge", **PROOF).state == "met"


def test_a_breach_raises_its_flag_once_the_days_to_cure_are_over_and_stops_no_drawing(bank, pack):
    test = promising.breached(bank, pack)
    assert (test.cure_until, codes()) == (dt.date(2026, 5, 11), [])
    assert work("covenant_cure").assignee == bank.rm
    assert promising.night(dt.date(2026, 5, 11))["flags_raised"] == 0
    assert promising.night(dt.date(2026, 5, 12))["flags_raised"] == 1
    assert promising.night(dt.date(2026, 5, 13))["flags_raised"] == 0
    flag = Flag.objects.get()
    assert (flag.code, flag.severity, flag.origin, flag.raised_by) == ("RF-41", "M", "terms", None)
    pack.refresh_from_db()
    assert pack.state == State.AVAILABLE


def test_a_breach_without_days_to_cure_raises_its_flag_at_once(bank, pack):
    promising.breached(bank, pack, promising.undertaking(cure_days=0))
    assert codes() == [("RF-41", "M")]
    assert promising.night(dt.date(2026, 5, 12))["flags_raised"] == 0


def test_a_breach_that_is_cured_in_time_raises_none(bank, pack):
    test = promising.breached(bank, pack)
    told = {"test_id": test.pk, "now": at(dt.date(2026, 5, 4))}
    with pytest.raises(NotAllowed, match="keep covenants"):
        services.cure(note="Released", actor=fresh(bank.rm), **PROOF, **told)
    with pytest.raises(RuleBroken, match="Bring the evidence"):
        services.cure(note="Released", actor=fresh(bank.cad), **told)
    services.cure(note="The charge was released", actor=fresh(bank.cad), **PROOF, **told)
    assert state(test) == "cured"
    assert not WorkItem.objects.open().filter(kind="covenant_cure").exists()
    assert promising.night(dt.date(2026, 6, 1))["flags_raised"] == 0
    with pytest.raises(NotAllowed, match="is not breached"):
        services.cure(note="Again", actor=fresh(bank.cad), **PROOF, **told)


def test_a_paper_that_is_more_than_fifteen_days_late_raises_the_flag_once(bank, pack):
    promising.opened(bank, pack)
    due = dt.date(2026, 4, 30)
    assert promising.night(due + dt.timedelta(days=15))["flags_raised"] == 0
    assert promising.night(due + dt.timedelta(days=16))["flags_raised"] == 1
    assert promising.night(due + dt.timedelta(days=17))["flags_raised"] == 0
    assert "late by 16 days" in Flag.objects.get(code="RF-41").note


def test_a_successor_follows_from_its_day_and_what_came_before_is_still_tested(bank, pack):
    old = promising.in_force(bank, pack)
    new = promising.proposed(bank, pack, promising.terms(threshold="1.5", first_on=dt.date(2026, 9, 30)), replaces_id=old.pk)
    with pytest.raises(RuleBroken, match="proposed already"):
        promising.proposed(bank, pack, replaces_id=old.pk)
    services.confirm(covenant_id=new.pk, actor=fresh(bank.cad), now=NOW)
    old.refresh_from_db()
    assert (old.state, old.until_on) == ("replaced", dt.date(2026, 9, 29))
    promising.night(dt.date(2026, 12, 31))
    ends = {one.pk: list(one.tests.order_by("ends_on").values_list("ends_on", flat=True)) for one in (old, new)}
    assert ends[old.pk] == [FIRST, dt.date(2026, 6, 30)]
    assert ends[new.pk] == [dt.date(2026, 9, 30), dt.date(2026, 12, 31)]
    with pytest.raises(RuleBroken, match="tested for a period that ends later"):
        promising.proposed(bank, pack, promising.terms(first_on=dt.date(2026, 12, 31)), replaces_id=new.pk)


def test_duties_name_each_test_by_when_it_was_due_and_done(bank, pack):
    first = promising.recorded(
        bank, promising.received(bank, promising.opened(bank, pack, promising.undertaking())), answer="met", note="x", **PROOF
    )
    promising.night(dt.date(2026, 6, 30))
    span = {"since": NOW - dt.timedelta(days=365), "until": NOW + dt.timedelta(days=365)}
    scope = Scope(client_id=pack.company.client.pk, company_id=pack.company_id, pack_id=pack.pk, centre=pack.centre, **span)
    done, waits = duties.found(scope)
    assert (done.due_at, done.done_at, done.by_id) == (first.test_due_at, first.tested_at, bank.analyst.pk)
    assert (done.kind, done.label) == (f"covenant:{first.covenant.metric}", "2026-03-31")
    assert (waits.due_at.date(), waits.done_at, waits.by_id) == (dt.date(2026, 7, 30), None, None)


def test_proceeds_that_stay_away_ask_for_a_look_at_the_covenant_of_turnover(bank, pack):
    covenant = promising.in_force(bank, pack, promising.terms("turnover", "60", "least"))
    for _ in range(2):
        making.flag(bank, pack.company.client, "RF-21", by="compliance", now=NOW)
    assert work("covenant_look").subject_id == covenant.pk
    assert covenant.events.get(act="look").note == "RF-21"
