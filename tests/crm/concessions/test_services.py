"""Asking, exercising, deciding, credit's word, review: each success, each refusal with its reason."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from crm.concessions import reporting, selectors, services
from crm.concessions.choices import Act, CreditAct, CreditState, Level, ReviewAct, ReviewState, State, WorkKindName
from crm.concessions.models import Concession, Ruling
from crm.concessions.services.asking import AuthorityExceeded
from crm.kernel import limits
from crm.kernel.contributions import Invariant, of
from crm.kernel.errors import InvalidTransition, NotAllowed, RuleBroken
from crm.kernel.models import Budget, TimelineRow, WorkItem
from crm.policy.models import Figure
from tests.cast import NOW, Bank, fresh
from tests.crm.concessions.making import EXCESS, FEE, MARGIN, ask, client, decide, exercise, group_of, order, terms

pytestmark = pytest.mark.django_db
LATER = NOW + dt.timedelta(hours=1)


def open_item(concession: Concession, kind: str) -> WorkItem:
    return WorkItem.objects.open().get(subject_id=concession.pk, subject_type="concessions.concession", kind=kind)


def broken() -> list[str]:
    return [what for one in of(Invariant) if one.code.startswith("concessions.") for what in one.broken()]


def test_a_request_waits_for_the_level_that_its_figures_force(bank: Bank):
    small, large = client(bank), client(bank, name="Ocean Power", name_zh="")
    team = ask(bank.rm, small, FEE)
    centre = ask(bank.rm, large, terms("CT2", amount=200_000_000, bp=40, days=91))
    assert (team.number, centre.number) == ("CN-2026-0001", "CN-2026-0002")
    assert (team.queue_level, centre.queue_level) == (Level.TH, Level.RCH)
    item = open_item(team, WorkKindName.DECIDE)
    assert (item.unit, item.role) == (bank.team, "TH")
    assert centre.forgone == Decimal("199452.05")
    assert TimelineRow.objects.filter(company=small.company, kind="concession_asked").exists()
    assert list(team.events.values_list("act", flat=True)) == [Act.REQUESTED]


def test_a_heads_own_request_goes_above_them(bank: Bank):
    of = client(bank)
    assert ask(bank.head, of, FEE).queue_level == Level.RCH
    assert ask(bank.centre, of, terms("CT6", days=2)).queue_level == Level.HO


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"reason": " "}, "reason"),
        ({"promise": "Moves deposits"}, "promise_due_on"),
        ({"promise": "Moves deposits", "promise_due_on": dt.date(2026, 3, 4)}, "promise_due_on"),
        ({"sunset_on": None}, "sunset_on"),
        ({"sunset_on": dt.date(2026, 3, 4)}, "sunset_on"),
        ({"sunset_on": dt.date(2027, 3, 5)}, "sunset_on"),
    ],
)
def test_words_that_do_not_do_are_refused_beside_their_field(bank: Bank, said, field):
    with pytest.raises(RuleBroken) as refused:
        ask(bank.rm, client(bank), FEE, **said)
    assert field in refused.value.fields


def test_only_who_looks_after_the_client_asks(bank: Bank):
    of = client(bank)
    for name in ("sibling", "head2", "outsider", "compliance", "finance", "ho"):
        with pytest.raises(NotAllowed):
            ask(bank.people[name], of, FEE)
    of.status, of.closed_on = "closed", dt.date(2026, 1, 1)
    of.save()
    with pytest.raises(NotAllowed, match="clients"):
        ask(bank.rm, of, FEE)


def test_an_overdue_kyc_review_blocks_the_first_four_types_alone(bank: Bank):
    of = client(bank)
    of.kyc_due_on = dt.date(2026, 3, 3)
    of.save()
    for what in (MARGIN, FEE, terms("CT2", amount=9, bp=1, days=9), terms("CT4", amount=9, standard_bp=9, cut_percent=9)):
        with pytest.raises(RuleBroken, match="KYC"):
            ask(bank.rm, of, what)
    assert ask(bank.rm, of, terms("CT6", days=2)).pk


def test_a_currency_without_a_rate_is_refused_and_one_with_a_rate_is_converted_and_kept(bank: Bank):
    of = client(bank)
    with pytest.raises(RuleBroken) as refused:
        services.request_concession(actor=bank.rm, now=NOW, company_id=of.company_id, order=order(terms("CT7", amount=100), currency="JPY"))
    assert "currency" in refused.value.fields
    made = services.request_concession(
        actor=bank.rm, now=NOW, company_id=of.company_id, order=order(terms("CT1", amount=3_600_000, bp=10, days=90), currency="USD")
    )
    assert made.forgone == Decimal("7020.00")  # 900 US dollars (a year of 360 days) at 7.80
    decided = decide(bank.head, made)
    assert decided.ruling.rate == Decimal("7.8")


def test_own_authority_is_exercised_in_one_step_and_is_in_the_population(bank: Bank):
    made = exercise(bank.rm, client(bank))
    assert (made.state, made.is_exercise, made.decided_level) == (State.APPROVED, True, Level.SRM)
    assert made.review_state in (ReviewState.POPULATION, ReviewState.DUE)
    assert made.ruling.actor == made.ruling.asker == bank.rm
    assert Budget.objects.get(scope="concessions.decider").used == Decimal("900.00")
    assert broken() == []


def test_above_half_of_the_own_figure_and_the_third_for_a_client_are_reviewed(bank: Bank):
    of = client(bank)
    whys = [
        exercise(bank.rm, of, terms("CT6", days=days), now=NOW + dt.timedelta(days=40 * count)).review_why
        for count, days in enumerate((5, 8, 2))
    ]
    assert "half" not in whys[0]
    assert "half" in whys[1]
    assert "third" in whys[2]
    assert WorkItem.objects.open().filter(kind=WorkKindName.REVIEW, unit=bank.team, role="TH").count() >= 2


@pytest.mark.parametrize("why", ["figure", "bucket", "month", "type", "conflict", "suspended", "grade"])
def test_what_is_not_ones_own_is_refused_in_the_same_words_whatever_the_reason(bank: Bank, why):
    of, what, who = client(bank), FEE, bank.rm
    if why == "figure":
        what = terms("CT3", amount=5_001, standard=50_000)
    elif why == "bucket":
        what = MARGIN
        decide(bank.head, ask(bank.rm, of, terms("CT2", amount=15_000_000, bp=10, days=365)))
        of.company.group = None
        what = terms("CT1", amount=15_000_000, bp=20, days=365)
        exercise(bank.rm, of, what)
        what = terms("CT3", amount=2_000, standard=20_000)
    elif why == "month":
        for number in range(8):
            exercise(bank.rm, client(bank, name=f"Other {number}", name_zh=""), terms("CT1", amount=7_500_000, bp=20, days=365))
        what = terms("CT3", amount=1_000, standard=20_000)
    elif why == "type":
        what = terms("CT7", amount=10)
    elif why == "conflict":
        services.declare_conflict(actor=bank.rm, now=NOW, company_id=of.company_id, reason="My brother-in-law runs it")
    elif why == "suspended":
        services.suspend(actor=bank.centre, now=NOW, person_id=bank.rm.pk, reason="Inquiry")
    elif why == "grade":
        of, who, what = client(bank, "arm", name="Kai Sing", name_zh=""), bank.arm, terms("CT1", amount=100, bp=1, days=1)
    with pytest.raises(AuthorityExceeded) as refused:
        exercise(who, of, what)
    assert str(refused.value) == "This goes to the next level. Ask for it."
    assert broken() == []


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


def test_a_personal_figure_lowers_what_one_may(bank: Bank):
    Figure.objects.create(
        table="concessions.CT3.amount", key="SRM", jurisdiction="HK", person=bank.rm, value="800.00", effective_from=dt.date(2026, 1, 1)
    )
    with pytest.raises(AuthorityExceeded):
        exercise(bank.rm, client(bank), FEE)
    assert exercise(bank.rm, client(bank, name="Sun Mei", name_zh=""), terms("CT3", amount=800, standard=3_200)).pk


def test_split_requests_are_added_up_over_the_group(bank: Bank):
    one, other = client(bank), client(bank, name="Yau Dyeing", name_zh="")
    group_of(one, other)
    exercise(bank.rm, one, terms("CT3", amount=3_000, standard=30_000))
    assert not services.look_at_level(
        actor=fresh(bank.rm), now=LATER, company_id=other.company_id, terms=terms("CT3", amount=3_000, standard=30_000), via="page"
    )
    made = ask(bank.rm, other, terms("CT3", amount=19_000, standard=190_000), now=LATER)
    assert made.queue_level == Level.RCH
    late = NOW + dt.timedelta(days=31)
    assert exercise(bank.rm, one, terms("CT3", amount=3_000, standard=30_000), now=late).pk


def test_the_bucket_is_the_groups_and_counts_365_days(bank: Bank):
    one, other = client(bank), client(bank, name="Yau Dyeing", name_zh="")
    group_of(one, other)
    big = terms("CT1", amount=15_000_000, bp=20, days=365)
    exercise(bank.rm, one, big)
    with pytest.raises(AuthorityExceeded):
        exercise(bank.rm, other, terms("CT2", amount=1_000_000, bp=5, days=365))
    assert exercise(
        bank.rm, other, terms("CT2", amount=1_000_000, bp=5, days=365), now=NOW + dt.timedelta(days=365), sunset_on=dt.date(2027, 9, 1)
    ).pk


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


def test_looks_are_kept_and_after_too_many_put_off_and_compliance_hears_of_it(bank: Bank):
    of = client(bank)
    look = {"actor": bank.rm, "company_id": of.company_id, "via": "page"}
    for _count in range(40):
        services.look_at_level(now=NOW, terms=FEE, **look)
    for _count in range(2):
        with pytest.raises(services.TryLater):
            services.look_at_level(now=NOW, terms=FEE, **look)
    with pytest.raises(services.TryLater):
        exercise(bank.rm, of)
    told = WorkItem.objects.open().get(kind=WorkKindName.PROBING)
    assert (told.role, told.title) == ("COMP", "Rm Lau")
    assert services.look_at_level(now=NOW + dt.timedelta(minutes=61), terms=FEE, **look)
    assert selectors.Probe.objects.filter(actor=bank.rm).count() == 43


def test_scenario_4_twelve_million_at_fifteen_points_is_the_senior_managers_and_says_only_next_level_after_use(bank: Bank):
    of = client(bank)
    assert services.look_at_level(actor=bank.rm, now=NOW, company_id=of.company_id, terms=MARGIN, via="page") is True
    assert services.look_at_level(actor=bank.rm2, now=NOW, company_id=None, terms=MARGIN, via="command") is False
    exercise(bank.rm, of, terms("CT2", amount=10_000_000, bp=15, days=365))
    assert services.look_at_level(actor=bank.rm, now=LATER, company_id=of.company_id, terms=MARGIN, via="page") is False
    made = ask(bank.rm, of, MARGIN, now=LATER)
    assert made.forgone == Decimal("18000.00")
    assert decide(bank.head, made, now=LATER).ruling.required == Level.TH
