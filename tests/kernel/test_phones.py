"""Telephone numbers in the shapes that lists hold."""

import pytest

from crm.kernel.phones import Phone, display, normalise_phone, parse, phones_in


@pytest.mark.parametrize(
    ("raw", "region", "number"),
    [
        ("2523 1600", "HK", "+85225231600"),
        ("(852) 2523-1600", "HK", "+85225231600"),
        ("+852 2523 1600", "US", "+85225231600"),
        ("００８５２ 2523 1600", "TW", None),
        ("２５２３１６００", "HK", "+85225231600"),
        ("9123 4567", "HK", "+85291234567"),
        ("(02)2551-5211", "TW", "+886225515211"),
        ("02-25077801", "TW", "+886225077801"),
        ("+886-2-2551-5211", "HK", "+886225515211"),
        ("05-2211521-4", "TW", "+88652211521"),
        ("0755-8203 1234", "CN", "+8675582031234"),
        ("13800138000", "CN", "+8613800138000"),
        ("(650) 253-0000", "US", "+16502530000"),
        ("2523 160", "HK", None),
        ("12345678", "HK", None),
        ("n/a", "HK", None),
        ("－", "TW", None),
        ("", "HK", None),
        ("+", "HK", None),
        ("2523 1600", "XX", None),
    ],
)
def test_numbers_come_in_one_form_or_not_at_all(raw, region, number):
    assert normalise_phone(raw, region) == number


@pytest.mark.parametrize("raw", ["02-27338000 分機 12", "02-27338000#12", "02-27338000 ext. 12", "(02)2733-8000 轉12", "02-27338000 x12"])
def test_extensions_are_kept_apart(raw):
    assert parse(raw, "TW") == Phone("+886227338000", "12")
    assert normalise_phone(raw, "TW") == "+886227338000"


def test_a_cell_may_hold_several_numbers():
    assert phones_in("2523 1600 / 2523 1601; 9123 4567, 2523 1600 or none", "HK") == ("+85225231600", "+85225231601", "+85291234567")
    assert phones_in("", "HK") == ()


def test_numbers_are_shown_as_dialled_from_where_one_is():
    assert display("+85225231600", "HK") == "2523 1600"
    assert display("+85225231600", "CN") == "+852 2523 1600"
    assert display("call me", "HK") == "call me"


@pytest.mark.parametrize("text", ["2" * 50_000, "(" * 50_000, "2 / " * 12_500, "分機" * 25_000, "ext." * 12_500, " " * 50_000])
def test_an_absurdly_long_cell_comes_to_an_end(text, ended_after_10_cpu_seconds):
    normalise_phone(text, "HK")
    phones_in(text, "HK")
