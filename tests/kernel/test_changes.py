"""What stands in a history reads as the page does: moments in the reader's zone, days, yes and no, choices in their words."""

import datetime as dt
from decimal import Decimal

import pytest
from django.utils import timezone, translation

from crm.kernel.changes import in_words

MOMENT = dt.datetime(2026, 11, 30, 1, 0, tzinfo=dt.UTC)
LABELS = {"phone": "Phone", "email": "E-mail", 3: "Third"}


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (MOMENT, "30 Nov 2026, 09:00"),
        (dt.date(2026, 11, 30), "30 Nov 2026"),
        (True, "Yes"),
        (False, "No"),
        (None, ""),
        ([], ""),
        (0, "0"),
        ("phone", "Phone"),
        (3, "Third"),
        (["email", "phone"], "E-mail, Phone"),
        (["gone"], "gone"),
        (Decimal("1234567.50"), "1,234,567.50"),
        ({"odd": 1}, "{'odd': 1}"),
    ],
)
def test_a_kept_value_is_told_in_the_readers_words(value, shown):
    with timezone.override("Asia/Hong_Kong"):
        assert in_words(value, LABELS) == shown


def test_a_moment_is_told_in_the_format_of_the_language():
    with timezone.override("Asia/Hong_Kong"), translation.override("zh-hant"):
        assert in_words(MOMENT, {}).startswith("2026年11月30日")
        assert "+00:00" not in in_words(MOMENT, {})
