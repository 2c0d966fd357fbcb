"""When what was found is due, and quiet hours: figures worked by hand, in Hong Kong's clock unless said otherwise."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from content.alerts.choices import Pace
from content.alerts.rules import due_at, is_quiet

HONG_KONG = ZoneInfo("Asia/Hong_Kong")


def local(text: str, zone: ZoneInfo = HONG_KONG) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=zone)


def time(text: str) -> dt.time | None:
    return dt.time.fromisoformat(text) if text else None


@pytest.mark.parametrize(
    ("at", "first", "last", "quiet"),
    [
        ("22:00", "22:00", "07:00", True),
        ("06:59", "22:00", "07:00", True),
        ("07:00", "22:00", "07:00", False),
        ("21:59", "22:00", "07:00", False),
        ("12:30", "12:00", "13:00", True),
        ("13:00", "12:00", "13:00", False),
        ("03:00", "", "", False),
        ("03:00", "03:00", "03:00", False),
    ],
)
def test_quiet_hours_may_pass_midnight_and_end_before_their_last_minute(at: str, first: str, last: str, quiet: bool) -> None:
    assert is_quiet(dt.time.fromisoformat(at), time(first), time(last)) is quiet


@pytest.mark.parametrize(
    ("pace", "found", "quiet", "due"),
    [
        (Pace.AT_ONCE, "2026-03-04 10:07:30", "", "2026-03-04 10:07:30"),
        (Pace.AT_ONCE, "2026-03-04 23:10", "22:00-07:00", "2026-03-05 07:00"),
        (Pace.AT_ONCE, "2026-03-05 01:10", "22:00-07:00", "2026-03-05 07:00"),
        (Pace.AT_ONCE, "2026-03-05 07:00", "22:00-07:00", "2026-03-05 07:00"),
        (Pace.HOURLY, "2026-03-04 10:07", "", "2026-03-04 11:00"),
        (Pace.HOURLY, "2026-03-04 10:00", "", "2026-03-04 11:00"),
        (Pace.HOURLY, "2026-03-04 23:30", "", "2026-03-05 00:00"),
        (Pace.HOURLY, "2026-03-04 21:30", "22:00-07:15", "2026-03-05 07:15"),
        (Pace.DAILY, "2026-03-04 07:29", "", "2026-03-04 07:30"),
        (Pace.DAILY, "2026-03-04 07:30", "", "2026-03-05 07:30"),
        (Pace.DAILY, "2026-03-04 10:00", "22:00-09:00", "2026-03-05 07:30"),
    ],
)
def test_what_was_found_is_due_by_its_pace_and_after_quiet_hours(pace: str, found: str, quiet: str, due: str) -> None:
    first, _, last = quiet.partition("-")
    assert due_at(pace, now=local(found), zone=HONG_KONG, quiet_from=time(first), quiet_to=time(last)) == local(due)


def test_the_morning_is_that_of_the_owners_centre() -> None:
    london = ZoneInfo("Europe/London")
    found = local("2026-03-28 20:00", london)  # the clock goes forward that night
    due = due_at(Pace.DAILY, now=found, zone=london, quiet_from=None, quiet_to=None)
    assert due == dt.datetime(2026, 3, 29, 6, 30, tzinfo=dt.UTC)
