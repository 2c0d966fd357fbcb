"""The draw of surprise visits as pure functions on days and a secret (domain 7.2). Nothing here reads or writes anything.

A year, or what is left of it when a class changes, is cut into equal windows. In each window one day is drawn uniformly over the working
days that keep the gap to the draw before, and one slot; in one window of ten a second day, so that a visit made gives no safety. Every
number comes from HMAC-SHA256(secret, account|window|attempt); one that would favour small values is thrown away and drawn anew, so that
no day is likelier than another by even one in 2**64.
"""

import datetime as dt
import hmac
import itertools
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import ceil

from crm.kernel.calendars import SATURDAY, WorkingCalendar

WORD, WORDS = 1 << 64, 4
DAY, SLOT, ODD, EXTRA = range(WORDS)
ONE_DAY = dt.timedelta(days=1)
NIGHT, WEEKEND = "night", "saturday"


@dataclass(frozen=True, slots=True)
class Terms:
    """The published rules: days between two draws, how many slots a day has, per cent of odd hours and of second draws."""

    gap: int
    slots: int
    extra_percent: int
    odd_percent: int = 0


@dataclass(frozen=True, slots=True)
class Drawn:
    """One draw. `choices` is how many days it was drawn from, `choice` which of them; odd hours have the slot NIGHT or WEEKEND."""

    window: str
    attempt: str
    day: dt.date
    slot: str
    choice: int
    choices: int

    @property
    def is_extra(self) -> bool:
        """The second of its window."""
        return self.attempt.endswith("x")


@dataclass(frozen=True)
class Days:
    """The working days and free Saturdays of a place between two days, as ordinals in order."""

    working: Sequence[int]
    saturdays: Sequence[int] = field(default=())

    @classmethod
    def of(cls, calendar: WorkingCalendar, first: dt.date, last: dt.date) -> "Days":
        """Of a calendar, both days included."""
        days = [first + ONE_DAY * count for count in range((last - first).days + 1)]
        working = [day.toordinal() for day in days if calendar.is_working_day(day)]
        free = [day.toordinal() for day in days if day.weekday() == SATURDAY and day not in calendar.exceptions]
        return cls(working, free)

    def between(self, first: int, last: int) -> tuple[int, int]:
        """The places of the working days from `first` to `last`."""
        return bisect_left(self.working, first), bisect_right(self.working, last)


def required(base: int, multipliers: Sequence[Fraction], cap: int) -> int:
    """Visits in twelve months: the class's own, times each multiplier, rounded up, `cap` at most."""
    wanted = Fraction(base)
    for one in multipliers:
        wanted *= one
    return min(ceil(wanted), cap)


def rest_of_year(count: int, first: dt.date) -> int:
    """How many of a year's visits fall into what is left of it from `first` on, rounded up."""
    whole = (dt.date(first.year, 12, 31) - dt.date(first.year, 1, 1)).days + 1
    left = (dt.date(first.year, 12, 31) - first).days + 1
    return ceil(Fraction(count * left, whole))


def windows(first: dt.date, last: dt.date, count: int) -> list[tuple[int, int]]:
    """`first` to `last` cut into equal windows, as ordinals of their first and last days; they differ by one day at most."""
    whole, start = (last - first).days + 1, first.toordinal()
    edges = [start + whole * part // count for part in range(count + 1)]
    return [(begins, ends - 1) for begins, ends in itertools.pairwise(edges) if ends > begins]


def gap_within(gap: int, window_days: int) -> int:
    """The days between two draws that hold: the class's own, or a third of a window where multipliers make windows that short."""
    return min(gap, window_days // 3)


def below(secret: bytes, label: str, word: int, count: int) -> int:
    """A number from 0 to `count` - 1, each equally likely; ValueError for a count below one."""
    if count < 1:
        raise ValueError("There is nothing to draw from.")
    limit, turn = WORD - WORD % count, 0
    while True:
        message = label if turn == 0 else f"{label}|{turn}"
        digest = hmac.digest(secret, message.encode(), "sha256")
        value = int.from_bytes(digest[word * 8 : word * 8 + 8], "big")
        if value < limit:
            return value % count
        turn += 1


def label_of(account: str, window: str, attempt: str) -> str:
    """What is hashed."""
    return f"{account}|{window}|{attempt}"


def schedule(
    *, secret: bytes, account: str, first: dt.date, count: int, terms: Terms, days: Days, previous: dt.date | None = None
) -> Iterator[Drawn]:
    """The draws of an account from `first` to the end of its year, `count` windows, in order of days.

    `previous` is the last draw before `first`. A window in which the gap leaves no working day is drawn from all of its working days; one
    without any working day has no draw.
    """
    last = previous.toordinal() if previous else 0
    for number, (begins, ends) in enumerate(windows(first, dt.date(first.year, 12, 31), count), start=1):
        gap = gap_within(terms.gap, ends - begins + 1)
        window = f"{first.isoformat()}/{number}"
        low, high = days.between(max(begins, last + gap), ends)
        if low == high:
            low, high = days.between(begins, ends)
        if low == high:
            continue
        found = _draw(secret, account, window, "1", range(low, high), terms, days, (begins, ends))
        drawn = [found]
        if below(secret, label_of(account, window, "1"), EXTRA, 100) < terms.extra_percent:
            again = _second(secret, account, window, found, range(low, high), gap, terms, days)
            drawn += [again] if again else []
        drawn.sort(key=lambda one: one.day)
        last = drawn[-1].day.toordinal()
        yield from drawn


def _second(secret: bytes, account: str, window: str, found: Drawn, places: range, gap: int, terms: Terms, days: Days) -> Drawn | None:
    """One more in the same window, on a day that keeps the gap to the first; None where there is none."""
    at = found.day.toordinal()
    left = [place for place in places if abs(days.working[place] - at) >= gap]
    return _draw(secret, account, window, "1x", left, Terms(terms.gap, terms.slots, 0), days, None) if left else None


def _draw(
    secret: bytes,
    account: str,
    window: str,
    attempt: str,
    places: Sequence[int],
    terms: Terms,
    days: Days,
    span: tuple[int, int] | None,
) -> Drawn:
    label = label_of(account, window, attempt)
    if span and terms.odd_percent and below(secret, label, ODD, 100) < terms.odd_percent:
        first = days.working[places[0]]
        free = [day for day in days.saturdays if first <= day <= span[1]]
        choice = below(secret, label, DAY, len(places) + len(free))
        day, slot = (days.working[places[choice]], NIGHT) if choice < len(places) else (free[choice - len(places)], WEEKEND)
        return Drawn(window, attempt, dt.date.fromordinal(day), slot, choice, len(places) + len(free))
    choice = below(secret, label, DAY, len(places))
    slot = str(below(secret, label, SLOT, terms.slots))
    return Drawn(window, attempt, dt.date.fromordinal(days.working[places[choice]]), slot, choice, len(places))


def draw_between(
    *, secret: bytes, account: str, window: str, attempt: str, first: dt.date, last: dt.date, terms: Terms, days: Days
) -> Drawn | None:
    """One draw that is owed beyond the windows: a forced one, a first-use check, a draw anew. None where no working day is left."""
    low, high = days.between(first.toordinal(), last.toordinal())
    if low == high:
        return None
    return _draw(secret, account, window, attempt, range(low, high), terms, days, (first.toordinal(), last.toordinal()))
