"""The draw put to the test over many account-years: is it uniform, does it keep gaps and quotas, does a replay give the same?

Statistics only: the simulation makes a secret of its own, and no date leaves it.
"""

import datetime as dt
import hashlib
import itertools
import math
import random
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from credit.surprises.drawing import NIGHT, WEEKEND, Days, Drawn, Terms, gap_within, schedule, windows
from crm.kernel.calendars import WorkingCalendar, seed_days

BINS = 100
CLASSES = (("R1", 1, 45), ("R2", 2, 30), ("R3", 4, 15), ("R4", 6, 10), ("R5", 12, 5))
MORE = (1.0, 1.25, 1.5, 1.875, 2.0, 3.0, 4.5)
PLACES = (("HK", "Asia/Hong_Kong"), ("CN", "Asia/Shanghai"))
CAP, SLOTS, EXTRA, ODD = 24, 4, 10, 5


@dataclass
class Tally:
    """What was counted."""

    places: list[int] = field(default_factory=lambda: [0] * BINS)
    slots: list[int] = field(default_factory=lambda: [0] * SLOTS)
    draws: int = 0
    gaps: int = 0
    quotas: int = 0


def p_of(counts: Sequence[int]) -> float:
    """The probability of counts as uneven as these where all are equally likely: chi-square by Wilson and Hilferty."""
    expected, freedom = sum(counts) / len(counts), len(counts) - 1
    if not expected:
        return 1.0
    chi = sum((count - expected) ** 2 / expected for count in counts)
    z = ((chi / freedom) ** (1 / 3) - (1 - 2 / (9 * freedom))) / math.sqrt(2 / (9 * freedom))
    return math.erfc(z / math.sqrt(2)) / 2


def simulate(year: int, account_years: int, *, secret: bytes | None = None) -> dict[str, int | float | bool]:
    """Draw `account_years` years of invented accounts of all classes, multipliers and both places."""
    key = secret or secrets.token_bytes(32)
    first, last = dt.date(year, 1, 1), dt.date(year, 12, 31)
    days = [Days.of(WorkingCalendar(ZoneInfo(zone), exceptions=seed_days(place, year)), first, last) for place, zone in PLACES]
    tally, seen, again = Tally(), hashlib.sha256(), hashlib.sha256()
    blur = random.Random(account_years)  # noqa: S311 - spreads places over bins, draws nothing
    for number in range(account_years):
        _name, base, gap = CLASSES[number % len(CLASSES)]
        count = min(math.ceil(base * MORE[number // len(CLASSES) % len(MORE)]), CAP)
        terms = Terms(gap, SLOTS, EXTRA, ODD if number % 3 == 0 else 0)
        told: dict[str, Any] = {
            "secret": key,
            "account": str(number),
            "first": first,
            "count": count,
            "terms": terms,
            "days": days[number % 2],
        }
        drawn = list(schedule(**told))
        _count(drawn, count, terms, (first, last), tally, blur)
        if number % 20 == 0:
            seen.update(repr(drawn).encode())
            again.update(repr(list(schedule(**told | {"secret": bytes.fromhex(key.hex())}))).encode())
    return {
        "account_years": account_years,
        "draws": tally.draws,
        "days_p": round(p_of(tally.places), 6),
        "slots_p": round(p_of(tally.slots), 6),
        "gap_violations": tally.gaps,
        "quota_violations": tally.quotas,
        "replay_identical": seen.digest() == again.digest(),
    }


def _count(drawn: list[Drawn], count: int, terms: Terms, span: tuple[dt.date, dt.date], tally: Tally, blur: random.Random) -> None:
    tally.draws += len(drawn)
    shortest = min(ends - begins + 1 for begins, ends in windows(*span, count))
    gap = gap_within(terms.gap, shortest)
    tally.gaps += sum((later.day - one.day).days < gap for one, later in itertools.pairwise(drawn))
    tally.quotas += sum(not one.is_extra for one in drawn) != count
    for one in drawn:
        tally.places[int((one.choice + blur.random()) / one.choices * BINS)] += 1
        if one.slot not in (NIGHT, WEEKEND):
            tally.slots[int(one.slot)] += 1
