"""Which level decides, and when a motion carries: pure rules by the figures of domain 6.7."""

from decimal import Decimal

import pytest

from credit.decisions import rules
from credit.decisions.choices import Ground, Level
from credit.decisions.rules import Inputs

TOPS = {
    **{"CO1.secured": Decimal(5_000_000), "CO1.unsecured": Decimal(2_000_000)},
    **{"CO2.secured": Decimal(20_000_000), "CO2.unsecured": Decimal(8_000_000)},
    **{"CO3.secured": Decimal(80_000_000), "CO3.unsecured": Decimal(30_000_000)},
}


@pytest.mark.parametrize(
    ("total", "secured", "level"),
    [
        ("5000000", True, "CO1"),
        ("5000000.01", True, "CO2"),
        ("2000000", False, "CO1"),
        ("2000000.01", False, "CO2"),
        ("20000000", True, "CO2"),
        ("20000000.01", True, "CO3"),
        ("8000000", False, "CO2"),
        ("8000000.01", False, "CO3"),
        ("80000000", True, "CO3"),
        ("80000000.01", True, "CC"),
        ("30000000", False, "CO3"),
        ("30000000.01", False, "CC"),
    ],
)
def test_the_level_follows_from_the_groups_exposure_to_the_cent(total, secured, level):
    assert rules.level_of(Inputs(Decimal(total), secured, "R3"), TOPS) == (Level(level), [Ground.AMOUNT])


@pytest.mark.parametrize(
    ("given", "ground"),
    [
        ({"rating": "R4"}, "rating"),
        ({"rating": "R5"}, "rating"),
        ({"is_connected": True}, "connected"),
        ({"has_exception": True}, "exception"),
    ],
)
def test_a_bad_class_a_connected_party_or_a_critical_exception_goes_to_the_committee(given, ground):
    assert rules.level_of(Inputs(Decimal(1), True, **given), TOPS) == (Level.CC, [Ground(ground)])


@pytest.mark.parametrize(
    ("votes", "grants", "carried"),
    [
        ("FFFF", True, None),
        ("FFFFA", True, True),
        ("FFFAA", True, False),
        ("FFFFAA", True, True),
        ("FFFF--", True, True),
        ("FFF---", True, False),
        ("aFFFF", True, False),
        ("aFFFF", False, True),
        ("fFFFA", True, True),
    ],
)
def test_two_thirds_of_those_present_carry_and_the_chair_stops_only_what_grants(votes, grants, carried):
    kinds = {"F": "for", "A": "against", "-": "abstain"}
    cast = [(kinds[vote.upper()], vote.islower()) for vote in votes]
    assert rules.carries(cast, grants=grants, quorum=5, share=(2, 3)) is carried


def test_the_next_level_ends_with_the_committee():
    assert [rules.higher(level) for level in Level] == ["CO2", "CO3", "CC", "CC"]
