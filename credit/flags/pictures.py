"""Where the dots of the board's picture stand: one lane a severity, filled while open. Pure functions."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from credit.flags.choices import WORST_FIRST

WIDTH, LEFT, STEP, TOP = 420, 60, 30, 22


@dataclass(frozen=True, slots=True)
class Dot:
    """One flag: where, how it looks, what it says."""

    x: float
    y: int
    tone: str
    is_open: bool
    title: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A day under the lanes."""

    x: float
    day: dt.date


def x_of(day: dt.date, today: dt.date, days: int) -> float:
    """From the oldest day on the left to today on the right; what is older stands at the edge."""
    passed = max(0, min((today - day).days, days))
    return round(WIDTH - 12 - (WIDTH - LEFT - 24) * passed / days, 1)


def lanes() -> dict[str, int]:
    """The height of each severity's lane, the worst at the top."""
    return {severity.value: TOP + STEP * place for place, severity in enumerate(WORST_FIRST)}


def dots(flags: Sequence[tuple[str, dt.date, str, bool, str]], *, today: dt.date, days: int) -> list[Dot]:
    """Of (severity, day, tone, is_open, title)."""
    lane = lanes()
    return [Dot(x_of(day, today, days), lane[severity], tone, is_open, title) for severity, day, tone, is_open, title in flags]


def marks(*, today: dt.date, days: int) -> list[Mark]:
    """Four days, evenly apart."""
    spaced = [today - dt.timedelta(days=days * part // 3) for part in (3, 2, 1, 0)]
    return [Mark(x_of(day, today, days), day) for day in spaced]
