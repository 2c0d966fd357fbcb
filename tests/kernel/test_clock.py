"""Moments in a few words."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone, translation

from crm.kernel.clock import now, relative, today

NOON = dt.datetime(2026, 3, 4, 12, 0, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("distance", "words"),
    [
        (dt.timedelta(minutes=25), "in 25 min"),
        (dt.timedelta(minutes=59, seconds=59), "in 59 min"),
        (dt.timedelta(hours=3, minutes=50), "in 3 h"),
        (dt.timedelta(days=1), "1 day"),
        (dt.timedelta(days=9, hours=5), "9 days"),
        (dt.timedelta(seconds=59), "now"),
        (-dt.timedelta(seconds=59), "now"),
        (-dt.timedelta(minutes=1), "1 min late"),
        (-dt.timedelta(hours=2, minutes=59), "2 h late"),
        (-dt.timedelta(days=1), "1 day late"),
        (-dt.timedelta(days=2), "2 days late"),
    ],
)
def test_a_moment_is_told_in_a_few_words(distance, words):
    with translation.override("en"), timezone.override(dt.UTC):
        assert relative(NOON + distance, NOON) == words


@pytest.mark.parametrize(
    ("then", "now", "words"),
    [
        (dt.datetime(2026, 3, 1, 17, 30), dt.datetime(2026, 3, 4, 9, 0), "3 days late"),
        (dt.datetime(2026, 3, 1, 17, 30), dt.datetime(2026, 3, 4, 18, 0), "3 days late"),
        (dt.datetime(2026, 3, 3, 17, 30), dt.datetime(2026, 3, 4, 9, 0), "15 h late"),
        (dt.datetime(2026, 3, 9, 9, 0), dt.datetime(2026, 3, 4, 18, 0), "5 days"),
    ],
)
def test_from_a_day_on_the_days_of_the_readers_calendar_count(then, now, words):
    zone = ZoneInfo("Asia/Hong_Kong")
    with translation.override("en"), timezone.override(zone):
        assert relative(then.replace(tzinfo=zone), now.replace(tzinfo=zone)) == words


def test_now_is_aware_and_in_utc():
    assert now().utcoffset() == dt.timedelta(0)


def test_today_is_the_date_of_the_place():
    late_evening_in_utc = dt.datetime(2026, 3, 4, 20, 0, tzinfo=dt.UTC)
    assert today("Asia/Hong_Kong", late_evening_in_utc) == dt.date(2026, 3, 5)
    assert today("America/New_York", late_evening_in_utc) == dt.date(2026, 3, 4)
