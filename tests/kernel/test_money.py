"""Money: exact, never a float, rounded once."""

from decimal import Decimal
from fractions import Fraction

import pytest

from crm.kernel.money import CurrencyError, Money, round_to


@pytest.mark.parametrize("value", [1.5, 0.0, True, None, float("nan")])
def test_a_float_is_never_money(value):
    with pytest.raises(TypeError):
        Money(value, "HKD")
    with pytest.raises(TypeError):
        Money(Decimal(1), "HKD") * value


@pytest.mark.parametrize("value", ["NaN", "Infinity", "twelve", ""])
def test_what_is_no_number_is_refused(value):
    with pytest.raises(ValueError):
        Money(value, "HKD")


@pytest.mark.parametrize("code", ["hkd", "HK", "港元", "", "HKDD"])
def test_a_currency_is_a_three_letter_code(code):
    with pytest.raises(ValueError):
        Money(Decimal(1), code)


@pytest.mark.parametrize(
    ("amount", "rounded"), [("0.125", "0.12"), ("0.135", "0.14"), ("-0.125", "-0.12"), ("2.675", "2.68"), ("-0.001", "0.00")]
)
def test_rounding_is_half_even_to_cents(amount, rounded):
    assert str(Money(Decimal(amount), "HKD").rounded().amount) == rounded


def test_yen_have_no_cents():
    assert str(Money(Decimal("1250.5"), "JPY")) == "JP¥ 1,250"


def test_nothing_is_rounded_on_the_way():
    third = Money(Decimal(100), "HKD") * (Decimal(1) / Decimal(3))
    assert (third + third + third).rounded() == Money(Decimal(100), "HKD")
    wide = Money(Decimal("12345678901234567.89"), "HKD") * Decimal("1.000000000001234567")
    assert Fraction(wide.amount) == Fraction("12345678901234567.89") * Fraction("1.000000000001234567")


def test_currencies_never_mix():
    with pytest.raises(CurrencyError):
        Money(1, "HKD") + Money(1, "CNY")
    with pytest.raises(CurrencyError):
        assert Money(1, "HKD") < Money(1, "CNY")
    assert Money(1, "HKD") != Money(1, "CNY")
    assert Money(100, "USD").to("HKD", Decimal("7.8")) == Money(780, "HKD")
    assert sum([Money(1, "HKD"), Money("2.50", "HKD")], Money(0, "HKD")) == Money("3.5", "HKD")


@pytest.mark.parametrize(
    ("amount", "currency", "written", "short"),
    [
        ("1234", "HKD", "HK$ 1,234.00", "HK$ 1,234"),
        ("41234567.891", "HKD", "HK$ 41,234,567.89", "HK$ 41.2m"),
        ("1800000000", "CNY", "RMB 1,800,000,000.00", "RMB 1.8bn"),
        ("950000", "HKD", "HK$ 950,000.00", "HK$ 950,000"),
        ("999999.60", "HKD", "HK$ 999,999.60", "HK$ 1.0m"),
        ("999960000", "HKD", "HK$ 999,960,000.00", "HK$ 1.0bn"),
        ("940000000", "HKD", "HK$ 940,000,000.00", "HK$ 940.0m"),
        ("480", "USD", "US$ 480.00", "US$ 480"),
        ("-5.1", "TWD", "NT$ -5.10", "NT$ -5"),
        ("0", "THB", "THB 0.00", "THB 0"),
        ("1E+9", "HKD", "HK$ 1,000,000,000.00", "HK$ 1.0bn"),
    ],
)
def test_amounts_are_written_with_prefix_and_groups(amount, currency, written, short):
    money = Money(Decimal(amount), currency)
    assert str(money) == written
    assert money.short() == short


@pytest.mark.parametrize(
    ("amount", "traditional", "simplified"),
    [
        ("9600", "HK$ 9,600", "HK$ 9,600"),
        ("96000", "HK$ 9.6萬", "HK$ 9.6万"),
        ("41234567.89", "HK$ 4,123.5萬", "HK$ 4,123.5万"),
        ("99999600", "HK$ 1.0億", "HK$ 1.0亿"),
        ("-1800000000", "HK$ -18.0億", "HK$ -18.0亿"),
    ],
)
def test_chinese_counts_short_sums_in_ten_thousands_and_hundred_millions(amount, traditional, simplified):
    money = Money(Decimal(amount), "HKD")
    assert money.short("zh-hant") == traditional
    assert money.short("zh-hans") == simplified


def test_rounding_to_any_place():
    assert round_to(Decimal("1.25"), 1) == Decimal("1.2")
    assert str(round_to(Decimal("-0.4"), 0)) == "0"
