"""Duty completeness = done on time / due, and who answered for the loan when: pure functions on values (domain 7.7)."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from credit.accountability.choices import WITH_ANOTHER, Bench, EntryKind, Outcome, Standing
from credit.packs.rules import line, refuse
from credit.reviews.rules import text
from crm.staff.choices import Role

WORDS, PARTY = 4000, 200
PLACES = Decimal("0.0001")


def standing(due_at: dt.datetime, done_at: dt.datetime | None) -> Standing:
    """How a duty was met."""
    if done_at is None:
        return Standing.MISSING
    return Standing.ON_TIME if done_at <= due_at else Standing.LATE


@dataclass(frozen=True)
class Tally:
    """How many duties fell due, and how they were met."""

    due: int
    on_time: int
    late: int
    missing: int

    @property
    def score(self) -> Decimal | None:
        """Done on time / due, to four places, half-even; None where nothing fell due."""
        return (Decimal(self.on_time) / self.due).quantize(PLACES, ROUND_HALF_EVEN) if self.due else None

    @property
    def percent(self) -> Decimal | None:
        """The same for reading."""
        return None if self.score is None else (self.score * 100).quantize(Decimal("0.1"), ROUND_HALF_EVEN)


def tally(standings: Iterable[str]) -> Tally:
    """Count."""
    found = [str(one) for one in standings]
    counts = {one: found.count(str(one)) for one in Standing}
    return Tally(len(found), counts[Standing.ON_TIME], counts[Standing.LATE], counts[Standing.MISSING])


def moment(text: str | None) -> dt.datetime | None:
    """A moment as a frozen file writes it."""
    return dt.datetime.fromisoformat(text) if text else None


def tally_of(content: Mapping[str, Any]) -> Tally:
    """Counted again from a frozen file's own duties: what its score is checked by."""
    return tally(standing(dt.datetime.fromisoformat(row["due_at"]), moment(row["done_at"])) for row in content["duties"])


def shares(content: Mapping[str, Any]) -> list[tuple[str, Tally]]:
    """The duties of each who looked after the client when they fell due, in the order in which they did."""
    spans = [(row["name"], dt.datetime.fromisoformat(row["from"]), moment(row["to"])) for row in content["people"]]
    held: dict[str, list[str]] = {name: [] for name, _from, _to in spans}
    for row in content["duties"]:
        due_at = dt.datetime.fromisoformat(row["due_at"])
        for name, since, until in spans:
            if since <= due_at and (until is None or due_at < until):
                held[name].append(standing(due_at, moment(row["done_at"])))
                break
    return [(name, tally(rows)) for name, rows in held.items() if rows]


@dataclass(frozen=True)
class Written:
    """What somebody writes into a file: from or to whom, when it was said, the words."""

    kind: str
    words: str
    party: str = ""
    said_at: dt.datetime | None = None


def checked(entry: Written, *, now: dt.datetime) -> Written:
    """The entry, tidied. RuleBroken at its field where something is missing or still to come."""
    if entry.kind not in EntryKind.values:
        raise refuse("kind", _("Pick one of the choices."))
    words, party = text(entry.words, WORDS, "words", _("Write down the words.")), line(entry.party, PARTY)
    if entry.said_at is not None and entry.said_at > now:
        raise refuse("said_at", _("This is still to come."))
    if entry.kind not in WITH_ANOTHER:
        return Written(entry.kind, words)
    if not party:
        raise refuse("party", _("Say who gave it, or to whom you objected."))
    if entry.said_at is None:
        raise refuse("said_at", _("Say when."))
    return Written(entry.kind, words, party, entry.said_at)


BENCHES: dict[str, Bench] = {Role.HR: Bench.HR, Role.AUD: Bench.AUDIT, Role.CO: Bench.CREDIT, Role.CC: Bench.CREDIT}


def bench_of(roles: Iterable[str]) -> Bench | None:
    """On which side a person with these posts sits; None for all others, and for whoever heads a team (TH never)."""
    held = set(roles)
    if Role.TH in held:
        return None
    return next((bench for role, bench in BENCHES.items() if role in held), None)


def carried(ballots: Iterable[str], *, majority_percent: int) -> Outcome | None:
    """The outcome for which more than the bank's share of the ballots stands; None where there is none."""
    found = list(ballots)
    for outcome in Outcome:
        if found.count(outcome) * 100 > len(found) * majority_percent:
            return outcome
    return None
