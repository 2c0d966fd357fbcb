"""Since when the brief reads, what comes first, and how "not relevant" teaches the order: figures worked by hand."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from content.brief import rules
from content.brief.choices import Why
from content.brief.rules import Candidate, Leanings, Putaside
from crm.kernel.calendars import WorkingCalendar

HONG_KONG = ZoneInfo("Asia/Hong_Kong")
CALENDAR = WorkingCalendar(HONG_KONG, exceptions={dt.date(2026, 3, 3): ()})
NOW = dt.datetime(2026, 3, 4, 2, tzinfo=dt.UTC)
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)


def told(key: int, hours: float, event: str = "", sectors: tuple[str, ...] = (), source: int = 1) -> Candidate:
    return Candidate(key, NOW - hours * HOUR, event, sectors, source)


@pytest.mark.parametrize(
    ("at", "since"),
    [
        ("2026-03-06 08:00", "2026-03-05 18:00"),  # Friday: Thursday's evening
        ("2026-03-09 08:00", "2026-03-06 18:00"),  # Monday: Friday's
        ("2026-03-08 23:00", "2026-03-06 18:00"),  # Sunday night: the same
        ("2026-03-04 10:00", "2026-03-02 18:00"),  # Wednesday after a holiday: Monday's
        ("2026-03-05 00:30", "2026-03-04 18:00"),  # half past midnight is the new day
        ("2026-03-05 19:00", "2026-03-04 18:00"),  # in the evening still the day's own brief
    ],
)
def test_the_brief_reads_from_six_in_the_evening_of_the_last_working_day(at: str, since: str) -> None:
    moment = dt.datetime.fromisoformat(at).replace(tzinfo=HONG_KONG)
    assert rules.reads_since(CALENDAR, now=moment) == dt.datetime.fromisoformat(since).replace(tzinfo=HONG_KONG)


def test_reading_is_due_at_ten_of_the_centres_clock() -> None:
    assert rules.read_by(CALENDAR, dt.date(2026, 3, 4)) == NOW


def test_own_clients_come_before_prospects_sectors_and_competitors_and_the_rest_is_left_out() -> None:
    stories = [
        told(1, 1, "competitor"),
        told(2, 2, sectors=("Energy",)),
        told(3, 5),
        told(4, 9),
        told(5, 3, "competitor", ("Energy",)),
        told(6, 0.5, "bond", ("Utilities",)),
        told(7, 8),
    ]
    ties = {3: Why.PROSPECT, 4: Why.CLIENT, 7: Why.CLIENT}
    found = rules.in_order(stories, ties=ties, own_sectors={"Energy"}, leanings=Leanings())
    assert [(why, story.key) for why, story in found] == [
        (Why.CLIENT, 7),
        (Why.CLIENT, 4),
        (Why.PROSPECT, 3),
        (Why.SECTOR, 2),
        (Why.SECTOR, 5),
        (Why.COMPETITOR, 1),
    ]


def test_there_are_twelve_stories_at_most() -> None:
    stories = [told(key, key) for key in range(20)]
    found = rules.in_order(stories, ties=dict.fromkeys(range(20), Why.CLIENT), own_sectors=set(), leanings=Leanings())
    assert [story.key for _why, story in found] == list(range(12))


def test_a_refusal_sinks_its_like_by_two_hours_a_sector_two_an_event_and_one_a_source() -> None:
    leanings = rules.learnt([Putaside(NOW, "bond", ("Energy", "Utilities"), 7)], now=NOW)
    assert leanings.sinking(told(1, 0, "bond", ("Energy",), 7)) == 5 * HOUR
    assert leanings.sinking(told(1, 0, "bond", ("Materials",), 8)) == 2 * HOUR
    assert leanings.sinking(told(1, 0, "", ("Energy", "Utilities"), 8)) == 2 * HOUR
    assert leanings.sinking(told(1, 0, "", (), 7)) == HOUR
    assert leanings.sinking(told(1, 0, "listing", ("Materials",), 8)) == 0 * HOUR


def test_half_of_a_refusal_is_forgotten_in_thirty_days() -> None:
    assert rules.learnt([Putaside(NOW - 30 * DAY, "bond", (), 7)], now=NOW).sinking(told(1, 0, "bond", (), 8)) == HOUR
    both = [Putaside(NOW - 30 * DAY, "bond", (), 7), Putaside(NOW - 60 * DAY, "bond", (), 7)]
    assert rules.learnt(both, now=NOW).sinking(told(1, 0, "bond", (), 8)) == 1.5 * HOUR


def test_an_event_that_nobody_named_teaches_nothing() -> None:
    assert rules.learnt([Putaside(NOW, "", (), 7)], now=NOW).sinking(told(1, 0, "", (), 8)) == 0 * HOUR


def test_nothing_sinks_by_more_than_a_day_nor_out_of_its_group() -> None:
    leanings = rules.learnt([Putaside(NOW, "bond", ("Energy",), 1)] * 50, now=NOW)
    sunk = told(1, 1, "bond", ("Energy",))
    assert leanings.sinking(sunk) == DAY
    stories = [sunk, told(2, 20, source=2), told(3, 0, "competitor", source=2)]
    ties = {1: Why.CLIENT, 2: Why.CLIENT}
    found = rules.in_order(stories, ties=ties, own_sectors=set(), leanings=leanings)
    assert [story.key for _why, story in found] == [2, 1, 3]
