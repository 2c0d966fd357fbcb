"""The rules of flags that raise themselves, with the figures of domain 7.4."""

import datetime as dt
import tomllib
from decimal import Decimal
from pathlib import Path

import pytest

from credit.flags import book, rules
from credit.flags.rules import Thresholds, Year
from crm.kernel.errors import RuleBroken

POLICY = tomllib.loads((Path(book.__file__).parent / "policy.toml").read_text(encoding="utf-8"))["figure"]
TOLD = Thresholds.of({row["key"]: row["value"] for row in POLICY if row["table"] == "flags.automatic"})


def code(hit):
    return hit.code if hit else None


@pytest.mark.parametrize(
    ("before", "now", "expected"), [(100, 60, None), (100, "59.99", "RF-20"), (0, 0, None), (None, 5, None), (100, None, None)]
)
def test_deposits_that_fall_by_more_than_forty_percent_raise_rf_20(before, now, expected):
    amounts = [None if value is None else Decimal(value) for value in (before, now)]
    assert code(rules.deposits_fell(before=amounts[0], now=amounts[1], told=TOLD)) == expected


@pytest.mark.parametrize(("count", "expected"), [(2, None), (3, "RF-22")])
def test_more_than_two_returned_items_raise_rf_22(count, expected):
    assert code(rules.items_returned(count=count, told=TOLD)) == expected


@pytest.mark.parametrize(("days", "times", "expected"), [(5, 2, None), (6, 1, "RF-23"), (0, 3, "RF-23")])
def test_longer_than_five_days_or_three_times_over_the_limit_raises_rf_23(days, times, expected):
    assert code(rules.over_limit(days=days, times=times, told=TOLD)) == expected


def test_a_span_over_the_limit_counts_once_though_days_of_it_have_no_file():
    days = [dt.date(2026, 3, 2), dt.date(2026, 3, 9), dt.date(2026, 3, 20)]
    assert rules.excess_times([(days[0], 1), (days[1], 8), (days[2], 2)]) == 2


@pytest.mark.parametrize(("days", "expected"), [(0, None), (1, "RF-25"), (30, "RF-25"), (31, "RF-26")])
def test_late_up_to_thirty_days_is_rf_25_and_later_rf_26(days, expected):
    assert code(rules.payment_late(days=days, told=TOLD)) == expected


@pytest.mark.parametrize(("days", "expected"), [(15, None), (16, "RF-41")])
def test_a_paper_late_by_more_than_fifteen_days_raises_rf_41(days, expected):
    assert code(rules.certificate_late(days=days, told=TOLD)) == expected


def year(ends, **values):
    return Year(dt.date(ends, 12, 31), **{name: Decimal(value) for name, value in values.items()})


def codes(*years):
    return [hit.code for hit in rules.accounts_weak(years, TOLD)]


def test_negative_net_worth_or_two_years_of_loss_raise_rf_30_and_one_year_does_not():
    assert codes(year(2025, equity=-1)) == ["RF-30"]
    assert codes(year(2025, net_profit=-1), year(2024, net_profit=-5)) == ["RF-30"]
    assert codes(year(2025, net_profit=-1), year(2024, net_profit=5)) == []
    assert codes(year(2025, net_profit=-1), year(2023, net_profit=-5)) == []


def test_stock_up_thirty_percent_while_sales_fall_ten_raises_rf_31_only_beyond_both():
    assert codes(year(2025, stock=131, sales=89), year(2024, stock=100, sales=100)) == ["RF-31"]
    assert codes(year(2025, stock=130, sales=89), year(2024, stock=100, sales=100)) == []
    assert codes(year(2025, stock=131, sales=90), year(2024, stock=100, sales=100)) == []


def test_debtor_days_up_by_more_than_thirty_raise_rf_32():
    assert codes(year(2025, debtors=200, sales=730), year(2024, debtors=100, sales=730)) == ["RF-32"]
    assert codes(year(2025, debtors=160, sales=730), year(2024, debtors=100, sales=730)) == []


def test_a_line_that_is_not_stated_raises_nothing():
    assert codes(year(2025, stock=131), year(2024, stock=100, sales=100)) == []


def test_the_book_holds_all_45_flags_in_three_languages_with_the_severities_of_the_domain():
    assert len(book.raisable()) == 45
    assert [row["key"] for row in POLICY if row["table"] == "flags.severity"] == list(book.entries())
    assert all(all(entry.names) and all(entry.actions) for entry in book.entries().values())
    critical = [number for number in range(1, 46) if book.entries()[f"RF-{number:02d}"].severity == "C"]
    assert critical == [2, 3, 4, 7, 9, 24, 29]
    assert book.hushed() == ("RF-02", "RF-03", "RF-04", "RF-07", "RF-09")


@pytest.mark.parametrize("link", ["javascript:alert(1)", "//evil.example/x", "ftp://a/b", "https://a b", "note"])
def test_evidence_is_a_page_of_ours_or_an_address_by_https(link):
    with pytest.raises(RuleBroken):
        rules.link_of(link)
    assert rules.link_of(" /visits/7/ ") == "/visits/7/"
