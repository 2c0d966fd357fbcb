"""Where the points of a covenant's picture stand: its values over time against the threshold. Pure functions."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

WIDTH, HEIGHT, LEFT, TOP, BOTTOM = 420, 130, 12, 26, 104
RIGHT = WIDTH - 12


@dataclass(frozen=True, slots=True)
class Point:
    """One test: where, how it looks, what it says, the day below it."""

    x: float
    y: float
    tone: str
    title: str
    day: dt.date


@dataclass(frozen=True, slots=True)
class Picture:
    """The threshold's height, the points from the oldest on, and the line through them."""

    threshold: float
    points: tuple[Point, ...]
    path: str

    @property
    def shown_days(self) -> tuple[Point, ...]:
        """The first and the last, and every other between as far as there is room."""
        step = max(1, len(self.points) // 4)
        return self.points[::-1][::step][::-1]


def picture(rows: Sequence[tuple[dt.date, Decimal, str, str]], *, threshold: Decimal) -> Picture | None:
    """Of (day, value, tone, title), the oldest first; None without a value. Spaced evenly; the threshold always within sight."""
    if not rows:
        return None
    values = [float(value) for _day, value, _tone, _title in rows]
    line = float(threshold)
    low, high = min(*values, line), max(*values, line)
    span = (high - low) or 1.0

    def height(value: float) -> float:
        return round(BOTTOM - (value - low) / span * (BOTTOM - TOP), 1)

    step = (RIGHT - LEFT - 40) / max(len(rows) - 1, 1)
    points = tuple(
        Point(round(LEFT + 20 + step * place, 1), height(values[place]), tone, title, day)
        for place, (day, _value, tone, title) in enumerate(rows)
    )
    return Picture(height(line), points, "M" + " ".join(f"{point.x} {point.y}" for point in points))
