"""Asking and exercising: each success, each refusal with its reason, and what is kept of looks."""

import datetime as dt
from decimal import Decimal

import pytest

from crm.concessions import selectors, services
from crm.concessions.choices import Act, Level, ReviewState, State, WorkKindName
from crm.concessions.services.asking import AuthorityExceeded
from crm.kernel.errors import NotAllowed, RuleBroken
from crm.kernel.models import Budget, TimelineRow, WorkItem
from crm.policy.models import Figure
from tests.cast import NOW, Bank, fresh
from tests.crm.concessions.making import (
    FEE,
    LATER,
    MARGIN,
    ask,
    broken,
    client,
    decide,
    exercise,
    group_of,
    open_item,
    order,
    terms,
)

pytestmark = pytest.mark.django_db


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
