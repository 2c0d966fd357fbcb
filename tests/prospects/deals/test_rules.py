"""The figures and the ladder of domain 2.3 and 2.4."""

import datetime as dt
from decimal import Decimal

import pytest

from crm.policy import selectors as policy
from crm.staff.models import CalendarDay
from prospects.deals import rules, selectors
from prospects.deals.choices import ADVANCES, LADDER, Criterion, Source, Stage

DAY = dt.date(2026, 3, 4)


def test_there_are_the_thirteen_sources_of_the_domain():
    asked = "REF_CLIENT REF_FAMILY DORMANT CLIP LISTCO TRADE_DIR EVENT EVENT_CLASS SOCIETY CHAIN LOBBY COLD INBOUND"
    assert Source.values == asked.split()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("stage", "percent"),
    [("S0", 2), ("S1", 5), ("S2", 10), ("S3", 20), ("S4", 35), ("S5", 50), ("S6", 70), ("S7", 90), ("S8", 100), ("L", 0), ("N", 3)],
)
def test_each_stage_has_its_probability(stage, percent):
    assert selectors.probabilities(on=DAY)[stage] == percent


def test_the_weighted_pipeline_is_the_sum_of_income_times_probability_rounded_half_even_at_the_end():
    figures = {"S1": 5, "S4": 35}
    assert rules.weighted([("S1", Decimal("1000.10")), ("S4", Decimal("30000.00"))], figures) == Decimal("10550.00")
    assert rules.weighted([("S1", Decimal("0.10"))], figures) == Decimal("0.00")
    assert rules.weighted([("S1", Decimal("0.30"))], figures) == Decimal("0.02")


@pytest.mark.parametrize(
    ("stage", "days"),
    [("S0", 30), ("S7", 30), ("N", 90), ("L", 180)],
)
def test_some_ages_count_calendar_days(bank, stage, days):
    assert selectors.stale_after(stage, since=DAY, centre=bank.units["centre"]) == DAY + dt.timedelta(days=days)


@pytest.mark.parametrize(("stage", "working_days"), [("S1", 10), ("S2", 20), ("S3", 30), ("S4", 30), ("S5", 30), ("S6", 40)])
def test_the_other_ages_count_working_days(bank, stage, working_days):
    weeks, rest = divmod(working_days, 5)
    assert rest == 0
    assert selectors.stale_after(stage, since=DAY, centre=bank.units["centre"]) == DAY + dt.timedelta(weeks=weeks)


def test_a_closed_day_of_the_centre_gives_a_lead_one_more_day(bank):
    CalendarDay.objects.create(centre=bank.units["centre"], day=dt.date(2026, 3, 10), name="Typhoon", spans=[])
    assert selectors.stale_after("S1", since=DAY, centre=bank.units["centre"]) == dt.date(2026, 3, 19)


def test_another_centres_closed_day_changes_nothing(bank):
    CalendarDay.objects.create(centre=bank.far_centre, day=dt.date(2026, 3, 10), name="Typhoon", spans=[])
    assert selectors.stale_after("S1", since=DAY, centre=bank.units["centre"]) == dt.date(2026, 3, 18)


@pytest.mark.django_db
def test_the_caps_are_those_of_the_domain():
    assert policy.table("deals.lead_cap", jurisdiction="HK", on=DAY) == {"ARM": 150, "RM": 120, "SRM": 80}


@pytest.mark.parametrize(
    ("opened", "active", "qualified", "until"),
    [
        (dt.date(2026, 1, 1), dt.date(2026, 1, 1), False, dt.date(2026, 4, 1)),
        (dt.date(2026, 1, 1), dt.date(2026, 6, 1), False, dt.date(2026, 8, 30)),
        (dt.date(2026, 1, 1), dt.date(2026, 12, 1), False, dt.date(2027, 1, 1)),
        (dt.date(2026, 1, 1), dt.date(2026, 12, 1), True, dt.date(2027, 3, 1)),
    ],
)
def test_protection_lasts_ninety_days_from_the_newest_activity_and_a_year_without_qualification(opened, active, qualified, until):
    found = rules.protected_until(opened_on=opened, active_on=active, qualified=qualified, days=90, months_unqualified=12)
    assert found == until


def test_twelve_months_from_the_last_day_of_february_end_on_a_day_that_exists():
    assert rules.add_months(dt.date(2024, 2, 29), 12) == dt.date(2025, 2, 28)


def test_each_stage_asks_for_what_the_domain_lists():
    asked = {stage: {str(item) for item in rules.criteria_of(stage, credit_free=False)} for stage in LADDER[:-1]}
    assert asked == {
        "S0": {"identity", "dedup", "source"},
        "S1": {"attempt"},
        "S2": {"decision_maker", "need", "consent"},
        "S3": {"visit_log", "business", "banks", "need", "size"},
        "S4": {"screening", "appetite", "kyc_prescore", "income"},
        "S5": {"interest", "onboarding"},
        "S6": {"decision"},
        "S7": {"acceptance", "first_income"},
    }


def test_skipping_asks_for_all_that_lies_between_each_once():
    asked = rules.criteria_between(Stage.CONTACTED, Stage.QUALIFIED, credit_free=False)
    assert sorted(asked) == sorted(["decision_maker", "need", "consent", "visit_log", "business", "banks", "size"])


def test_without_credit_there_is_no_offer_to_accept():
    assert Criterion.ACCEPTANCE not in rules.criteria_between(Stage.PROPOSAL, Stage.WON, credit_free=True)
    assert Criterion.ACCEPTANCE in rules.criteria_between(Stage.PROPOSAL, Stage.WON, credit_free=False)


@pytest.mark.parametrize(
    ("source", "target", "client"), [("S6", "S7", True), ("S5", "S7", True), ("S6", "S8", True), ("S5", "S6", False), ("S7", "S8", False)]
)
def test_leaving_the_credit_stage_forward_makes_the_client(source, target, client):
    assert rules.reaches_client(source, target) is client


def test_won_leads_nowhere_and_nothing_advances_to_where_it_is():
    assert Stage.WON not in ADVANCES
    assert all(stage not in targets for stage, targets in ADVANCES.items())


@pytest.mark.parametrize(
    ("day", "end"),
    [
        (dt.date(2026, 3, 4), dt.date(2026, 2, 28)),
        (dt.date(2026, 3, 31), dt.date(2026, 3, 31)),
        (dt.date(2026, 1, 1), dt.date(2025, 12, 31)),
        (dt.date(2028, 3, 1), dt.date(2028, 2, 29)),
    ],
)
def test_the_month_end_is_the_newest_that_has_come(day, end):
    assert rules.month_end_up_to(day) == end
