"""The figures of domain 5: what a concession forgoes, which level it forces, when the client is told."""

import datetime as dt
import tomllib
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from crm.concessions import rules, timing
from crm.concessions.choices import Kind, Level
from crm.concessions.rules import Inputs, Matrix
from crm.kernel.calendars import WorkingCalendar
from crm.kernel.errors import RuleBroken
from tests.crm.concessions.making import terms

FIGURES = tomllib.loads((Path(rules.__file__).parent / "policy.toml").read_text())["figure"]
HONG_KONG = ZoneInfo("Asia/Hong_Kong")
CALENDAR = WorkingCalendar(HONG_KONG)
TELL = {row["key"]: row["value"] for row in FIGURES if row["table"] == "concessions.tell"}


def table(name: str) -> dict:
    return {row["key"]: row["value"] for row in FIGURES if row["table"] == name and row.get("jurisdiction", "HK") == "HK"}


def matrix(kind: str) -> Matrix:
    figures = {measure: table(f"concessions.{kind}.{measure}") for measure in rules.MEASURES[kind]}
    return Matrix(kind, figures, table("concessions.bucket"), table("concessions.month"), table("concessions.self_exercise")[kind])


def level(kind: str, *, used: dict | None = None, quarter: int = 0, **figures) -> Level:
    what = rules.checked(terms(kind, **figures))
    inputs = Inputs(kind, rules.measures(what), rules.forgone(what, currency="HKD"), used or {}, quarter)
    return rules.required_level(inputs, matrix(kind))


def at(day: int, hour: int, minute: int = 0) -> dt.datetime:
    """March 2026: the 3rd is a Tuesday."""
    return dt.datetime(2026, 3, day, hour, minute, tzinfo=HONG_KONG)


def test_worked_example_1_fifteen_basis_points_on_twelve_million_are_for_the_senior_manager():
    assert rules.forgone(terms("CT1", amount=12_000_000, bp=15, days=365), currency="HKD") == Decimal("18000.00")
    assert level("CT1", amount=12_000_000, bp=15, days=365) == Level.SRM
    assert level("CT1", amount=5_000_000, bp=10, days=365) == Level.RM


def test_worked_example_2_with_fifteen_thousand_used_for_the_client_it_is_for_the_team_head():
    assert level("CT1", amount=12_000_000, bp=15, days=365, used={Level.SRM: Decimal(15_000)}) == Level.TH
    assert level("CT1", amount=12_000_000, bp=15, days=365, used={Level.SRM: Decimal(12_000)}) == Level.SRM


def test_worked_example_3_the_whole_of_a_small_fee_is_for_the_team_head():
    assert level("CT3", amount=1_800, standard=1_800) == Level.TH
    assert level("CT3", amount=900, standard=1_800) == Level.RM


def test_worked_example_4_two_hundred_million_for_ninety_one_days_is_for_the_centre_head():
    what = terms("CT2", amount=200_000_000, bp=40, days=91)
    assert rules.forgone(what, currency="HKD") == Decimal("199452.05")
    assert level("CT2", amount=200_000_000, bp=40, days=91) == Level.RCH


def test_worked_example_5_a_deal_of_ninety_million_is_for_head_office():
    assert level("CT4", amount=90_000_000, standard_bp=20, cut_percent=50) == Level.HO
    assert rules.forgone(terms("CT4", amount=1_000_000, standard_bp=20, cut_percent=50), currency="HKD") == Decimal("1000.00")


def test_worked_example_6_an_excess_goes_up_with_its_days_and_leaves_with_its_share_of_the_limit():
    assert level("CT5", amount=250_000, days=4, limit=6_000_000) == Level.SRM
    assert level("CT5", amount=250_000, days=6, limit=6_000_000) == Level.TH
    assert level("CT5", amount=720_000, days=4, limit=6_000_000) == Level.CREDIT


def test_worked_example_7_eight_points_of_margin_are_for_the_team_head():
    assert level("CT8", amount=5_000_000, points=8) == Level.TH
    assert level("CT8", amount=5_000_000, points=25) == Level.CREDIT
    assert level("CT8", amount=50_000_000, points=8) == Level.HO


def test_more_than_two_hours_after_the_cut_off_is_for_the_head_of_operations():
    assert level("CT9", minutes=120) == Level.RCH
    assert level("CT9", minutes=121) == Level.OPERATIONS


@pytest.mark.parametrize(
    ("kind", "figures", "tops"),
    [
        ("CT6", "days", (3, 7, 14, 30, 60)),
        ("CT7", "amount", (None, 50_000, 150_000, 500_000, 2_000_000)),
        ("CT9", "minutes", (15, 30, 45, 60)),
    ],
)
def test_each_grade_decides_up_to_its_figure_and_not_beyond(kind, figures, tops):
    for one, top in zip(rules.GRADED, tops, strict=False):
        if top is not None:
            assert level(kind, **{figures: top}) == one
            assert level(kind, **{figures: top + 1}) == one + 1


def test_a_year_of_us_dollars_has_360_days():
    assert rules.forgone(terms("CT1", amount=3_600_000, bp=10, days=90), currency="USD") == Decimal("900.00")
    assert rules.forgone(terms("CT1", amount=3_650_000, bp=10, days=90), currency="HKD") == Decimal("900.00")


def test_half_cents_are_rounded_to_the_even_one_at_the_end():
    assert rules.forgone(terms("CT4", amount="250.00", standard_bp=1, cut_percent=50), currency="HKD") == Decimal("0.01")
    assert rules.forgone(terms("CT4", amount="100.00", standard_bp=1, cut_percent=50), currency="HKD") == Decimal("0.00")


def test_deferrals_extensions_and_drawings_forgo_nothing():
    for what in (terms("CT6", days=5), terms("CT9", minutes=5), terms("CT7", amount=9), terms("CT5", amount=9, days=1, limit=900)):
        assert rules.forgone(what, currency="HKD") == 0


def test_a_second_excess_in_a_quarter_goes_one_level_up():
    assert level("CT5", amount=250_000, days=4, limit=6_000_000, quarter=1) == Level.RCH
    assert level("CT7", amount=40_000, quarter=1) == Level.RCH
    assert level("CT5", amount=2_000_000, days=4, limit=60_000_000, quarter=1) == Level.CREDIT


def test_every_bucket_from_the_level_up_holds_it():
    used = {Level.RM: Decimal(1_000), Level.TH: Decimal(118_500)}
    assert level("CT3", amount=800, standard=3_200, used=used) == Level.RCH
    assert level("CT3", amount=400, standard=3_200, used=used) == Level.ARM


def test_split_requests_add_up_and_rates_do_not():
    one = rules.measures(terms("CT1", amount=3_000_000, bp=8, days=30))
    other = rules.measures(terms("CT1", amount=4_000_000, bp=9, days=30))
    assert rules.added_up("CT1", one, [other]) == {"bp": 9, "amount": 7_000_000}
    later = [rules.measures(terms("CT6", days=3))] * 2
    assert rules.added_up("CT6", rules.measures(terms("CT6", days=3)), later) == {"days": 9}


def test_closed_classes_and_overdue_reviews_stand_against_it():
    today = dt.date(2026, 3, 4)
    assert rules.closed_by("CT5", risk_class="R4", kyc_due_on=None, today=today)
    assert rules.closed_by("CT8", risk_class="R5", kyc_due_on=None, today=today)
    assert not rules.closed_by("CT5", risk_class="R3", kyc_due_on=None, today=today)
    assert not rules.closed_by("CT6", risk_class="R5", kyc_due_on=None, today=today)
    assert rules.closed_by("CT1", risk_class="", kyc_due_on=dt.date(2026, 3, 3), today=today)
    assert not rules.closed_by("CT1", risk_class="", kyc_due_on=today, today=today)
    assert not rules.closed_by("CT6", risk_class="", kyc_due_on=dt.date(2020, 1, 1), today=today)


@pytest.mark.parametrize("amount", ["0", "-5", "0.001", "NaN", "Infinity", "1e30"])
def test_amounts_that_cannot_be_judged_are_refused_in_plain_words(amount):
    with pytest.raises(RuleBroken) as refused:
        rules.checked(terms("CT7", amount=amount))
    assert set(refused.value.fields) == {"amount"}


def test_no_more_is_waived_than_the_standard_fee():
    assert rules.wrong_terms(terms("CT3", amount=100, standard=99))
    assert rules.wrong_terms(terms("CT4", amount=100, standard_bp=10, cut_percent=101))
    assert rules.wrong_terms(terms("CT6", days="1.5"))


def test_self_exercise_is_for_the_types_and_grades_flagged_for_it():
    may = {kind: tuple(one.name for one in rules.GRADED if rules.may_exercise(one, matrix(kind))) for kind in Kind}
    everybody = ("ARM", "RM", "SRM", "TH", "RCH", "HO")
    assert may == {
        **dict.fromkeys(("CT1", "CT4"), ("RM", "SRM")),
        **dict.fromkeys(("CT2", "CT3", "CT6", "CT9"), everybody),
        **dict.fromkeys(("CT5", "CT7", "CT8", "CT10"), ()),
    }


def test_a_level_is_worked_out_again_from_what_was_kept():
    what = terms("CT2", amount=200_000_000, bp=40, days=91)
    inputs = Inputs("CT2", rules.measures(what), rules.forgone(what, currency="HKD"), {3: Decimal("5.50")}, 0)
    kept, held = inputs.as_json(), matrix("CT2").as_json()
    assert Inputs.from_json(kept) == inputs
    assert rules.required_level(Inputs.from_json(kept), Matrix.from_json(held)) == Level.RCH
    assert Matrix.from_json(held).version == matrix("CT2").version


def test_scenario_5_a_fee_decided_on_tuesday_at_eleven_is_told_from_wednesday_ten_to_friday_half_past_five():
    window = timing.tell_window("CT3", decided_at=at(3, 11), refused=False, calendar=CALENDAR, figures=TELL)
    assert (window.not_before, window.by) == (at(4, 10), at(6, 17, 30))


def test_scenario_5_an_excess_and_every_refusal_is_told_at_once():
    for kind, refused in (("CT5", False), ("CT3", True)):
        window = timing.tell_window(kind, decided_at=at(3, 11), refused=refused, calendar=CALENDAR, figures=TELL)
        assert window.not_before <= at(3, 11, 1)
        assert window.by == at(4, 17, 30)


def test_each_level_has_its_time_in_working_hours_of_the_centre():
    hours, days = {"TH": 4, "CREDIT": 2}, {"RCH": 1, "HO": 2}
    by = {
        one: timing.decide_by(one, now=at(3, 9, 40), calendar=CALENDAR, hours=hours, days=days)
        for one in Level
        if one >= Level.TH and one != 8
    }
    assert by[Level.TH] == at(3, 15, 10)
    assert by[Level.RCH] == at(4, 9, 40)
    assert by[Level.HO] == at(5, 9, 40)
    assert by[Level.CREDIT] == at(3, 11, 40)


def test_the_draw_is_the_same_each_time_and_about_one_in_ten():
    numbers = [f"CN-2026-{count:04d}" for count in range(2_000)]
    drawn = [rules.drawn(b"key", number, 10) for number in numbers]
    assert drawn == [rules.drawn(b"key", number, 10) for number in numbers]
    assert drawn != [rules.drawn(b"other", number, 10) for number in numbers]
    assert 150 < sum(drawn) < 250


def test_requests_go_to_the_team_head_or_above_and_above_who_asks():
    assert rules.asker_stands_below(Level.SRM, Level.RM) == Level.TH
    assert rules.asker_stands_below(Level.TH, Level.RM) == Level.RCH
    assert rules.asker_stands_below(Level.RCH, Level.TH) == Level.HO
    assert rules.asker_stands_below(Level.RM, Level.CREDIT) == Level.CREDIT


def test_scenario_7_ninety_two_of_a_hundred_decisions_are_taken_in_the_centre():
    assert rules.in_centre_rate({Level.RM: 27, Level.SRM: 18, Level.TH: 30, Level.RCH: 17, Level.HO: 8}) == Decimal("92.0")
    assert rules.in_centre_rate({}) is None
