"""Which level decides, and when a motion carries, as plain values (domain 6.7)."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from credit.decisions.choices import APPROVERS, LEVELS, Choice, Ground, Level
from credit.packs.choices import State
from crm.clients.rules import add_months

JUDGEMENT, REASON = 4000, 1000
MOST_CONDITIONS = 40
REMINDERS = ("remind_first", "remind_second", "remind_third", "remind_last")
"""The figures that say how many days before its day a condition is reminded of (domain 6.7)."""


@dataclass(frozen=True)
class Inputs:
    """What the level follows from. `total`: the group's exposure after the request, in Hong Kong dollars."""

    total: Decimal
    is_secured: bool
    rating: str = ""
    is_connected: bool = False
    has_exception: bool = False


@dataclass(frozen=True)
class Ruling:
    """What was decided, as typed: own judgement, the reason of a refusal, deferral items, days."""

    word: str
    judgement: str
    reason: str = ""
    items: str = ""
    due_on: dt.date | None = None
    reapply_on: dt.date | None = None


def level_of(inputs: Inputs, tops: Mapping[str, Decimal]) -> tuple[Level, list[Ground]]:
    """The lowest level that may decide, and on what grounds. `tops`: {"CO1.secured": …, "CO1.unsecured": …}, in Hong Kong dollars."""
    grounds = [
        ground
        for ground, holds in (
            (Ground.RATING, inputs.rating in ("R4", "R5")),
            (Ground.CONNECTED, inputs.is_connected),
            (Ground.EXCEPTION, inputs.has_exception),
        )
        if holds
    ]
    if grounds:
        return Level.CC, grounds
    stands = "secured" if inputs.is_secured else "unsecured"
    found = next((level for level in APPROVERS if inputs.total <= tops[f"{level.value}.{stands}"]), Level.CC)
    return found, [Ground.AMOUNT]


def higher(level: str) -> Level:
    """The next level; above the committee there is none."""
    return LEVELS[min(LEVELS.index(Level(level)) + 1, len(LEVELS) - 1)]


def reaches(grade: int, level: str) -> bool:
    """Whether an approver of a grade may decide at a level."""
    return level != Level.CC and 1 <= LEVELS.index(Level(level)) + 1 <= grade


def carries(votes: Sequence[tuple[str, bool]], *, grants: bool, quorum: int, share: tuple[int, int]) -> bool | None:
    """Whether a motion carries; None without a quorum. `votes`: (choice, by the chair). Members who abstain are present.

    `share` of the members present must be in favour: (2, 3). The chair's vote against stops what grants credit, and nothing else.
    """
    present = len(votes)
    if present < quorum:
        return None
    if grants and any(choice == Choice.AGAINST and by_chair for choice, by_chair in votes):
        return False
    in_favour = sum(choice == Choice.FOR for choice, _by_chair in votes)
    of, whole = share
    return in_favour * whole >= present * of


@dataclass(frozen=True)
class Life:
    """The days of a live limit (domain 6.8 row 20, 7.8): when its review begins to fall due and is due, after which day an overdue one
    stops new drawing, and when it matures.
    """  # fmt: skip

    live_on: dt.date
    review_from: dt.date
    review_due_on: dt.date
    stop_after: dt.date
    matures_on: dt.date

    def next_step(self, state: str, today: dt.date) -> str:
        """What time does to it next: "matured", "due" or "suspended"; empty for nothing."""
        if today >= self.matures_on:
            return "matured" if state in (State.AVAILABLE, State.REVIEW_DUE, State.SUSPENDED) else ""
        if state == State.AVAILABLE and today >= self.review_from:
            return "due"
        return "suspended" if state == State.REVIEW_DUE and today > self.stop_after else ""


def life(*, live_on: dt.date, reviewed_on: dt.date | None, tenor_months: int, figures: Mapping[str, int]) -> Life:
    """From the day on which it went live, or was reviewed last, and its longest facility."""
    due_on = add_months(reviewed_on or live_on, int(figures["review_months"]))
    return Life(
        live_on=live_on,
        review_from=due_on - dt.timedelta(days=int(figures["review_ahead_days"])),
        review_due_on=due_on,
        stop_after=due_on + dt.timedelta(days=int(figures["review_late_days"])),
        matures_on=add_months(live_on, tenor_months),
    )


def reminder(due_on: dt.date, today: dt.date, days: Sequence[int]) -> int | None:
    """The reminder that a condition has reached: the smallest of `days` that is not below the days left; None while none is reached."""
    left = (due_on - today).days
    return min((day for day in days if left <= day), default=None)
