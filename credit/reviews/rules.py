"""The clocks of a pack as plain values: whose time runs, from its steps alone; pauses are exact (domain 6.1, 6.7, invariant 41)."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from credit.packs.choices import Act, State
from credit.packs.rules import line, refuse
from credit.reviews.choices import Party
from crm.kernel.calendars import WorkingCalendar
from crm.kernel.text import strip_controls

MOST_QUESTIONS = 60
QUESTION, ANSWER, MEMO, DEFECTS = 2000, 4000, 60_000, 1000
ZERO = dt.timedelta(0)
_WITH_CREDIT = frozenset({State.HANDED_OFF, State.IN_REVIEW, State.WRITING_B, State.FOR_DECISION})
_WITH_MANAGER = frozenset({State.QUERY, State.FACT_CHECK, State.RETURNED, State.DEFERRED, State.ENDORSE, State.DRAFT})


@dataclass(frozen=True)
class Step:
    """A step as the clocks read it: when, what, and the state that it led to (empty where it stayed)."""

    at: dt.datetime
    act: str
    target: str = ""


@dataclass(frozen=True)
class Stretch:
    """Time in which one party had the pack; `until` is None while it lasts. `why` is the state, or the act that put a version on hold."""

    party: str
    since: dt.datetime
    until: dt.datetime | None
    why: str


@dataclass(frozen=True)
class Clock:
    """Open working time that one party has used, against its target. Days are working days of the calendar's usual hours."""

    party: str
    spent: dt.timedelta
    day: dt.timedelta
    target_days: int
    runs: bool

    @property
    def days(self) -> float:
        """Working days used."""
        return self.spent / self.day

    @property
    def share(self) -> float:
        """Of the target, 1 at its end."""
        return self.days / self.target_days if self.target_days else 0.0

    @property
    def target_seconds(self) -> float:
        """The target as open seconds."""
        return self.day.total_seconds() * self.target_days

    @property
    def is_late(self) -> bool:
        """Over the target."""
        return self.spent > self.day * self.target_days

    @property
    def tone(self) -> str:
        """For the bar."""
        return "bad" if self.is_late else ("warn" if self.share >= 0.75 else "")

    @property
    def label(self) -> Any:
        """ "4.1 of 7 working days"."""
        return _("%(days)s of %(target)s working days") % {"days": f"{self.days:.1f}", "target": self.target_days}


def stretches(steps: Iterable[Step]) -> list[Stretch]:
    """Who had the pack when, from the first handoff on until it is decided or closed. Steps in their order.

    A version on hold is the manager's time whatever the state, until it is handed off anew or the draft is dropped.
    """
    found: list[Stretch] = []
    party, since, why, state, held, begun = "", None, "", "", False, False
    for step in steps:
        state = step.target or state
        begun = begun or state == State.HANDED_OFF
        if not begun:
            continue
        if step.act == Act.OPEN_VERSION:
            held = True
        elif step.act == Act.DROP_VERSION or state in (State.ENDORSE, State.HANDED_OFF):
            held = False
        now_party = _whose(state, held)
        now_why = str(Act.OPEN_VERSION) if held and state in _WITH_CREDIT else state
        if (now_party, now_why) == (party, why):
            continue
        if party and since is not None:
            found.append(Stretch(party, since, step.at, why))
        party, why, since = now_party, now_why, step.at
    if party and since is not None:
        found.append(Stretch(party, since, None, why))
    return found


def _whose(state: str, held: bool) -> str:
    if state in _WITH_MANAGER or (held and state in _WITH_CREDIT):
        return Party.MANAGER
    return Party.CREDIT if state in _WITH_CREDIT else ""


def clock(found: Sequence[Stretch], party: str, *, calendar: WorkingCalendar, target_days: int, now: dt.datetime) -> Clock:
    """What one party has used until now."""
    own = [stretch for stretch in found if stretch.party == party]
    spent = sum((calendar.working_time_between(row.since, row.until or now) for row in own), ZERO)
    return Clock(party, spent, day_of(calendar), target_days, any(row.until is None for row in own))


def day_of(calendar: WorkingCalendar) -> dt.timedelta:
    """The open time of a usual day: 6.5 hours by 9:30 to 12:30 and 14:00 to 17:30."""
    some = dt.date(2000, 1, 3)
    return sum((dt.datetime.combine(some, ends) - dt.datetime.combine(some, starts) for starts, ends in calendar.spans), ZERO)


def in_days(calendar: WorkingCalendar, since: dt.datetime, days: int) -> dt.datetime:
    """The moment at which so many working days of open time have passed."""
    return calendar.add_working_time(since, day_of(calendar) * days)


def text(words: str, most: int, field: str, sentence: Any) -> str:
    """Several lines without controls. RuleBroken at the field where nothing is said, or too much."""
    kept = "\n".join(" ".join(strip_controls(part).split()) for part in words.replace("\r\n", "\n").split("\n")).strip()
    if not kept:
        raise refuse(field, sentence)
    if len(kept) > most:
        raise refuse(field, _("This is too long: %(most)s characters at most.") % {"most": most})
    return kept


def listed(lines: str, field: str, sentence: Any) -> list[str]:
    """One item a line. RuleBroken without any."""
    found = [line(part) for part in lines.splitlines() if line(part)]
    if not found:
        raise refuse(field, sentence)
    return found[:40]
