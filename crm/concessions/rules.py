"""What a concession forgoes, and the level that must decide it (domain 5.1 to 5.4). Pure functions on values."""

import datetime as dt
import hashlib
import hmac
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.clients.rules import add_months
from crm.concessions.choices import (
    CLOSED_CLASSES,
    CREDIT_KINDS,
    GRADED,
    KYC_KINDS,
    LINE,
    ONCE_A_QUARTER,
    TEXT,
    Kind,
    Level,
)
from crm.kernel.errors import RuleBroken, Sentence
from crm.kernel.money import round_to

ZERO = Decimal("0.00")
MOST_MONEY = Decimal(10) ** 12
BASIS = Decimal(10_000)
MEASURES: dict[str, tuple[str, ...]] = {
    Kind.CT1: ("bp", "amount"),
    Kind.CT2: ("bp", "amount"),
    Kind.CT3: ("amount", "percent"),
    Kind.CT4: ("percent", "amount"),
    Kind.CT5: ("amount", "days", "percent"),
    Kind.CT6: ("days",),
    Kind.CT7: ("amount",),
    Kind.CT8: ("points", "amount"),
    Kind.CT9: ("minutes",),
    Kind.CT10: ("amount",),
}
"""What of each type is held against the matrix; `concessions.<type>.<measure>` is its table."""
FIELDS: dict[str, tuple[str, ...]] = {
    Kind.CT1: ("amount", "bp", "days"),
    Kind.CT2: ("amount", "bp", "days"),
    Kind.CT3: ("amount", "standard"),
    Kind.CT4: ("amount", "standard_bp", "cut_percent"),
    Kind.CT5: ("amount", "days", "limit"),
    Kind.CT6: ("days",),
    Kind.CT7: ("amount",),
    Kind.CT8: ("amount", "points"),
    Kind.CT9: ("minutes",),
    Kind.CT10: ("amount", "standard"),
}
"""What a request of each type says."""
MONEY_FIELDS = ("amount", "standard", "limit")
WHOLE_FIELDS = ("days", "minutes")
_TOPS = {
    "bp": Decimal(10_000), "days": Decimal(3_660), "standard_bp": Decimal(10_000), "cut_percent": Decimal(100),
    "points": Decimal(100), "minutes": Decimal(1_440),
}  # fmt: skip
ADDITIVE = ("amount", "minutes")
ANY, TO_CREDIT, TO_OPERATIONS = "any", "credit", "operations"
_BEYOND = {TO_CREDIT: Level.CREDIT, TO_OPERATIONS: Level.OPERATIONS}
_BY_HAND = {"managers": (Level.RM, Level.SRM), "all": GRADED, "nobody": ()}

_NOT_MORE = _("Write a figure above zero.")
_TOO_LARGE = _("This figure is far too large. Check its noughts.")
_FRACTION = _("Write the amount to the cent.")


@dataclass(frozen=True)
class Terms:
    """What is asked for, or granted. Amounts are in the currency of the request; `amount` of CT3 and CT10 is the part of the fee waived."""

    kind: str
    amount: Decimal | None = None
    bp: Decimal | None = None
    days: Decimal | None = None
    standard: Decimal | None = None
    standard_bp: Decimal | None = None
    cut_percent: Decimal | None = None
    limit: Decimal | None = None
    points: Decimal | None = None
    minutes: Decimal | None = None

    def figure(self, name: str) -> Decimal:
        """One of its figures. ValueError where it was not said."""
        value = getattr(self, name)
        if value is None:
            raise ValueError(f"{self.kind} says nothing of {name}.")
        return Decimal(value)

    def as_json(self) -> dict[str, str]:
        """For a column of JSON: only what is said, as text."""
        return {name: str(value) for name, value in asdict(self).items() if value is not None}

    @classmethod
    def from_json(cls, kept: Mapping[str, str]) -> "Terms":
        """The reverse of `as_json`."""
        return cls(kept["kind"], **{name: Decimal(value) for name, value in kept.items() if name != "kind"})


def wrong_terms(terms: Terms) -> dict[str, Sentence]:
    """What stands against the figures themselves, by field; empty where they can be judged."""
    wrong: dict[str, Sentence] = {}
    for name in FIELDS[terms.kind]:
        value = getattr(terms, name)
        if value is None or not value.is_finite() or value <= 0:
            wrong[name] = _NOT_MORE
        elif value > (MOST_MONEY if name in MONEY_FIELDS else _TOPS[name]):
            wrong[name] = _TOO_LARGE
        elif name in WHOLE_FIELDS and value != value.to_integral_value():
            wrong[name] = _("Write a whole number.")
        elif value != round(value, 2):
            wrong[name] = _FRACTION if name in MONEY_FIELDS else _("Write two decimals at most.")
    if not wrong and terms.standard is not None and terms.amount is not None and terms.amount > terms.standard:
        wrong["amount"] = _("No more can be waived than the standard fee.")
    return wrong


def checked(terms: Terms) -> Terms:
    """The terms with only the figures of their type. RuleBroken, by field, where one cannot be judged."""
    wrong = wrong_terms(terms)
    if wrong:
        raise RuleBroken(next(iter(wrong.values())), fields=wrong)
    return Terms(terms.kind, **{name: getattr(terms, name) for name in FIELDS[terms.kind]})


def converted(terms: Terms, rate: Decimal | None) -> Terms:
    """The terms with amounts in the centre's currency, to the cent, at `rate` units of it for one; None: it is that currency already."""
    if rate is None:
        return terms
    amounts: dict[str, Any] = {name: round_to(value * rate, 2) for name in MONEY_FIELDS if (value := getattr(terms, name)) is not None}
    return replace(terms, **amounts)


def forgone(terms: Terms, *, currency: str) -> Decimal:
    """The income forgone, in the currency of the terms, rounded once at the end (domain 5.1; a year of US dollars has 360 days)."""
    of = terms.figure
    if terms.kind in (Kind.CT1, Kind.CT2):
        return round_to(of("amount") * of("bp") * of("days") / (BASIS * (360 if currency == "USD" else 365)), 2)
    if terms.kind in (Kind.CT3, Kind.CT10):
        return round_to(of("amount"), 2)
    if terms.kind == Kind.CT4:
        return round_to(of("amount") * of("standard_bp") * of("cut_percent") / (BASIS * 100), 2)
    return ZERO


def measures(terms: Terms) -> dict[str, Decimal]:
    """What of the terms is held against the matrix."""
    return {name: _percent(terms) if name == "percent" else terms.figure(name) for name in MEASURES[terms.kind]}


def _percent(terms: Terms) -> Decimal:
    if terms.kind == Kind.CT4:
        return terms.figure("cut_percent")
    return terms.figure("amount") * 100 / terms.figure("standard" if terms.kind == Kind.CT3 else "limit")


def added_up(kind: str, one: Mapping[str, Decimal], others: Iterable[Mapping[str, Decimal]]) -> dict[str, Decimal]:
    """The measures of a request together with others of the same client and type (domain 5.3, against splitting).

    Amounts, minutes, the days of a deferral and the share of a limit add up; of rates and spans the highest counts.
    """
    sums = {*ADDITIVE, *(("days",) if kind == Kind.CT6 else ()), *(("percent",) if kind == Kind.CT5 else ())}
    found = dict(one)
    for other in others:
        for name, value in other.items():
            found[name] = found[name] + value if name in sums else max(found[name], value)
    return found


@dataclass(frozen=True)
class Matrix:
    """The authority matrix of one type on a day: figures by measure and grade, the client bucket and the decider's month by grade."""

    kind: str
    figures: Mapping[str, Mapping[str, Any]]
    bucket: Mapping[str, Any]
    month: Mapping[str, Any]
    self_exercise: str = "nobody"

    def cap(self, table: str, level: Level) -> Decimal | None:
        """The top of "bucket" or "month" for a grade; None: without a top."""
        figure = getattr(self, table)[level.name]
        return None if figure == ANY else Decimal(figure)

    def as_json(self) -> dict[str, Any]:
        """As it is kept with a ruling, so that its level can be worked out again."""
        return {
            "kind": str(self.kind),
            "figures": {name: dict(row) for name, row in self.figures.items()},
            "bucket": dict(self.bucket),
            "month": dict(self.month),
            "self_exercise": self.self_exercise,
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "Matrix":
        """The reverse of `as_json`."""
        return cls(**kept)

    @property
    def version(self) -> str:
        """A short name of these very figures."""
        told = repr(sorted((name, sorted(row.items())) for name, row in {**self.figures, "b": self.bucket, "m": self.month}.items()))
        return hashlib.sha256(told.encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Inputs:
    """Everything that a level was worked out from, with the matrix: measures (added up), forgone income, what the client had before.

    `used` is the income forgone for the client's group within the bucket's days by level; `quarter` how many of this type it had in the
    quarter. `own`: the level of who decides, whose own row may be lower than those below it.
    """

    kind: str
    measures: Mapping[str, Decimal]
    forgone: Decimal
    used: Mapping[int, Decimal] = field(default_factory=dict)
    quarter: int = 0
    own: int = 0

    def used_up_to(self, level: int) -> Decimal:
        """What grades up to this one granted before."""
        return sum((amount for one, amount in self.used.items() if one <= level), ZERO)

    def as_json(self) -> dict[str, Any]:
        """As it is kept with a ruling."""
        return {
            "kind": str(self.kind),
            "measures": {name: str(value) for name, value in self.measures.items()},
            "forgone": str(self.forgone),
            "used": {str(level): str(amount) for level, amount in self.used.items()},
            "quarter": self.quarter,
            "own": int(self.own),
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "Inputs":
        """The reverse of `as_json`."""
        return cls(
            kept["kind"],
            {name: Decimal(value) for name, value in kept["measures"].items()},
            Decimal(kept["forgone"]),
            {int(level): Decimal(amount) for level, amount in kept["used"].items()},
            kept["quarter"],
            kept["own"],
        )


def _fits(figure: Any, value: Decimal) -> bool:
    return figure == ANY or (figure not in _BEYOND and value <= Decimal(figure))


def level_forced(row: Mapping[str, Any], value: Decimal, *, own: int = 0) -> Level:
    """The lowest level whose figure is at least `value`; beyond them where the matrix sends it. RuleBroken where nobody may.

    Where a personal figure lowers the row of who decides (`own`) below the value, it goes above that person.
    """
    lowered = own in GRADED and not _fits(row[Level(own).name], value)
    for level in GRADED:
        if _fits(row[level.name], value) and not (lowered and level <= own):
            return level
    beyond = _BEYOND.get(row[Level.HO.name])
    if beyond is None:
        raise RuleBroken(_("No level of the bank may grant this."), code="beyond_all")
    return beyond


def bucket_level(inputs: Inputs, matrix: Matrix) -> Level:
    """The lowest level from which up every bucket of the client's group still holds this."""
    found = Level.HO
    for level in reversed(GRADED):
        cap = matrix.cap("bucket", level)
        if cap is not None and inputs.used_up_to(level) + inputs.forgone > cap:
            break
        found = level
    return found


def next_level(matrix: Matrix, level: Level) -> Level | None:
    """The next one up that decides requests; None above head office. Types that leave concessions go from the centre head to credit."""
    if level < Level.TH:
        return Level.TH
    if level == Level.TH:
        return Level.RCH
    if level == Level.RCH:
        heads = {_BEYOND[row["HO"]] for row in matrix.figures.values() if row["HO"] in _BEYOND}
        return heads.pop() if heads else Level.HO
    return None


def required_level(inputs: Inputs, matrix: Matrix) -> Level:
    """The highest level that any measure forces (domain 5.1): every measure must fit."""
    forced = [level_forced(matrix.figures[name], value, own=inputs.own) for name, value in inputs.measures.items()]
    if inputs.forgone > 0:
        forced.append(bucket_level(inputs, matrix))
    level = max(forced)
    if inputs.kind in ONCE_A_QUARTER and inputs.quarter:
        return next_level(matrix, max(level, Level.TH)) or level
    return level


def may_exercise(level: Level, matrix: Matrix) -> bool:
    """Whether a grade may use authority of its own for this type at all."""
    return level in _BY_HAND[matrix.self_exercise]


def over_part_of_limit(inputs: Inputs, matrix: Matrix, level: Level, percent: int) -> bool:
    """Whether a measure is above so many percent of the holder's own figure."""
    for name, value in inputs.measures.items():
        figure = matrix.figures[name][level.name]
        if figure != ANY and figure not in _BEYOND and value * 100 > Decimal(figure) * percent:
            return True
    return False


def drawn(key: bytes, number: str, percent: int) -> bool:
    """Whether the draw picks this exercise: by a keyed hash, so that nobody can tell beforehand and anyone can check afterwards."""
    digest = hmac.new(key, f"concessions.review|{number}".encode(), hashlib.sha256).digest()
    return int.from_bytes(digest[:4], "big") % 100 < percent


def closed_by(kind: str, *, risk_class: str, kyc_due_on: dt.date | None, today: dt.date) -> Sentence:
    """Why nobody may grant this client this type now; empty where nothing stands against it."""
    if kind in KYC_KINDS and kyc_due_on is not None and kyc_due_on < today:
        return _("The KYC review of this client is overdue. Until it is done there are no concessions of this type.")
    if kind in CREDIT_KINDS and risk_class in CLOSED_CLASSES:
        return _("This type is closed for clients of this risk class.")
    return ""


@dataclass(frozen=True)
class Words:
    """What a request says besides its figures."""

    reason: str
    evidence: str = ""
    expected_return: str = ""
    promise: str = ""
    promise_due_on: dt.date | None = None
    sunset_on: dt.date | None = None
    facts_changed: str = ""


def wrong_words(words: Words, *, today: dt.date, months: int) -> dict[str, Sentence]:
    """What stands against the words of a request, by field."""
    wrong: dict[str, Sentence] = {}
    if not words.reason.strip():
        wrong["reason"] = _("Say why.")
    for name, most in (("reason", TEXT), ("evidence", TEXT), ("expected_return", TEXT), ("promise", LINE), ("facts_changed", TEXT)):
        if len(getattr(words, name)) > most:
            wrong[name] = _("This is too long.")
    if bool(words.promise.strip()) != (words.promise_due_on is not None):
        wrong["promise_due_on"] = _("A promise has words and a day.")
    elif words.promise_due_on is not None and words.promise_due_on <= today:
        wrong["promise_due_on"] = _("Pick a day that is still to come.")
    if words.sunset_on is None or words.sunset_on <= today:
        wrong["sunset_on"] = _("Pick a day that is still to come.")
    elif words.sunset_on > add_months(today, months):
        wrong["sunset_on"] = _("A concession ends within %(months)s months.") % {"months": months}
    return wrong


def band(amount: Decimal) -> tuple[Decimal, Decimal | None]:
    """The band of sizes that an amount is in, for showing like cases without their sums."""
    edges = [
        Decimal(edge) for edge in (0, 10_000, 100_000, 1_000_000, 5_000_000, 10_000_000, 30_000_000, 50_000_000, 80_000_000, 200_000_000)
    ]
    low = max(edge for edge in edges if edge <= amount)
    higher = [edge for edge in edges if edge > amount]
    return low, (higher[0] if higher else None)


def in_centre_rate(decided: Mapping[int, int]) -> Decimal | None:
    """The share of decisions taken at the centre or below, in percent to one place (domain 5.5); None where nothing was decided."""
    whole = sum(decided.values())
    return round_to(Decimal(sum(decided.get(level, 0) for level in Level if level <= Level.RCH)) * 100 / whole, 1) if whole else None


def asker_stands_below(asker: Level, required: Level) -> Level:
    """The level whose queue a request goes to: the required one, never below the team head, and above who asks."""
    return max(required, Level.TH, Level(asker + 1) if asker < Level.HO else Level.HO)


def levels_from(level: Level) -> Sequence[Level]:
    """The graded levels from one up."""
    return [one for one in GRADED if one >= level]
