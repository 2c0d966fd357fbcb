"""Rules of visits as pure functions: distances, times of a photo, what answers tell, when a record is due."""

import datetime as dt
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

from credit.packs.rules import line, refuse
from credit.surprises.choices import HEADCOUNT, POINTS, PhotoRemark, Result, Seen
from crm.kernel.errors import RuleBroken

EARTH_METRES = 6_371_000
REMARK, REASON = 300, 1000
BY_NUMBER = {point.number: point for point in POINTS}


@dataclass(frozen=True)
class Place:
    """Degrees north and east. RuleBroken for what is no place on earth."""

    latitude: float
    longitude: float

    def __post_init__(self) -> None:
        if not (-90 <= self.latitude <= 90 and -180 <= self.longitude <= 180):
            raise RuleBroken(_("This is no place on earth."))

    def metres_to(self, other: "Place") -> int:
        """The way over the ground, as the crow flies."""
        phi, psi = math.radians(self.latitude), math.radians(other.latitude)
        half = math.sin((psi - phi) / 2) ** 2
        half += math.cos(phi) * math.cos(psi) * math.sin(math.radians(other.longitude - self.longitude) / 2) ** 2
        return round(2 * EARTH_METRES * math.asin(min(1.0, math.sqrt(half))))


def place_of(latitude: float | None, longitude: float | None) -> Place | None:
    """The place, where both are known."""
    return Place(latitude, longitude) if latitude is not None and longitude is not None else None


@dataclass(frozen=True)
class Entry:
    """What a visitor found. `answers`: point to (answer, words)."""

    answers: Mapping[int, tuple[str, str]] = field(default_factory=dict)
    people_seen: int | None = None
    on_payroll: int | None = None
    phone_diverted_at: dt.datetime | None = None
    phone_dialled: str = ""
    entry_refused: bool = False
    result: str = ""
    result_reason: str = ""


def check_entry(entry: Entry) -> dict[str, dict[str, str]]:
    """The answers as they are kept. RuleBroken with a sentence at each point that is open: one tap each, or the entry was refused."""
    wrong: dict[str, Any] = {}
    kept: dict[str, dict[str, str]] = {}
    for point in POINTS:
        answer, words = entry.answers.get(point.number, ("", ""))
        if answer not in Seen.values:
            if not entry.entry_refused and not (point.number == HEADCOUNT and entry.people_seen is not None):
                wrong[f"point_{point.number}"] = _("Yes, no, or not seen?")
            continue
        kept[str(point.number)] = {"answer": answer, "words": line(words, REMARK)}
    if entry.result not in Result.values:
        wrong["result"] = _("What is it overall?")
    if not line(entry.result_reason, REASON):
        wrong["result_reason"] = _("Say why.")
    if wrong:
        raise RuleBroken(_("Some points are open."), fields=wrong)
    if any(count is not None and not 0 <= count < 1_000_000 for count in (entry.people_seen, entry.on_payroll)):
        raise refuse("people_seen", _("This is no number of people."))
    return kept


def bad_points(answers: Mapping[str, Mapping[str, str]]) -> tuple[int, ...]:
    """The points whose answer tells of trouble."""
    return tuple(point.number for point in POINTS if answers.get(str(point.number), {}).get("answer") == point.bad)


def is_empty(answers: Mapping[str, Mapping[str, str]], people_seen: int | None) -> bool:
    """Nobody there in working hours: nothing open, and no people seen."""
    closed = answers.get("2", {}).get("answer") == Seen.NO
    return closed and (people_seen == 0 or (people_seen is None and answers.get("3", {}).get("answer") == Seen.NO))


def is_short_staffed(people_seen: int | None, on_payroll: int | None, tolerance_percent: int) -> bool:
    """More than the tolerance fewer people than on payroll."""
    if people_seen is None or not on_payroll:
        return False
    return (on_payroll - people_seen) * 100 > on_payroll * tolerance_percent


def photo_remarks(
    *, taken_at: dt.datetime | None, where: Place | None, at: dt.datetime, checked_in: Place | None, hours: int, fence_metres: int
) -> list[str]:
    """What does not fit about a photo: no time, another time than about now, another place than where one checked in."""
    found: list[str] = []
    if taken_at is None:
        found.append(str(PhotoRemark.NO_TIME))
    elif abs(at - taken_at) > dt.timedelta(hours=hours):
        found.append(str(PhotoRemark.OTHER_TIME))
    if where and checked_in and where.metres_to(checked_in) > fence_metres:
        found.append(str(PhotoRemark.OTHER_PLACE))
    return found


def counted(drawn: int, own: int, needed: int, own_percent: int) -> int:
    """Visits that count towards a quota: those that were drawn, and of the manager's own up to a share of what is needed."""
    return drawn + min(own, needed * own_percent // 100)


def differences(before: Mapping[str, Mapping[str, str]], now: Mapping[str, Mapping[str, str]]) -> list[tuple[int, str, str]]:
    """Points whose answer differs between two visits, as (number, before, now)."""
    pairs: Iterable[tuple[int, str, str]] = (
        (point.number, before.get(str(point.number), {}).get("answer", ""), now.get(str(point.number), {}).get("answer", ""))
        for point in POINTS
    )
    return [(number, old, new) for number, old, new in pairs if old != new]


def fits(people: Sequence[int], unfit: Iterable[int]) -> list[int]:
    """Those who may come."""
    barred = set(unfit)
    return [one for one in people if one not in barred]
