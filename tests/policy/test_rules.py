"""How a figure is read, compared and shown, whatever is sent."""

import pytest

from crm.kernel.contributions import PolicyTable
from crm.kernel.errors import RuleBroken
from crm.policy import rules
from crm.policy.choices import Unit

HOSTILE = [None, True, 1.5, [], {}, [1], [[]], {"a": 1}, "", " ", "-1", "1e400000", "1e-400000", "NaN", "Infinity", "x" * 400, 10**40]


def table(unit, **more):
    return PolicyTable("test.shape", "Shape", "Test", unit, **more)


@pytest.mark.parametrize("unit", [unit for unit in Unit if unit not in (Unit.TEXT, Unit.WORDS)])
@pytest.mark.parametrize("value", HOSTILE, ids=repr)
def test_what_does_not_fit_is_refused_and_breaks_nothing(unit, value):
    with pytest.raises(RuleBroken):
        rules.read(table(unit), "RM", value)
    with pytest.raises(RuleBroken):
        rules.read(table(unit, parts={"meet": "Meeting"}), "RM", value)


@pytest.mark.parametrize("value", [None, True, 1.5, {}, [1], [[]], "", " ", "x" * 400, [" "]])
def test_texts_are_lines_of_words(value):
    for unit in (Unit.TEXT, Unit.WORDS):
        with pytest.raises(RuleBroken):
            rules.read(table(unit), "RM", value)


@pytest.mark.parametrize(
    ("unit", "sent", "kept"),
    [
        (Unit.MONEY, "1,234.5", "1234.50"),
        (Unit.MONEY, "-0", "0.00"),
        (Unit.MONEY, 7, "7.00"),
        (Unit.MONEY, "１，２００", "1200.00"),
        (Unit.DAYS, "９", 9),
        (Unit.DAYS, " 1,000 ", 1000),
        (Unit.PERCENT, 100, 100),
        (Unit.SPANS, [["09:00", "12:00"]], [["09:00", "12:00"]]),
        (Unit.SPANS, "09:00–12:00", [["09:00", "12:00"]]),
        (Unit.WORDS, [" a  b ", "a b"], ["a b"]),
        (Unit.TEXT, " a  line ", "a line"),
    ],
)
def test_what_fits_is_kept_in_one_shape(unit, sent, kept):
    assert rules.read(table(unit), "RM", sent) == kept


@pytest.mark.parametrize(
    ("value", "other", "more"),
    [(10, 9, True), (9, 9, False), ("100.00", "99.00", True), ("9.00", "10.00", False), ("any", 10**6, True), (5, "any", False),
     ("any", "any", False), ([1], 5, True), ({"meet": 1}, {"meet": 2}, True)],
)  # fmt: skip
def test_more_is_more_and_what_cannot_be_compared_asks_for_the_higher_approval(value, other, more):
    assert rules.is_more(value, other) is more


@pytest.mark.parametrize(
    ("policy", "value", "jurisdiction", "words"),
    [
        (table("money"), "1234567.80", "HK", "HK$ 1,234,567.80"),
        (table("money"), "5000.00", "CN", "RMB 5,000.00"),
        (table("money"), "5000.00", "", "5,000.00"),
        (table("days"), 1, "", "1 day"),
        (table("percent"), 25, "", "25 %"),
        (table("bp", special={"any": "no limit"}), "any", "", "no limit"),
        (table("days", parts={"meet": "Meeting", "call": "Call"}), {"meet": 30, "call": 7}, "", "Meeting 30 days · Call 7 days"),
        (table("money"), None, "", ""),
    ],
)
def test_figures_are_shown_in_their_unit(policy, value, jurisdiction, words):
    assert rules.in_words(policy, "RM", value, jurisdiction) == words
