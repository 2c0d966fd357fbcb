"""What the figures say: averages, movements, outflows, income and fee share; and which files came (domain 3.1, 3.2, 9)."""

import datetime as dt
from decimal import Decimal

import pytest

from crm.figures import pictures, rules, selectors
from crm.figures.choices import Arrival, FileKind, IncomeKind, Product
from tests.crm.figures import making
from tests.visits.making import client as make_client

ON = dt.date(2026, 3, 4)
pytestmark = pytest.mark.django_db


@pytest.fixture
def held(bank):
    return make_client(bank)


def test_the_average_is_over_the_days_that_were_stated_in_ninety_days(held):
    for day, hkd in ((ON, 300), (ON - dt.timedelta(days=89), 100), (ON - dt.timedelta(days=90), 5_000)):
        making.balance(held, hkd, day)
    making.balance(held, 50, ON, kind="time")
    assert selectors.average_deposits([held.pk], on=ON) == {held.pk: Decimal("225.00")}


def test_what_was_restated_no_longer_counts(held):
    old = making.balance(held, 300, ON)
    old.is_latest = False
    old.save()
    making.balance(held, 100, ON)
    assert selectors.average_deposits([held.pk], on=ON) == {held.pk: Decimal("100.00")}


def test_deposits_are_compared_with_the_same_days_of_a_year_ago(held, bank):
    new = make_client(bank, name="New")
    making.balance(held, 300, ON)
    making.balance(held, 120, ON - dt.timedelta(days=365))
    making.balance(new, 7, ON)
    assert selectors.deposit_change([held.pk, new.pk], on=ON) == {held.pk: Decimal("180.00")}


def test_months_show_what_moved_and_what_is_not_known(held):
    making.balance(held, 100, dt.date(2026, 2, 10))
    making.turnover(held, 50, 20, dt.date(2026, 2, 10))
    making.turnover(held, 70, 90, dt.date(2026, 2, 11))
    making.state(held, "conduct", dt.date(2026, 2, 11), returned_items=2, returned_amount=100, excess_days=3)
    months = selectors.movements(held, on=ON)
    assert (len(months), months[0].first, months[-1].first) == (12, dt.date(2025, 4, 1), dt.date(2026, 3, 1))
    february = months[-2]
    assert (february.balance, february.paid_in, february.paid_out, february.largest_out) == (100, 120, 110, 90)
    assert (february.net, february.returned_items, february.excess_days) == (10, 2, 1)
    assert months[-1].balance is None


@pytest.mark.parametrize(("out", "is_large"), [(300, False), (301, True)])
def test_an_outflow_is_large_above_thirty_per_cent_within_seven_days(held, out, is_large):
    making.balance(held, 1_000, ON)
    making.turnover(held, 0, out, ON - dt.timedelta(days=6))
    making.turnover(held, 0, 5_000, ON - dt.timedelta(days=7))
    found = selectors.outflows([held.pk], on=ON)[held.pk]
    assert (found.net_out, found.is_large) == (out, is_large)


def test_what_came_in_is_taken_off_an_outflow(held):
    making.balance(held, 1_000, ON)
    making.turnover(held, 900, 800, ON)
    assert selectors.outflows([held.pk], on=ON) == {}


def test_without_a_balance_nothing_is_large():
    assert not rules.is_large_outflow(net_out=Decimal(10), average_balance=Decimal(0), percent=30)


def test_fee_share_is_fees_over_interest_and_fees(held):
    making.income(held, 60)
    making.income(held, 20, product="trade", kind="fee")
    making.income(held, 15, product="fx", kind="fx")
    split = selectors.income_split([held.pk], on=ON)
    assert (split.fee_share, split.total, split.one_off_apart) == (Decimal("25.0"), 95, False)
    assert split.products == ((Product.LOANS, 60), (Product.TRADE, 20), (Product.FX, 15))


def test_income_is_that_of_twelve_months(held):
    making.income(held, 60, ON - dt.timedelta(days=364))
    making.income(held, 500, ON - dt.timedelta(days=365))
    assert selectors.income_split([held.pk], on=ON).total == 60


@pytest.mark.parametrize(("once", "apart", "share"), [(20, False, "40.0"), (30, True, "25.0")])
def test_fees_that_come_once_stand_apart_above_a_fifth(once, apart, share):
    rows = [
        rules.Earned(Product.LOANS, IncomeKind.INTEREST, Decimal(60)),
        rules.Earned(Product.TRADE, IncomeKind.FEE, Decimal(20)),
        rules.Earned(Product.ADVISORY, IncomeKind.FEE, Decimal(once), one_off=True),
    ]
    split = rules.split(rows, one_off_percent=20)
    assert (split.one_off_apart, split.fee_share) == (apart, Decimal(share))


def test_without_income_there_is_no_share():
    assert rules.split([], one_off_percent=20).fee_share is None
    assert not rules.split([], one_off_percent=20)


def test_a_client_stands_as_on_its_newest_day(held, bank):
    making.balance(held, 300, ON)
    making.balance(held, 900, ON - dt.timedelta(days=1))
    making.state(
        held, "limits", ON, reference="OD-1", facility="OD", currency="HKD", limit=100_00, drawn=40_00, limit_hkd=100_00, drawn_hkd=40_00
    )
    other = make_client(bank, name="Other")
    stands = selectors.standings([held.pk, other.pk], on=ON)
    assert (stands[held.pk].on, stands[held.pk].deposits, stands[held.pk].limits, stands[held.pk].drawn) == (ON, 300, 100, 40)
    assert (stands[other.pk].on, stands[other.pk].deposits) == (None, 0)


def test_standings_cost_the_same_for_one_and_many(held, bank, django_assert_num_queries):
    others = [make_client(bank, name=f"Client {place}") for place in range(5)]
    for one in (held, *others):
        making.balance(one, 10, ON)
    for ids in ([held.pk], [one.pk for one in (held, *others)]):
        with django_assert_num_queries(7):
            selectors.standings(ids, on=ON)


def _hk(day, hour):
    return dt.datetime.combine(day, dt.time(hour), tzinfo=dt.timezone(dt.timedelta(hours=8)))


def test_the_board_says_what_came_late_and_what_is_missing():
    monday, tuesday = dt.date(2026, 3, 2), dt.date(2026, 3, 3)
    making.file(FileKind.BALANCES, monday, finished_at=_hk(tuesday, 7))
    making.file(FileKind.TURNOVER, monday, finished_at=_hk(tuesday, 8))
    making.file(FileKind.LIMITS, monday, finished_at=_hk(tuesday, 2), totals_match=False)
    making.file(FileKind.INCOME, monday, state="loading", finished_at=None)
    board = selectors.board(now=_hk(dt.date(2026, 3, 4), 6), days=10)
    assert [day.on for day in board] == [dt.date(2026, 3, 4), tuesday, monday]
    assert [one.arrival for one in board[2].files] == [Arrival.ON_TIME, Arrival.LATE, Arrival.UNTIED, Arrival.BROKEN, Arrival.MISSING]
    assert {one.arrival for one in board[1].files} == {Arrival.DUE}


def test_holidays_and_weekends_call_for_no_files():
    making.file(FileKind.BALANCES, dt.date(2026, 2, 13))
    days = [day.on for day in selectors.board(now=_hk(dt.date(2026, 2, 23), 6), days=3)]
    assert days == [dt.date(2026, 2, 23), dt.date(2026, 2, 20), dt.date(2026, 2, 16)]


def test_without_any_file_the_board_is_empty():
    assert selectors.board(now=_hk(ON, 6), days=3) == []


def test_bars_stand_on_the_line_between_in_and_out():
    drawn = pictures.bars([Decimal(30), Decimal(0)], [Decimal(0), Decimal(10)])
    assert (drawn.middle, drawn.inward[0].y, drawn.inward[0].height, drawn.outward[1].height) == (54.0, 0.0, 54.0, 18.0)
    assert pictures.bars([Decimal()], [Decimal()]).inward[0].height == 0


def test_a_line_needs_two_points_and_passes_over_what_is_not_known():
    assert pictures.line([None, Decimal(4), None]).path == ""
    assert pictures.line([]).path == ""
    assert pictures.line([Decimal(1), None, Decimal(3)]).path == "M0.0 69.0 240.0 3.0"
