"""The draw: windows, gaps, uniform days and slots, second draws, replay (domain 7.2, invariant 17)."""

import datetime as dt
import itertools
import json
from collections import Counter
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command
from hypothesis import given, settings
from hypothesis import strategies as st

from credit.surprises import drawing
from credit.surprises.drawing import NIGHT, WEEKEND, Days, Terms
from credit.surprises.simulating import p_of, simulate
from crm.kernel.calendars import WorkingCalendar, seed_days

YEAR = dt.date(2027, 1, 1)
END = dt.date(2027, 12, 31)
CALENDARS = {place: WorkingCalendar(ZoneInfo("Asia/Hong_Kong"), exceptions=seed_days(place, 2027)) for place in ("HK", "CN")}
DAYS = {place: Days.of(calendar, YEAR, END) for place, calendar in CALENDARS.items()}


def drawn(account: str = "7", count: int = 4, *, secret: bytes = b"k" * 32, first: dt.date = YEAR, gap: int = 15, **more):
    place = more.pop("place", "HK")
    terms = Terms(gap, 4, more.pop("extra", 10), more.pop("odd", 0))
    return list(drawing.schedule(secret=secret, account=account, first=first, count=count, terms=terms, days=DAYS[place], **more))


@pytest.mark.parametrize(
    ("base", "percent", "wanted"),
    [
        (1, [], 1),
        (1, [150], 2),
        (2, [150], 3),
        (4, [150, 150], 9),
        (4, [125, 125], 7),
        (6, [150, 150, 125], 17),
        (12, [200], 24),
        (12, [200, 150], 24),
    ],
)
def test_multipliers_are_multiplied_rounded_up_and_capped(base, percent, wanted):
    assert drawing.required(base, [Fraction(one, 100) for one in percent], 24) == wanted


def test_a_year_is_cut_into_equal_windows_without_a_hole():
    for count in range(1, 25):
        cut = drawing.windows(YEAR, END, count)
        assert cut[0][0] == YEAR.toordinal()
        assert cut[-1][1] == END.toordinal()
        assert all(later[0] == one[1] + 1 for one, later in itertools.pairwise(cut))
        assert len({ends - begins for begins, ends in cut}) <= 2


@settings(max_examples=300, deadline=None)
@given(
    secret=st.binary(min_size=32, max_size=32),
    account=st.integers(1, 10**9),
    count=st.integers(1, 24),
    gap=st.sampled_from([5, 10, 15, 30, 45]),
    start=st.integers(0, 330),
    place=st.sampled_from(["HK", "CN"]),
)
def test_every_window_is_drawn_on_a_working_day_that_keeps_its_gap(secret, account, count, gap, start, place):
    first = YEAR + dt.timedelta(days=start)
    left = drawing.rest_of_year(count, first)
    found = drawn(str(account), left, secret=secret, first=first, gap=gap, place=place)
    cut = drawing.windows(first, END, left)
    assert sum(not one.is_extra for one in found) == len(cut)
    assert all(CALENDARS[place].is_working_day(one.day) and first <= one.day <= END for one in found)
    shortest = drawing.gap_within(gap, min(ends - begins + 1 for begins, ends in cut))
    if shortest >= 3:  # in windows of a few days, holidays may leave nothing but a neighbour
        assert all((later.day - one.day).days >= min(shortest, 5) for one, later in itertools.pairwise(found))


def test_the_same_secret_gives_the_same_draws_and_another_gives_others():
    assert drawn() == drawn()
    assert drawn() != drawn(secret=b"x" * 32)
    assert drawn() != drawn("8")


def test_the_gap_reaches_back_over_the_edge_of_the_year():
    eve = dt.date(2026, 12, 30)
    assert all((drawn(str(n), 4, previous=eve)[0].day - eve).days >= 15 for n in range(300))


def test_days_and_slots_of_one_window_are_equally_likely():
    first = [drawn(str(n), 12, gap=5, extra=0)[0] for n in range(6000)]
    january = [day for day in range(31) if CALENDARS["HK"].is_working_day(YEAR + dt.timedelta(days=day))][: first[0].choices]
    days, slots = Counter(one.choice for one in first), Counter(one.slot for one in first)
    assert set(days) == set(range(len(january)))
    assert p_of([days[n] for n in range(len(january))]) > 0.0001
    assert set(slots) == {"0", "1", "2", "3"}
    assert p_of(list(slots.values())) > 0.0001


def test_a_made_visit_says_nothing_of_the_next_window():
    """The place of a window's day is no hint for that of the next: their differences are uniform too."""
    found = [drawn(str(n), 4, gap=1, extra=0) for n in range(4000)]
    differences = Counter(int((one[2].choice / one[2].choices - one[1].choice / one[1].choices) % 1 * 10) for one in found)
    assert p_of([differences[n] for n in range(10)]) > 0.0001


def test_numbers_that_would_favour_small_days_are_drawn_anew(monkeypatch):
    words = iter([b"\xff" * 32, (5).to_bytes(8, "big") * 4])
    asked = []
    monkeypatch.setattr(drawing.hmac, "digest", lambda secret, message, name: asked.append(message) or next(words))
    assert drawing.below(b"k", "a|w|1", 0, 3) == 2
    assert asked == [b"a|w|1", b"a|w|1|1"]


def test_one_window_in_ten_has_a_second_draw():
    found = [one for n in range(3000) for one in drawn(str(n), 4)]
    extra = sum(one.is_extra for one in found)
    assert 0.08 < extra / (len(found) - extra) < 0.12


def test_factories_that_never_sleep_are_seen_at_night_and_on_saturdays_now_and_then():
    odd = [one for n in range(3000) for one in drawn(str(n), 4, odd=5, extra=0) if one.slot in (NIGHT, WEEKEND)]
    assert 0.035 < len(odd) / 12000 < 0.065
    assert {one.slot for one in odd} == {NIGHT, WEEKEND}
    assert all((one.day.weekday() == 5) is (one.slot == WEEKEND) for one in odd)
    assert not any(one.slot in (NIGHT, WEEKEND) for n in range(500) for one in drawn(str(n), 4))


def test_a_draw_owed_beyond_the_windows_is_within_its_days_and_none_where_no_day_is_left():
    told = {"secret": b"k" * 32, "account": "7", "window": "flag-3", "attempt": "1", "terms": Terms(5, 4, 0), "days": DAYS["HK"]}
    monday = dt.date(2027, 3, 1)
    assert drawing.draw_between(first=monday, last=monday, **told).day == monday
    saturday = dt.date(2027, 3, 6)
    assert drawing.draw_between(first=saturday, last=saturday + dt.timedelta(days=1), **told) is None


def test_ten_thousand_account_years_keep_every_rule_and_name_no_date(capsys):
    call_command("draw_visits", "--year", "2027", "--simulate", "10000", "--json")
    shown = capsys.readouterr().out
    found = json.loads(shown)
    assert (found["gap_violations"], found["quota_violations"], found["replay_identical"]) == (0, 0, True)
    assert min(found["days_p"], found["slots_p"]) > 0.0001
    assert set(found) == {"account_years", "draws", "days_p", "slots_p", "gap_violations", "quota_violations", "replay_identical"}
    assert "2027-" not in shown


def test_a_crooked_count_is_found_crooked():
    assert p_of([100] * 10) > 0.99
    assert p_of([160, *[93] * 9]) < 0.0001
    assert simulate(2027, 50, secret=b"k" * 32) == simulate(2027, 50, secret=b"k" * 32)
