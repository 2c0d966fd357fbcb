"""Working time of a place: which days and hours are open, and clocks that count open time only."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

import holidays

Span = tuple[dt.time, dt.time]
"""Opening and closing time of the wall clock, opening before closing."""

DEFAULT_SPANS: tuple[Span, ...] = ((dt.time(9, 30), dt.time(12, 30)), (dt.time(14, 0), dt.time(17, 30)))
SATURDAY, SUNDAY = 5, 6

_SEARCH_DAYS = 400


class NoWorkingTime(ValueError):
    """The calendar is closed for more than a year on end, so that no clock could ever stop."""


@dataclass(frozen=True, slots=True)
class WorkingCalendar:
    """Open hours of one centre. Moments are aware; those returned are in UTC.

    `exceptions` gives the spans of days that differ from the rule: an empty tuple for a holiday, spans for a half day or a make-up
    working day. Every other day has `spans`, but for the days of the week in `weekend` (0 is Monday).
    """

    zone: ZoneInfo
    spans: tuple[Span, ...] = DEFAULT_SPANS
    exceptions: Mapping[dt.date, tuple[Span, ...]] = field(default_factory=dict)
    weekend: frozenset[int] = frozenset({SATURDAY, SUNDAY})

    def spans_on(self, day: dt.date) -> tuple[Span, ...]:
        """The open spans of `day`, empty when closed."""
        if day in self.exceptions:
            return self.exceptions[day]
        return () if day.weekday() in self.weekend else self.spans

    def is_working_day(self, day: dt.date) -> bool:
        """Whether the centre opens at all on `day`."""
        return bool(self.spans_on(day))

    def add_working_days(self, day: dt.date, count: int) -> dt.date:
        """The `count`-th working day after `day` (before it when negative). 0 gives `day`, or the next working day when it is closed."""
        step = dt.timedelta(days=-1 if count < 0 else 1)
        found = day
        if count == 0:
            return found if self.is_working_day(found) else self.add_working_days(found, 1)
        for _ in range(abs(count)):
            found = self._next_working_day(found + step, step)
        return found

    def working_days_between(self, start: dt.date, end: dt.date) -> int:
        """How many working days lie after `start` up to and including `end`: Monday to Tuesday is one. Negative when `end` is earlier."""
        if end < start:
            return -self.working_days_between(end, start)
        return sum(self.is_working_day(start + dt.timedelta(days=offset)) for offset in range(1, (end - start).days + 1))

    def is_open(self, at: dt.datetime) -> bool:
        """Whether the centre is open at the moment `at`; the closing minute is closed."""
        return any(opens <= at < closes for opens, closes in self._slots_of(self._local_day(at)))

    def next_open(self, at: dt.datetime) -> dt.datetime:
        """`at` itself when the centre is open then, else the start of its next open slot."""
        return max(next(self._slots(at))[0], at.astimezone(dt.UTC))

    def add_working_time(self, at: dt.datetime, duration: dt.timedelta) -> dt.datetime:
        """The moment at which `duration` of open time has passed since `at`. Not negative."""
        if duration < dt.timedelta(0):
            raise ValueError("Working time is counted forward only.")
        left = duration
        for opens, closes in self._slots(at):
            begins = max(opens, at.astimezone(dt.UTC))
            if begins + left <= closes:
                return begins + left
            left -= closes - begins
        raise AssertionError("slots never end")

    def working_time_between(self, start: dt.datetime, end: dt.datetime) -> dt.timedelta:
        """Open time from `start` to `end`; negative when `end` is earlier."""
        if end < start:
            return -self.working_time_between(end, start)
        total = dt.timedelta(0)
        day, last = self._local_day(start), self._local_day(end)
        while day <= last:
            for opens, closes in self._slots_of(day):
                total += max(min(closes, end) - max(opens, start), dt.timedelta(0))
            day += dt.timedelta(days=1)
        return total

    def clip(
        self,
        start: dt.datetime,
        end: dt.datetime,
        *,
        at_least: dt.timedelta = dt.timedelta(minutes=15),
        otherwise: dt.timedelta = dt.timedelta(hours=1),
    ) -> tuple[dt.datetime, dt.datetime]:
        """The part of the window `start`..`end` in which the centre is open (domain 2.2, step 4).

        The first open piece of `at_least`; where there is none, the first `otherwise` of the next open slot that begins after `start`.
        """
        for opens, closes in self._slots(start):
            if opens >= end:
                break
            begins, ends = max(opens, start.astimezone(dt.UTC)), min(closes, end.astimezone(dt.UTC))
            if ends - begins >= at_least:
                return begins, ends
        opens, closes = next((opens, closes) for opens, closes in self._slots(start) if opens > start)
        return opens, min(opens + otherwise, closes)

    def _local_day(self, at: dt.datetime) -> dt.date:
        return at.astimezone(self.zone).date()

    def _slots_of(self, day: dt.date) -> Iterator[tuple[dt.datetime, dt.datetime]]:
        for opens, closes in self.spans_on(day):
            yield self._moment(day, opens), self._moment(day, closes)

    def _moment(self, day: dt.date, time: dt.time) -> dt.datetime:
        return dt.datetime.combine(day, time, self.zone).astimezone(dt.UTC)

    def _slots(self, at: dt.datetime) -> Iterator[tuple[dt.datetime, dt.datetime]]:
        """Open slots that end after `at`, in order and without end, as moments in UTC."""
        one_day = dt.timedelta(days=1)
        day = self._local_day(at)
        while True:
            day = self._next_working_day(day, one_day)
            yield from (slot for slot in self._slots_of(day) if slot[1] > at)
            day += one_day

    def _next_working_day(self, day: dt.date, step: dt.timedelta) -> dt.date:
        for _ in range(_SEARCH_DAYS):
            if self.is_working_day(day):
                return day
            day += step
        raise NoWorkingTime("The calendar has no working day within a year.")


def seed_days(jurisdiction: str, year: int) -> dict[dt.date, tuple[Span, ...]]:
    """The days of `year` on which offices of "HK" or "CN" differ from the weekday rule: holidays (no spans) and make-up working days.

    Hong Kong: the general holidays. The mainland: the State Council's arrangement where the `holidays` package knows it, otherwise the
    holidays by law. ValueError for another jurisdiction.
    """
    closed: holidays.HolidayBase
    if jurisdiction == "HK":
        # "optional" are the 17 general holidays. Asked together with "public", the package moves some days twice (3 October 2023).
        closed = holidays.HK(years=year, categories=("optional",))
        make_up: set[dt.date] = set()
    elif jurisdiction == "CN":
        closed = holidays.CN(years=year, categories=("public",))
        make_up = {day for day in closed.weekend_workdays if day.year == year}
    else:
        raise ValueError(f"No calendar is known for {jurisdiction!r}.")
    days: dict[dt.date, tuple[Span, ...]] = dict.fromkeys(sorted(closed), ())
    days.update(dict.fromkeys(sorted(make_up), DEFAULT_SPANS))
    return days
