"""The pipeline as one figure in HKD, and the least income of a qualified deal in the centre's currency."""

import datetime as dt
from decimal import Decimal

import pytest

from crm.policy.models import Figure
from prospects.deals import conversion, selectors
from prospects.deals.choices import Criterion, Stage
from prospects.deals.models import Deal
from tests.prospects.deals.making import in_stage, prospect
from tests.prospects.deals.test_pages import BOARD, statements

pytestmark = pytest.mark.django_db

DAY = dt.date(2026, 3, 4)
MONTH_END = dt.date(2026, 2, 28)


def rate(currency: str, value: str, since: dt.date) -> None:
    """From this day on HKD for 100 units."""
    rows = Figure.objects.filter(table="concessions.fx", jurisdiction="HK", key=currency)
    rows.filter(effective_to=None).update(effective_to=since)
    Figure.objects.create(table="concessions.fx", jurisdiction="HK", key=currency, value=value, effective_from=since)


@pytest.fixture
def two_currencies(bank) -> None:
    """HKD 100,000 of income in one centre and CNY 200,000 in the other, both met: weighted at a fifth."""
    in_stage(prospect(bank.rm, "Wah Kong Logistics"), Stage.MET, expected_income=100_000)
    in_stage(prospect(bank.outsider, "Pearl Estuary Foods"), Stage.MET, expected_income=200_000)


def whole(bank) -> selectors.Board:
    return selectors.board(Deal.objects.in_full(bank.ho), on=DAY, quarter_from=dt.datetime(2026, 1, 1, tzinfo=dt.UTC))


def test_all_currencies_are_one_figure_at_the_rate_of_the_month_end(bank, two_currencies):
    rate("CNY", "110.00", MONTH_END)
    rate("CNY", "150.00", dt.date(2026, 3, 1))
    board = whole(bank)
    assert [(row.currency, row.income, row.weighted) for row in board.sums] == [
        ("CNY", Decimal(200_000), Decimal(40_000)),
        ("HKD", Decimal(100_000), Decimal(20_000)),
    ]
    assert (board.together.income, board.together.weighted) == (Decimal(320_000), Decimal(64_000))
    assert board.together.on == MONTH_END


def test_without_a_rate_there_is_no_sum_and_the_page_says_so(bank, browse, two_currencies):
    Figure.objects.filter(table="concessions.fx", key="CNY").delete()
    board = whole(bank)
    assert (board.together.income, board.together.weighted, board.together.missing) == (None, None, ("CNY",))
    assert "no sum in HKD: there was no rate for CNY" in browse(bank.ho).get(BOARD).content.decode()


def test_before_there_are_any_rates_there_is_no_sum_either(bank, two_currencies):
    Figure.objects.filter(table="concessions.fx").update(effective_from=dt.date(2026, 3, 1))
    assert whole(bank).together.missing == ("CNY",)


def test_the_board_shows_the_sum_in_hkd_where_there_are_other_currencies(bank, browse, two_currencies):
    text = browse(bank.ho).get(BOARD).content.decode()
    assert "all in HKD at the rates of" in text
    assert 'title="HK$ 63,200.00"' in text
    assert statements(browse(bank.ho), BOARD) <= 12
    assert "all in HKD" not in browse(bank.rm).get(BOARD).content.decode()


def test_the_least_income_is_hkd_30000_whatever_the_centres_currency(bank):
    assert conversion.minimum_income(bank.units["centre"], on=DAY) == Decimal(30_000)
    assert conversion.minimum_income(bank.far_centre, on=DAY) == Decimal("27777.78")


def test_a_jurisdictions_own_least_income_is_in_its_currency(bank):
    Figure.objects.create(table="deals.minimum_income", jurisdiction="CN", key="", value="26000.00", effective_from=dt.date(2026, 1, 1))
    assert conversion.minimum_income(bank.far_centre, on=DAY) == Decimal(26_000)
    assert conversion.minimum_income(bank.units["centre"], on=DAY) == Decimal(30_000)


@pytest.mark.parametrize(("income", "met"), [("27777.77", False), ("27777.78", True)])
def test_the_criterion_is_met_by_what_is_worth_as_much(bank, income, met):
    deal = in_stage(prospect(bank.outsider, "Pearl Estuary Foods"), Stage.QUALIFIED, expected_income=Decimal(income))
    (line,) = selectors.Checklist(deal, on=DAY).lines([Criterion.INCOME])
    assert line.met is met


def test_without_a_rate_nobody_can_say_that_the_least_income_is_reached(bank):
    deal = in_stage(prospect(bank.outsider, "Pearl Estuary Foods"), Stage.QUALIFIED, expected_income=Decimal(900_000))
    Figure.objects.filter(table="concessions.fx", key="CNY").delete()
    assert conversion.minimum_income(bank.far_centre, on=DAY) is None
    (line,) = selectors.Checklist(deal, on=DAY).lines([Criterion.INCOME])
    assert not line.met
