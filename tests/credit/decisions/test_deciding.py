"""Decisions: routed by authority, four eyes, immutable; deferred, declined, appealed, voted on (domain 6.7; invariants 21, 22, 29)."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction

from credit.decisions import services
from credit.decisions.choices import Level, MotionState, Outcome
from credit.decisions.models import Case, Decision, Vote
from credit.packs import services as packs
from credit.packs.choices import State
from credit.packs.models import Pack
from credit.reviews import services as reviews
from credit.reviews.choices import Party, ReviewWork
from credit.reviews.models import StoppedClock
from crm.kernel.errors import NotAllowed, RuleBroken
from crm.kernel.events import AppendOnly
from crm.kernel.worklist import WorkItem
from tests.cast import NOW, fresh
from tests.credit import deciding, reviewing

DAY = dt.timedelta(days=1)


def route(bank, pack, **values):
    given = {"is_connected": False, "exception": ""} | values
    return services.route(pack_id=pack.pk, actor=bank.analyst, now=NOW, **given)


def test_a_pack_is_put_up_once_it_is_rated_and_its_blockers_are_settled(bank):
    pack = reviewing.in_review(bank, amount="1500000")
    with pytest.raises(NotAllowed, match="Set the risk class first"):
        route(bank, pack)
    reviewing.rated(bank, pack)
    question = reviewing.ask(bank, pack)
    with pytest.raises(NotAllowed, match="in review is put up"):
        route(bank, pack)
    reviewing.answer(bank, question)
    with pytest.raises(NotAllowed, match="not settled: 1"):
        route(bank, pack)
    reviews.accept(question_id=question.pk, actor=bank.analyst, now=NOW)
    case = route(bank, pack)
    assert (case.level, case.total, case.is_secured) == (Level.CO1, Decimal(1_500_000), False)
    item = WorkItem.objects.open().get(kind=ReviewWork.DECIDE)
    assert (item.role, item.unit) == ("CO", None)


def test_under_model_b_the_facts_come_first_and_the_memo_is_frozen(bank):
    pack = reviewing.in_review(bank, amount="1500000", authorship="B")
    reviewing.rated(bank, pack)
    with pytest.raises(NotAllowed, match="not checked yet"):
        route(bank, pack)
    reviews.start_memo(pack_id=pack.pk, actor=bank.analyst, now=NOW)
    reviews.write_memo(pack_id=pack.pk, version=1, text="A trader.", actor=bank.analyst, now=NOW)
    reviews.send_facts(pack_id=pack.pk, actor=bank.analyst, now=NOW)
    with pytest.raises(NotAllowed, match="not checked yet"):
        route(bank, pack)
    reviews.check_facts(pack_id=pack.pk, note="Right", actor=bank.rm, now=NOW)
    route(bank, pack)
    assert pack.memos.get().frozen_at == NOW


@pytest.mark.parametrize(
    ("given", "level"),
    [({"amount": "2000000"}, "CO1"), ({"amount": "2000001"}, "CO2"), ({"amount": "8000001"}, "CO3"), ({"rating": "R4"}, "CC"),
     ({"connected": True}, "CC"), ({"exception": "Outside the sector list"}, "CC")],
)  # fmt: skip
def test_the_level_is_by_exposure_class_and_exception(bank, given, level):
    deciding.up(bank, **given)
    assert Case.objects.get().level == level


def test_an_approval_is_written_once_with_its_own_judgement_and_stops_the_clocks(bank):
    pack = deciding.up(bank)
    with pytest.raises(RuleBroken, match="own judgement"):
        deciding.decide(bank, pack, judgement=" ")
    decision = deciding.decide(bank, pack)
    assert (pack.state, pack.decided_at, decision.outcome) == (State.APPROVED, NOW, Outcome.APPROVED)
    assert (decision.level, decision.total, decision.valid_until) == ("CO1", Decimal(1_500_000), dt.date(2026, 6, 2))
    assert StoppedClock.objects.get(party=Party.CREDIT).target_days == 7
    assert not WorkItem.objects.open().filter(kind=ReviewWork.DECIDE).exists()
    with pytest.raises(NotAllowed, match="not up for decision"):
        deciding.decide(bank, pack, "decline")


def test_a_decision_is_never_changed(bank):
    decision = deciding.decide(bank, deciding.up(bank))
    decision.outcome = Outcome.DECLINED
    with pytest.raises(AppendOnly):
        decision.save()
    for change in (lambda: Decision.objects.update(total=1), lambda: Decision.objects.all()._raw_delete("default")):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_authority_that_does_not_reach_passes_the_case_up(bank):
    pack = deciding.up(bank, "8000000")
    with pytest.raises(NotAllowed, match="higher credit approver"):
        deciding.decide(bank, pack, by="co1")
    deciding.decide(bank, pack, by="co2")
    other = deciding.up(bank, "1000000", by="rm")
    with pytest.raises(RuleBroken, match="Say why"):
        services.pass_up(pack_id=other.pk, reason="", actor=bank.co1, now=NOW)
    # What the group has by now counts with it: the case needs more than the first approver.
    case = services.pass_up(pack_id=other.pk, reason="New sector for us", actor=bank.co1, now=NOW)
    assert case.level in (Level.CO2, Level.CO3)


@pytest.mark.parametrize("part", ["owner", "endorser", "writer"])
def test_who_had_a_part_in_a_pack_does_not_decide_on_it(bank, part):
    pack = deciding.up(bank)
    if part == "owner":
        Pack.objects.filter(pk=pack.pk).update(owner=bank.co1)
    elif part == "endorser":
        pack.events.model.objects.create(pack=pack, act="endorse", actor=bank.co1, post=bank.post("co1"), at=NOW)
    else:
        pack.memos.create(number=1, written_by=bank.co1)
    with pytest.raises(NotAllowed, match="asked for a pack, wrote or endorsed"):
        deciding.decide(bank, pack)


def test_business_people_and_analysts_decide_nothing(bank):
    pack = deciding.up(bank)
    for name in ("rm", "head", "ho", "analyst", "compliance"):
        with pytest.raises(NotAllowed, match="Credit approvers"):
            deciding.decide(bank, pack, by=name)


def test_a_version_on_hold_is_not_decided(bank):
    pack = deciding.up(bank)
    packs.open_version(pack_id=pack.pk, reason="New accounts", actor=bank.rm, now=NOW)
    with pytest.raises(NotAllowed, match="on hold"):
        deciding.decide(bank, pack)
    packs.drop_version(pack_id=pack.pk, reason="Old ones hold", actor=bank.rm, now=NOW)
    assert deciding.decide(bank, pack).outcome == Outcome.APPROVED


def test_a_refusal_has_a_reason_and_a_day_and_is_appealed_once_to_the_next_level(bank):
    pack = deciding.up(bank)
    for lacks, field in (({"reason": ""}, "reason"), ({"reapply_on": None}, "reapply_on"), ({"reapply_on": NOW.date()}, "reapply_on")):
        with pytest.raises(RuleBroken) as refused:
            deciding.decide(bank, pack, "decline", **lacks)
        assert field in refused.value.fields
    deciding.decide(bank, pack, "decline")
    with pytest.raises(RuleBroken, match="facts are new"):
        services.appeal(pack_id=pack.pk, facts=" ", actor=bank.rm, now=NOW)
    case = services.appeal(pack_id=pack.pk, facts="The buyer paid", actor=bank.rm, now=NOW)
    assert (case.level, case.grounds) == (Level.CO2, ["appeal"])
    with pytest.raises(NotAllowed, match="higher credit approver"):
        deciding.decide(bank, pack)
    deciding.decide(bank, pack, "decline", by="co2")
    with pytest.raises(NotAllowed, match="heard once"):
        services.appeal(pack_id=pack.pk, facts="More", actor=bank.rm, now=NOW)
    assert Decision.objects.count() == 2


def test_a_deferral_runs_twenty_working_days_at_most_and_is_answered_or_lapses(bank):
    pack = deciding.up(bank)
    for wrong in ({"items": " "}, {"due_on": None}, {"due_on": dt.date(2026, 4, 30)}):
        with pytest.raises(RuleBroken):
            deciding.decide(bank, pack, "defer", **wrong)
    decision = deciding.decide(bank, pack, "defer")
    assert (pack.state, decision.items) == (State.DEFERRED, ["Audited accounts"])
    assert services.lapse(now=NOW + 15 * DAY) == 0
    services.answer_deferral(pack_id=pack.pk, note="Here", actor=bank.analyst, now=NOW + DAY)
    pack.refresh_from_db()
    assert pack.state == State.IN_REVIEW
    route(bank, pack)
    deciding.decide(bank, pack, "defer")
    assert services.lapse(now=NOW + 17 * DAY) == 1
    pack.refresh_from_db()
    assert pack.state == State.LAPSED


def put(bank, pack, members, choices, word="approve"):
    services.put_motion(pack_id=pack.pk, ruling=deciding.ruling(word), actor=fresh(members[0]), now=NOW)
    for member, choice in zip(members, choices, strict=False):
        services.vote(pack_id=pack.pk, choice=choice, judgement="My own view", actor=fresh(member), now=NOW)
    return services.close_motion(pack_id=pack.pk, actor=fresh(members[0]), now=NOW)


def test_the_committee_decides_by_vote_with_a_quorum(bank):
    pack, members = deciding.up(bank, rating="R4"), deciding.members(bank, 6)
    with pytest.raises(NotAllowed, match="by vote"):
        deciding.decide(bank, pack, by="approver")
    with pytest.raises(RuleBroken, match="quorum is 5 members; 4"), transaction.atomic():
        put(bank, pack, members, ["for"] * 4)
    assert put(bank, pack, members, ["for", "for", "for", "against", "against"]).state == MotionState.FELL
    pack.refresh_from_db()
    assert pack.state == State.FOR_DECISION
    assert put(bank, pack, members, ["for", "for", "for", "for", "against"]).state == MotionState.CARRIED
    pack.refresh_from_db()
    assert (pack.state, Decision.objects.get().actor) == (State.APPROVED, members[0])
    with pytest.raises(DatabaseError), transaction.atomic():
        Vote.objects.update(choice="against")


def test_a_member_votes_once_with_a_judgement_and_only_the_chair_closes(bank):
    pack, members = deciding.up(bank, rating="R4"), deciding.members(bank, 2)
    with pytest.raises(NotAllowed, match="Nothing is being voted"):
        services.vote(pack_id=pack.pk, choice="for", judgement="Yes", actor=members[0], now=NOW)
    services.put_motion(pack_id=pack.pk, ruling=deciding.ruling(), actor=members[0], now=NOW)
    with pytest.raises(RuleBroken, match="A motion is open"):
        services.put_motion(pack_id=pack.pk, ruling=deciding.ruling(), actor=members[1], now=NOW)
    with pytest.raises(RuleBroken, match="Say why"):
        services.vote(pack_id=pack.pk, choice="for", judgement=" ", actor=members[1], now=NOW)
    services.vote(pack_id=pack.pk, choice="for", judgement="Yes", actor=members[1], now=NOW)
    with pytest.raises(NotAllowed, match="You have voted"):
        services.vote(pack_id=pack.pk, choice="against", judgement="No", actor=members[1], now=NOW)
    with pytest.raises(NotAllowed, match="chair closes"):
        services.close_motion(pack_id=pack.pk, actor=members[1], now=NOW)
    with pytest.raises(NotAllowed, match="Credit approvers and the credit committee"):
        services.vote(pack_id=pack.pk, choice="for", judgement="Yes", actor=bank.co1, now=NOW)
