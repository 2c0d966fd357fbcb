"""Container numbers by ISO 6346, sampling and whom one may ask (domain 7.5)."""

import json
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import call_command

from credit.verifications import rules
from credit.verifications.choices import Ground
from credit.verifications.rules import Deal
from crm.kernel.errors import RuleBroken

KEY = b"k" * 32


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ("CSQU3054383", True),
        ("MSKU0000001", False),
        ("csqu 305438-3", True),
        ("CSQU3054384", False),
        ("CSQU305438", False),
        ("CSQX3054383", False),
        ("CSQUO054383", False),
        ("CSQU3O54383", False),
        ("CSQU30I4383", False),
        ("csqu3054383", True),
        ("  C S Q U 305438 3\n", True),
        ("CSQU 3054383 ", True),
        ("", False),
        ("CSQU30543８3", False),
    ],
)
def test_a_container_number_is_right_by_iso_6346_or_false(number, expected):
    assert rules.is_container(number) is expected


def test_a_remainder_of_ten_is_the_digit_nought():
    found = next(f"TEXU{n:06d}" for n in range(1, 100) if sum(v << p for p, v in enumerate(_values(f"TEXU{n:06d}"))) % 11 == 10)
    assert rules.is_container(f"{found}0")


def _values(ten):
    return [rules._LETTERS.get(c) or int(c) for c in ten]


def test_the_command_prints_one_boolean_a_number():
    out = StringIO()
    call_command("check_container", "CSQU3054383", "MSKU0000001", "--json", stdout=out)
    assert json.loads(out.getvalue()) == [True, False]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("CSQUO054383", "Is the O a 0"),
        ("csqu 3o54383", "CSQU3O54383: .*Is the O a 0"),
        ("CSQU3I54383", "the I a 1"),
        ("CSQX3054383", "fourth letter"),
        ("ABC", "four letters"),
        ("CSQU30543833", "four letters and seven digits"),
    ],
)
def test_what_cannot_be_a_container_number_is_refused_with_the_reason(typed, sentence):
    with pytest.raises(RuleBroken, match=sentence):
        rules.containers_of(typed)
    assert rules.containers_of("csqu 305438-3\n\nCSQU3054383") == ["CSQU3054383"]


def ground(reference="LS-1", amount=1, *, first=False, flagged=False, percent=20):
    deal = Deal(reference, Decimal(amount), first, flagged)
    return rules.ground_of(deal, key=KEY, large_above=Decimal(3_000_000), percent=percent)


def test_the_first_the_large_and_every_deal_after_a_flag_are_verified():
    assert ground(first=True) == Ground.FIRST
    assert ground(flagged=True) == Ground.FLAGGED
    assert ground(amount="3000000.01", percent=0) == Ground.LARGE
    assert ground(amount=3_000_000, percent=0) is None


def test_a_fifth_of_the_others_is_drawn_and_asking_again_changes_nothing():
    drawn = [ground(f"LS-{n}") for n in range(5_000)]
    assert 900 < sum(one == Ground.RANDOM for one in drawn) < 1_100
    assert drawn == [ground(f"ls {n}") for n in range(5_000)]


@pytest.mark.parametrize(
    ("contact", "paper", "expected"),
    [
        ("docs@oocl.com", "Call +852 2345 6789", False),
        ("+852 2345-6789", "+852 2345-6789", True),
        ("docs@freight-verify.com", "https://www.freight-verify.com/check", True),
        ("docs@oocl.com", "", False),
    ],
)
def test_a_contact_that_the_paper_names_confirms_nothing(contact, paper, expected):
    assert rules.is_of_the_paper(contact, paper) is expected
