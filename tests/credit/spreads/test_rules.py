"""The arithmetic: each ratio of domain 6.6 recomputed by hand, what ties, stress, the need of scenario 15, projections."""

import datetime as dt
from decimal import Decimal

import pytest

from credit.spreads.rules import (
    NeedCase,
    Projection,
    StressFigures,
    check_all,
    project,
    ratios,
    signs,
    stress,
    working_capital_need,
)
from crm.kernel.errors import RuleBroken
from tests.credit.spreads import making

EARLIER = dt.date(2024, 12, 31)
BANK = StressFigures(Decimal(20), Decimal(3), Decimal(200), Decimal(30))
ONE = Decimal(1)


def of(found, code):
    return next(ratio for ratio in found if ratio.code == code)


def test_every_ratio_recomputes_by_its_formula():
    now = making.figures()
    before = making.figures(EARLIER, sales=800, stock=100, debtors=110, creditors=70)
    found = {ratio.code: ratio.value for ratio in ratios(now, [now, before])}
    year = Decimal(365)
    dio, dso, dpo = 110 * year / 800, 130 * year / 1000, 80 * year / 800
    altman = (
        Decimal("0.717") * 150 / 600
        + Decimal("0.847") * 120 / 600
        + Decimal("3.107") * 80 / 600
        + Decimal("0.420") * 250 / 350
        + Decimal("0.998") * 1000 / 600
    )
    expected = {
        "growth": Decimal(200) / 800,
        "gross_margin": Decimal("0.2"),
        "ebitda": 100,
        "ebitda_margin": Decimal("0.1"),
        "net_margin": Decimal("0.05"),
        "current": Decimal("1.75"),
        "quick": Decimal(350 - 120 - 10) / 200,
        "dio": dio,
        "dso": dso,
        "dpo": dpo,
        "ccc": dio + dso - dpo,
        "tnw": 250 - 20 - 5,
        "leverage": Decimal(350) / 225,
        "gearing": Decimal(180) / 225,
        "net_debt_ebitda": Decimal(180 - 50) / 100,
        "interest_cover": Decimal(100) / 16,
        "dscr": Decimal(100 - 14 - 10) / (30 + 16),
        "fcf": 35,
        "ltv": Decimal(150) / 250,
        "payout": Decimal("0.4"),
        "altman": altman,
    }
    assert set(found) == set(expected)
    for code, value in expected.items():
        assert abs(found[code] - value) < Decimal("1e-20"), code


def test_a_ratio_says_its_formula_and_what_it_came_from():
    margin = of(ratios(making.figures()), "gross_margin")
    assert str(margin.formula) == "gross profit / sales"
    assert [(source.code, source.amount, source.how) for source in margin.sources] == [
        ("gross_profit", 200, "stated"),
        ("sales", 1000, "stated"),
    ]
    follows = of(ratios(making.figures(gross_profit=None)), "gross_margin")
    assert follows.value == Decimal("0.2")
    assert follows.sources[0].how == "follows"


@pytest.mark.parametrize(
    ("code", "changes", "reason"),
    [
        ("interest_cover", {"interest": 0}, "Division by zero."),
        ("current", {"current_liabilities": 0}, "Division by zero."),
        ("payout", {"net_profit": 0}, "Division by zero."),
        ("payout", {"net_profit": -3}, "Net profit is negative."),
        ("growth", {}, "The same period a year earlier is not there."),
        ("dio", {"stock": None}, "Not stated: Stock."),
        ("leverage", {"equity": 10}, "Tangible net worth is negative."),
        ("gearing", {"short_debt": None, "long_debt": None}, "Not stated: interest-bearing debt."),
        ("ebitda", {"depreciation": None}, "Not stated: Depreciation and amortisation."),
    ],
)
def test_what_cannot_be_worked_out_is_not_available_with_its_reason(code, changes, reason):
    ratio = of(ratios(making.figures(**changes)), code)
    assert ratio.value is None
    assert str(ratio.reason) == reason
    assert ratio.to_json()["value"] is None


def test_lines_that_a_statement_leaves_out_count_as_nought_only_where_it_sets_their_sub_total_out():
    set_out = of(ratios(making.figures(prepaid=None)), "quick")
    assert set_out.value == Decimal(350 - 120) / 200
    assert [source.how for source in set_out.sources if source.code == "prepaid"] == ["nought"]
    bare = making.figures(cash=None, debtors=None, stock=None, prepaid=None, related_debtors=None, other_current_assets=None)
    assert of(ratios(bare), "quick").value is None


def test_flows_of_a_part_of_a_year_are_put_on_a_year():
    half = making.figures(dt.date(2025, 6, 30), 6)
    assert of(ratios(half), "dso").value == Decimal(150) * 365 / 2000
    assert of(ratios(half), "net_debt_ebitda").value == Decimal(130) / 200


def test_the_mainlands_operating_profit_stands_after_interest():
    year = making.figures(operating_profit=None, operating_profit_after_interest=64)
    assert of(ratios(year), "ebitda").value == 100


def test_a_negative_net_worth_or_two_years_loss_raises_rf_30():
    assert signs([making.figures()]) == []
    assert [code for code, _sentence in signs([making.figures(equity=-1)])] == ["RF-30"]
    loss = making.figures(net_profit=-5)
    assert signs([loss, making.figures(EARLIER)]) == []
    assert [code for code, _sentence in signs([loss, making.figures(EARLIER, net_profit=-1)])] == ["RF-30"]


def untied(*periods):
    return {(check.code, check.line) for check in check_all(periods, tolerance=ONE) if not check.is_tied}


def test_a_statement_that_ties_has_nothing_untied():
    assert untied(making.figures(), making.figures(EARLIER, closing_cash=40, opening_cash=30)) == set()


def test_one_unit_apart_still_ties_and_two_do_not():
    assert untied(making.figures(equity=251, share_capital=101)) == set()
    assert ("balance", "total_assets") in untied(making.figures(equity=252))


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"total_assets": 700}, "assets"),
        ({"total_liabilities": 300}, "liabilities"),
        ({"gross_profit": 250}, "gross_profit"),
        ({"net_profit": 70}, "net_profit"),
        ({"cfo": 90}, "cash_roll"),
        ({"stock": 130}, "parts"),
        ({"liabilities_and_equity": 610}, "balance_total"),
    ],
)
def test_each_thing_that_has_to_tie_is_found_where_it_does_not(changes, code):
    assert code in {name for name, _line in untied(making.figures(**changes))}


def test_cash_begins_where_the_year_before_ended():
    assert ("cash_opening", "opening_cash") in untied(making.figures(), making.figures(EARLIER, closing_cash=33, opening_cash=23))


def test_equity_that_follows_from_the_rest_is_never_taken_for_a_check():
    codes = {check.code for check in check_all([making.figures(equity=None)], tolerance=ONE)}
    assert "balance" not in codes


def test_thousands_mixed_with_units_are_named():
    checks = check_all([making.figures(total_assets=600_000)], tolerance=ONE)
    assert any(check.looks_mixed for check in checks if check.code == "balance")
    assert not any(check.looks_mixed for check in check_all([making.figures(total_assets=700)], tolerance=ONE))


def test_the_stress_cases_shake_what_they_say():
    base, sales, margin, rate, debtors, everything = stress(making.figures(), BANK)
    assert (base.ebitda, base.interest_cover) == (100, Decimal("6.25"))
    assert sales.ebitda == 100 - 40
    assert margin.ebitda == 100 - 30
    assert abs(rate.interest_cover - Decimal(100) / (16 + Decimal("3.6"))) < Decimal("1e-20")
    extra = Decimal(1000) * 30 / 365
    assert abs(debtors.extra_funding - extra) < Decimal("1e-20")
    assert abs(debtors.net_debt_ebitda - (130 + extra) / 100) < Decimal("1e-20")
    assert everything.ebitda == 100 - 40 - 24
    assert [case.code for case in stress(making.figures(), BANK)] == ["base", "sales", "margin", "rate", "debtors", "all"]


def test_stress_of_a_bare_statement_says_nothing_and_does_not_fail():
    bare = making.figures(**dict.fromkeys(making.FULL) | {"sales": 0})
    assert {case.ebitda for case in stress(bare, BANK)} == {None}


SCENARIO_15 = {
    "sales": 200_000_000, "margin": "0.08", "growth": "0.10", "dio": 60, "dso": 75, "dpo": 45, "prepaid": 15, "advance": 10,
    "own": 20_000_000, "loans": 15_000_000, "other": 3_000_000,
}  # fmt: skip


def need(**changes):
    return working_capital_need(NeedCase(**{name: Decimal(value) for name, value in {**SCENARIO_15, **changes}.items()}), basis=360)


def test_scenario_15_recomputes_exactly():
    found = need(request=16_000_000)
    assert (found.cycle, found.need, found.maximum_new_loan, found.exception) == (95, 53_411_111, 15_411_111, 588_889)
    assert need(request=15_000_000).exception == 0


def test_a_need_is_never_below_nothing_and_rounds_half_even():
    assert need(own=90_000_000).maximum_new_loan == 0
    plain = {"margin": 0, "growth": 0, "dio": 360, "dso": 0, "dpo": 0, "prepaid": 0, "advance": 0, "own": 0, "loans": 0, "other": 0}
    assert need(sales="2.5", **plain).need == 2
    assert need(sales="3.5", **plain).need == 4


@pytest.mark.parametrize("changes", [{"dpo": 140}, {"dpo": 200}, {"sales": -1}, {"margin": 1}, {"growth": -2}, {"advance": -1}])
def test_a_cycle_of_no_days_and_senseless_figures_are_refused_beside_the_figure(changes):
    with pytest.raises(RuleBroken) as refused:
        need(**changes)
    assert refused.value.fields


def test_a_projection_carries_the_cycle_and_the_costs_on():
    year = making.figures()
    first, second, _third = project(year, ratios(year), Projection(Decimal("0.1"), Decimal("0.2")))
    assert (first.year, first.sales, second.sales) == (1, 1100, 1210)
    assert first.ebitda == 110
    tied = 150 + 120 - 90
    assert abs(first.need - tied * Decimal("0.1")) < Decimal("1e-20")
    assert first.cash == first.ebitda - first.need
    assert project(making.figures(sales=0), [], Projection(ONE, ONE)) == []
