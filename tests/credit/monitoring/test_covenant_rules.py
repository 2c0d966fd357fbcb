"""Periods, thresholds and how values are written, as plain values (domain 7.8)."""

import datetime as dt
from decimal import Decimal

import pytest

from credit.covenants import pictures, rules
from credit.flags import rules as flags


def days(*texts):
    return [dt.date.fromisoformat(text) for text in texts]


@pytest.mark.parametrize(
    ("first", "months", "ends"),
    [
        ("2026-03-31", 3, ("2026-03-31", "2026-06-30", "2026-09-30", "2026-12-31")),
        ("2025-02-28", 12, ("2025-02-28", "2026-02-28", "2027-02-28", "2028-02-29")),
        ("2026-01-15", 6, ("2026-01-15", "2026-07-15", "2027-01-15", "2027-07-15")),
    ],
)
def test_month_ends_stay_month_ends(first, months, ends):
    begins, *_rest, last = days(*ends)
    assert list(rules.ends_until(dt.date.fromisoformat(first), months, begins, last)) == days(*ends)


def test_the_threshold_itself_keeps_the_promise():
    two = Decimal(2)
    assert rules.keeps(two, "most", two)
    assert rules.keeps(two, "least", two)
    assert not rules.keeps(Decimal("2.000001"), "most", two)
    assert not rules.keeps(Decimal("1.999999"), "least", two)


def test_values_stand_in_their_units():
    assert rules.promise("gearing", "most", Decimal(2)) == "≤ 2.00×"
    assert rules.promise("tnw", "least", Decimal(20_000_000), "HKD") == "≥ HKD 20,000,000"
    assert rules.promise("turnover", "least", Decimal(60)) == "≥ 60.0%"
    assert rules.promise("pledge", "", None) == ""


def test_a_picture_keeps_the_threshold_in_sight():
    day = dt.date(2026, 3, 31)
    drawn = pictures.picture([(day, Decimal("0.8"), "jade", "")], threshold=Decimal(2))
    assert drawn.threshold == pictures.TOP
    assert drawn.points[0].y == pictures.BOTTOM
    assert pictures.picture([], threshold=Decimal(2)) is None


def test_what_is_no_severity_is_worse_than_none():
    assert flags.is_worse("H", "M")
    assert not flags.is_worse("M", "H")
    assert not flags.is_worse("", "L")
