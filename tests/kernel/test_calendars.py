"""Working days and hours."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.kernel.calendars import DEFAULT_SPANS, NoWorkingTime, WorkingCalendar, seed_days

HONG_KONG = ZoneInfo("Asia/Hong_Kong")
HALF_DAY = ((dt.time(9, 30), dt.time(12, 30)),)
CALENDAR = WorkingCalendar(
    zone=HONG_KONG,
    exceptions={
        dt.date(2026, 4, 3): (),
        dt.date(2026, 4, 6): (),
        dt.date(2026, 4, 7): (),
        dt.date(2026, 4, 11): DEFAULT_SPANS,
        dt.date(2026, 2, 16): HALF_DAY,
    },
)


def at(day: str, time: str) -> dt.datetime:
    return dt.datetime.fromisoformat(f"{day} {time}").replace(tzinfo=HONG_KONG)


def hours(number: float) -> dt.timedelta:
    return dt.timedelta(hours=number)


def test_a_pause_from_monday_ten_to_tuesday_ten_is_one_working_day_and_six_and_a_half_hours():
    start, end = at("2026-03-02", "10:00"), at("2026-03-03", "10:00")
    assert CALENDAR.working_time_between(start, end) == hours(6.5)
    assert CALENDAR.working_days_between(start.date(), end.date()) == 1
    assert end - start == hours(24)


def test_working_days_leave_out_weekends_and_holidays_and_count_make_up_days():
    assert CALENDAR.is_working_day(dt.date(2026, 4, 2))
    assert not CALENDAR.is_working_day(dt.date(2026, 4, 3))
    assert not CALENDAR.is_working_day(dt.date(2026, 4, 4))
    assert CALENDAR.is_working_day(dt.date(2026, 4, 11))
    assert CALENDAR.add_working_days(dt.date(2026, 4, 2), 1) == dt.date(2026, 4, 8)
    assert CALENDAR.add_working_days(dt.date(2026, 4, 8), -1) == dt.date(2026, 4, 2)
    assert CALENDAR.add_working_days(dt.date(2026, 4, 10), 1) == dt.date(2026, 4, 11)
    assert CALENDAR.add_working_days(dt.date(2026, 4, 4), 0) == dt.date(2026, 4, 8)
    assert CALENDAR.add_working_days(dt.date(2026, 4, 8), 0) == dt.date(2026, 4, 8)
    assert CALENDAR.working_days_between(dt.date(2026, 4, 2), dt.date(2026, 4, 11)) == 4
    assert CALENDAR.working_days_between(dt.date(2026, 4, 11), dt.date(2026, 4, 2)) == -4


@pytest.mark.parametrize(
    ("start", "add", "end"),
    [
        (("2026-03-02", "10:00"), 1, ("2026-03-02", "11:00")),
        (("2026-03-02", "12:00"), 1, ("2026-03-02", "14:30")),
        (("2026-03-02", "12:30"), 1, ("2026-03-02", "15:00")),
        (("2026-03-02", "09:30"), 3, ("2026-03-02", "12:30")),
        (("2026-03-06", "17:00"), 1, ("2026-03-09", "10:00")),
        (("2026-03-07", "10:00"), 1, ("2026-03-09", "10:30")),
        (("2026-02-16", "11:30"), 2, ("2026-02-17", "10:30")),
        (("2026-04-02", "16:30"), 13, ("2026-04-09", "16:30")),
    ],
)
def test_clocks_run_in_open_hours_only(start, add, end):
    assert CALENDAR.add_working_time(at(*start), hours(add)) == at(*end)
    assert CALENDAR.working_time_between(at(*start), at(*end)) == hours(add)


def test_moments_come_back_in_utc():
    assert CALENDAR.add_working_time(at("2026-03-02", "10:00"), hours(1)).tzinfo is dt.UTC
    assert CALENDAR.next_open(at("2026-03-02", "10:00")).tzinfo is dt.UTC


def test_the_next_open_moment():
    assert CALENDAR.next_open(at("2026-03-02", "10:00")) == at("2026-03-02", "10:00")
    assert CALENDAR.next_open(at("2026-03-02", "12:30")) == at("2026-03-02", "14:00")
    assert CALENDAR.next_open(at("2026-04-02", "17:30")) == at("2026-04-08", "09:30")
    assert CALENDAR.is_open(at("2026-03-02", "09:30"))
    assert not CALENDAR.is_open(at("2026-03-02", "12:30"))
    assert not CALENDAR.is_open(at("2026-04-03", "10:00"))


@pytest.mark.parametrize(
    ("sent", "window"),
    [
        ("10:00", ("2026-03-06", "11:00", "12:00")),
        ("11:10", ("2026-03-06", "12:10", "12:30")),
        ("11:15", ("2026-03-06", "12:15", "12:30")),
        ("11:16", ("2026-03-06", "14:00", "15:00")),
        ("11:45", ("2026-03-06", "14:00", "15:00")),
        ("12:20", ("2026-03-06", "14:00", "14:20")),
        ("12:10", ("2026-03-06", "14:00", "15:00")),
        ("16:20", ("2026-03-09", "09:30", "10:30")),
        ("19:00", ("2026-03-09", "09:30", "10:30")),
    ],
)
def test_the_call_window_after_a_letter_is_clipped_to_open_hours(sent, window):
    moment = at("2026-03-06", sent)
    day, opens, closes = window
    assert CALENDAR.clip(moment + hours(1), moment + hours(2)) == (at(day, opens), at(day, closes))


def test_the_clock_of_the_place_counts_and_not_that_of_the_reader():
    start = at("2026-03-02", "10:00").astimezone(ZoneInfo("America/New_York"))
    assert CALENDAR.add_working_time(start, hours(1)) == at("2026-03-02", "11:00")
    assert CALENDAR.working_time_between(start, start + hours(24)) == hours(6.5)


def test_a_night_with_a_clock_change_counts_real_hours():
    london = WorkingCalendar(zone=ZoneInfo("Europe/London"), spans=((dt.time(0, 30), dt.time(3, 30)),), weekend=frozenset())
    start = dt.datetime(2026, 3, 29, 0, 0, tzinfo=dt.UTC)
    assert london.working_time_between(start, start + hours(12)) == hours(2)


def test_a_calendar_that_never_opens_is_an_error_and_not_an_endless_loop():
    closed = WorkingCalendar(zone=HONG_KONG, spans=())
    with pytest.raises(NoWorkingTime):
        closed.add_working_days(dt.date(2026, 3, 2), 1)
    with pytest.raises(NoWorkingTime):
        closed.next_open(at("2026-03-02", "10:00"))
    with pytest.raises(ValueError):
        CALENDAR.add_working_time(at("2026-03-02", "10:00"), -hours(1))


@given(st.datetimes(dt.datetime(2026, 1, 1), dt.datetime(2026, 12, 1), timezones=st.just(dt.UTC)), st.integers(0, 100_000))
def test_adding_and_measuring_open_time_agree(start, seconds):
    duration = dt.timedelta(seconds=seconds)
    assert CALENDAR.working_time_between(start, CALENDAR.add_working_time(start, duration)) == duration


def test_seeded_days_are_closed_or_made_up():
    mainland = seed_days("CN", 2026)
    assert mainland[dt.date(2026, 2, 17)] == ()
    assert mainland[dt.date(2026, 2, 14)] == DEFAULT_SPANS
    hong_kong = seed_days("HK", 2026)
    assert hong_kong[dt.date(2026, 4, 3)] == ()
    assert all(spans == () for spans in hong_kong.values())
    with pytest.raises(ValueError):
        seed_days("XX", 2026)
