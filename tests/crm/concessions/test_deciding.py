"""Deciding, passing up, credit's word, the head's review: each success, each refusal with its reason."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from crm.concessions import reporting, selectors, services
from crm.concessions.choices import CreditAct, CreditState, Level, ReviewAct, ReviewState, State, WorkKindName
from crm.concessions.models import Concession, Ruling
from crm.kernel import limits
from crm.kernel.errors import InvalidTransition, NotAllowed, RuleBroken
from crm.kernel.models import WorkItem
from crm.policy.models import Figure
from tests.cast import NOW, Bank
from tests.crm.concessions.making import (
    EXCESS,
    FEE,
    LATER,
    MARGIN,
    ask,
    broken,
    client,
    decide,
    exercise,
    open_item,
    terms,
)

pytestmark = pytest.mark.django_db


def test_the_head_of_the_queue_grants_and_the_limits_are_taken(bank: Bank):
    made = ask(bank.rm, client(bank), MARGIN)
    decided = decide(bank.head, made, reason="Worth it")
    assert (decided.state, decided.decided_level) == (State.APPROVED, Level.TH)
    assert decided.granted == decided.terms
    ruled = Ruling.objects.get(concession=made)
    assert (ruled.required, ruled.level, ruled.forgone) == (Level.SRM, Level.TH, Decimal("18000.00"))
    used = selectors.used_by_level(selectors.holder_of(made.company, "HKD"), on=dt.date(2026, 3, 4), days=365)
    assert used == {Level.TH: Decimal("18000.00")}
    assert limits.budget("concessions.decider", f"user:{bank.head.pk} HKD", "2026-03", cap=Decimal(1)).used == Decimal("18000.00")
    assert not WorkItem.objects.open().filter(kind=WorkKindName.DECIDE).exists()
    assert open_item(made, WorkKindName.TELL).assignee == bank.rm
    assert broken() == []


def test_nobody_decides_their_own_request_nor_another_queues(bank: Bank):
    of = client(bank)
    made, own = ask(bank.rm, of, FEE), ask(bank.head, of, terms("CT6", days=2))
    for name in ("centre", "ho", "compliance", "rm"):
        with pytest.raises(NotAllowed):
            decide(bank.people[name], made)
    with pytest.raises(Concession.DoesNotExist):
        decide(bank.head2, made)
    with pytest.raises(NotAllowed, match="own request"):
        decide(bank.head, own)


def test_the_database_itself_refuses_a_ruling_by_who_asked(bank: Bank):
    made = ask(bank.rm, client(bank), FEE)
    row = {"concession": made, "at": NOW, "outcome": "approved", "asker": bank.rm, "matrix_version": "x", "matrix_on": NOW.date()}
    for wrong in ({"actor": bank.rm, "level": 4, "required": 4}, {"actor": bank.head, "level": 3, "required": 4}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Ruling.objects.create(**row, **wrong, forgone=0)


def test_a_decider_in_conflict_or_suspended_decides_nothing(bank: Bank):
    of = client(bank)
    made = ask(bank.rm, of, FEE)
    conflict = services.declare_conflict(actor=bank.head, now=NOW, company_id=of.company_id, reason="Shares")
    with pytest.raises(NotAllowed, match="no authority"):
        decide(bank.head, made)
    with pytest.raises(NotAllowed):
        services.end_conflict(conflict_id=conflict.pk, actor=bank.head, now=NOW, reason="Sold")
    services.end_conflict(conflict_id=conflict.pk, actor=bank.centre, now=NOW, reason="Sold them")
    assert decide(bank.head, made, now=LATER).state == State.APPROVED


def test_a_part_is_less_and_its_forgone_income_is_worked_out_anew(bank: Bank):
    made = ask(bank.rm, client(bank), MARGIN)
    for wrong in (MARGIN, terms("CT1", amount=12_000_000, bp=16, days=365), None, terms("CT1", amount=12_000_000, bp=0, days=365)):
        with pytest.raises(RuleBroken):
            decide(bank.head, made, "part", reason="Less", what=wrong)
    decided = decide(bank.head, made, "part", reason="Less", what=terms("CT1", amount=12_000_000, bp=10, days=365))
    assert (decided.state, decided.granted_forgone, decided.forgone) == (State.PART, Decimal("12000.00"), Decimal("18000.00"))


@pytest.mark.parametrize("act", ["part", "refuse", "return", "pass_up"])
def test_all_but_a_grant_need_a_reason(bank: Bank, act):
    with pytest.raises(RuleBroken) as refused:
        decide(bank.head, ask(bank.rm, client(bank), FEE), act)
    assert "reason" in refused.value.fields


def test_a_decided_request_is_not_decided_again(bank: Bank):
    made = ask(bank.rm, client(bank), FEE)
    decide(bank.head, made)
    with pytest.raises(InvalidTransition):
        decide(bank.head, made)


def test_what_was_refused_is_not_asked_again_for_thirty_days_unless_something_changed(bank: Bank):
    of = client(bank)
    refused = decide(bank.head, ask(bank.rm, of, FEE), "refuse", reason="No")
    with pytest.raises(RuleBroken) as again:
        ask(bank.rm, of, terms("CT3", amount=100, standard=3_600), now=LATER)
    assert "facts_changed" in again.value.fields
    with pytest.raises(RuleBroken):
        exercise(bank.rm, of, terms("CT3", amount=100, standard=3_600), now=LATER)
    linked = ask(bank.rm, of, FEE, now=LATER, facts_changed="The rival put it in writing")
    assert linked.earlier == refused
    assert ask(bank.rm, of, terms("CT3", amount=10, standard=3_600), now=NOW + dt.timedelta(days=31)).earlier is None


def test_a_question_comes_back_to_who_asked_and_the_answer_goes_to_the_queue(bank: Bank):
    made = decide(bank.head, ask(bank.rm, client(bank), FEE), "return", reason="Which rival?")
    assert open_item(made, WorkKindName.ANSWER).assignee == bank.rm
    with pytest.raises(NotAllowed):
        services.answer_question(concession_id=made.pk, actor=bank.head, now=LATER, answer="x")
    services.answer_question(concession_id=made.pk, actor=bank.rm, now=LATER, answer="Harbour Bank")
    assert decide(bank.head, made, now=LATER).state == State.APPROVED


def test_who_asked_withdraws_before_the_decision_only(bank: Bank):
    of = client(bank)
    made = ask(bank.rm, of, FEE)
    with pytest.raises(NotAllowed):
        services.withdraw(concession_id=made.pk, actor=bank.head, now=NOW)
    assert services.withdraw(concession_id=made.pk, actor=bank.rm, now=NOW).state == State.WITHDRAWN
    assert not WorkItem.objects.open().filter(subject_id=made.pk).exists()
    decided = decide(bank.head, ask(bank.rm, of, FEE, now=LATER), now=LATER)
    with pytest.raises(NotAllowed):
        services.withdraw(concession_id=decided.pk, actor=bank.rm, now=LATER)


def test_passing_up_moves_the_queue_and_is_no_decision(bank: Bank):
    made = decide(bank.head, ask(bank.rm, client(bank), FEE), "pass_up", reason="Beyond the usual")
    assert (made.queue_level, made.state) == (Level.RCH, State.REQUESTED)
    assert not Ruling.objects.exists()
    with pytest.raises(NotAllowed):
        decide(bank.head, made)
    higher = decide(bank.centre, made, "pass_up", reason="See above")
    with pytest.raises(RuleBroken, match="Nobody stands above"):
        decide(bank.ho, higher, "pass_up", reason="And now?")
    assert decide(bank.ho, higher).decided_level == Level.HO


def test_the_clock_passes_a_late_request_up_once(bank: Bank):
    made = ask(bank.rm, client(bank), FEE)
    assert services.escalate(concession_id=made.pk, now=made.due_at - dt.timedelta(seconds=1)) is None
    moved = services.escalate(concession_id=made.pk, now=made.due_at)
    assert moved is not None
    assert moved.queue_level == Level.RCH
    assert services.escalate(concession_id=made.pk, now=made.due_at) is None
    top = services.escalate(concession_id=made.pk, now=moved.due_at)
    assert top is not None
    assert top.queue_level == Level.HO
    assert services.escalate(concession_id=made.pk, now=top.due_at + dt.timedelta(days=9)) is None


def test_authority_is_judged_by_the_matrix_of_the_instant_and_a_raise_alters_no_past_decision(bank: Bank):
    of = client(bank)
    made = ask(bank.rm, of, terms("CT3", amount=6_000, standard=60_000))
    first = decide(bank.head, ask(bank.rm, client(bank, name="Sun Mei", name_zh=""), terms("CT3", amount=6_000, standard=60_000)))
    Figure.objects.filter(table="concessions.CT3.amount", key="TH", jurisdiction="HK").update(value="5500.00")
    with pytest.raises(RuleBroken, match="Pass it up"):
        decide(bank.head, made)
    assert decide(bank.head, made, "pass_up", reason="Above mine now").queue_level == Level.RCH
    again = Ruling.objects.get(concession=first)
    assert again.matrix["figures"]["amount"]["TH"] == "20000.00"
    assert broken() == []


def test_credit_hears_of_an_excess_and_may_stop_it_within_two_hours(bank: Bank):
    of = client(bank)
    made = ask(bank.rm, of, EXCESS)
    assert made.credit_state == CreditState.OPEN
    assert open_item(made, WorkKindName.CREDIT).role == "CO"
    with pytest.raises(RuleBroken):
        services.say_credit(concession_id=made.pk, actor=bank.co1, now=LATER, act=CreditAct.VETO)
    with pytest.raises(NotAllowed):
        services.say_credit(concession_id=made.pk, actor=bank.head, now=LATER, act=CreditAct.VETO, reason="No")
    granted = decide(bank.head, made)
    with pytest.raises(NotAllowed, match="object"):
        services.tell(concession_id=granted.pk, actor=bank.rm, now=LATER, reply=services.Reply("phone", "pleased"))
    stopped = services.say_credit(concession_id=made.pk, actor=bank.co1, now=LATER, act=CreditAct.VETO, reason="Watch list")
    assert (stopped.state, stopped.credit_state) == (State.VETOED, CreditState.VETOED)
    other = ask(bank.rm, client(bank, name="Sun Mei", name_zh=""), EXCESS)
    with pytest.raises(NotAllowed, match="over"):
        services.say_credit(concession_id=other.pk, actor=bank.co1, now=NOW + dt.timedelta(days=1), act=CreditAct.CLEAR)


def test_what_leaves_concessions_is_decided_by_credit_and_is_not_in_the_rate(bank: Bank):
    made = ask(bank.rm, client(bank), terms("CT5", amount=720_000, days=4, limit=6_000_000))
    assert made.queue_level == Level.CREDIT
    assert decide(bank.co1, made).decided_level == Level.CREDIT
    rate = reporting.in_centre_rate(Concession.objects.all(), since=NOW - dt.timedelta(days=1), until=LATER)
    assert rate.decided == 0


def test_the_head_reviews_and_a_reversal_holds_from_now_on(bank: Bank):
    made = exercise(bank.rm, client(bank), terms("CT6", days=12))
    assert made.review_state == ReviewState.DUE
    for name in ("rm", "centre", "ho"):
        with pytest.raises(NotAllowed):
            services.review(concession_id=made.pk, actor=bank.people[name], now=LATER, act=ReviewAct.CONFIRM)
    with pytest.raises(RuleBroken):
        services.review(concession_id=made.pk, actor=bank.head, now=LATER, act=ReviewAct.REVERSE)
    done = services.review(concession_id=made.pk, actor=bank.head, now=LATER, act=ReviewAct.REVERSE, words="Too long")
    assert done.review_state == ReviewState.REVERSED
    assert Concession.objects.get(pk=made.pk).state == State.REVOKED
    with pytest.raises(NotAllowed):
        services.review(concession_id=made.pk, actor=bank.head, now=LATER, act=ReviewAct.CONFIRM)


def test_a_months_limit_that_is_used_up_stops_a_decision_without_a_figure(bank: Bank):
    Figure.objects.filter(table="concessions.month", key="TH", jurisdiction="HK").update(value="20000.00")
    decide(bank.head, ask(bank.rm, client(bank), MARGIN))
    second = ask(bank.rm, client(bank, name="Sun Mei", name_zh=""), MARGIN)
    with pytest.raises(limits.LimitExceeded) as refused:
        decide(bank.head, second)
    assert not any(digit in str(refused.value) for digit in "0123456789")
    assert Concession.objects.get(pk=second.pk).state == State.REQUESTED
    assert broken() == []
