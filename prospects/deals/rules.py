"""What each stage asks for, how long a lead is protected, what a pipeline is worth: pure functions and values (domain 2.3, 2.4)."""

import calendar
import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

from crm.companies.rules import NewIdentifier
from prospects.deals.choices import LADDER, Criterion, DealKind, Stage

# What must be shown before a stage is left (domain 2.3, third column). What S6 and S8 mean in themselves (pack handed off or opening
# started; first income) is asked for on leaving the stage before, for nobody may stand in a stage whose meaning does not hold.
CRITERIA: Mapping[Stage, tuple[Criterion, ...]] = {
    Stage.SUSPECT: (Criterion.IDENTITY, Criterion.DEDUP, Criterion.SOURCE),
    Stage.LEAD: (Criterion.ATTEMPT,),
    Stage.CONTACTED: (Criterion.DECISION_MAKER, Criterion.NEED, Criterion.CONSENT),
    Stage.MET: (Criterion.VISIT_LOG, Criterion.BUSINESS, Criterion.BANKS, Criterion.NEED, Criterion.SIZE),
    Stage.QUALIFIED: (Criterion.SCREENING, Criterion.APPETITE, Criterion.KYC_PRESCORE, Criterion.INCOME),
    Stage.PROPOSAL: (Criterion.INTEREST, Criterion.ONBOARDING),
    Stage.CREDIT: (Criterion.DECISION,),
    Stage.OFFER: (Criterion.ACCEPTANCE, Criterion.FIRST_INCOME),
}

# The owner states these, and somebody else confirms them, until the feature that knows proves them (`StageEvidence`).
FOUR_EYES = frozenset({Criterion.SCREENING, Criterion.ONBOARDING, Criterion.DECISION, Criterion.FIRST_INCOME})

# Shown by a dated statement; all other criteria are read from the deal, its company and its visits.
STATED = FOUR_EYES | {Criterion.ATTEMPT, Criterion.APPETITE, Criterion.INTEREST, Criterion.ACCEPTANCE}

# Criteria that a column of the deal answers.
COLUMNS: Mapping[Criterion, str] = {
    Criterion.SOURCE: "source",
    Criterion.DECISION_MAKER: "decision_maker",
    Criterion.NEED: "need",
    Criterion.BUSINESS: "business",
    Criterion.BANKS: "banks_used",
    Criterion.SIZE: "size",
    Criterion.KYC_PRESCORE: "kyc_prescore",
    Criterion.INCOME: "expected_income",
}


# What a person may write of a deal; everything else follows from operations.
EDITABLE = (
    "source",
    "source_detail",
    "credit_free",
    "need",
    "business",
    "banks_used",
    "size",
    "decision_maker",
    "kyc_prescore",
    "amount",
    "expected_income",
    "next_step",
    "next_step_on",
)


@dataclass(frozen=True, slots=True)
class Statement:
    """What somebody states to show a criterion, and the day that it bears."""

    text: str
    on: dt.date


@dataclass(frozen=True, slots=True)
class Terms:
    """How a deal begins. Only the source is needed; `owner_id` None: whoever opens it. `values` are columns of `EDITABLE`."""

    source: str
    kind: str = DealKind.NEW
    owner_id: int | None = None
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Answers:
    """What is given with a move to fill what its stages ask for: columns of the deal, dated statements, and where they lack a number of
    the company, a new person who decides (facts of a contact), that person's consent (basis, day)."""

    values: Mapping[str, Any] = field(default_factory=dict)
    statements: Mapping[Criterion, Statement] = field(default_factory=dict)
    identifier: NewIdentifier | None = None
    contact: Mapping[str, Any] | None = None
    consent: tuple[str, dt.date | None] | None = None


@dataclass(frozen=True, slots=True)
class Loss:
    """Why a deal is lost (domain 2.3, stage L). Without `revisit_on` it is looked at again after the policy's days."""

    reason: str
    competitor: str = ""
    price_gap_bps: int | None = None
    revisit_on: dt.date | None = None
    note: str = ""


def criteria_of(stage: str, *, credit_free: bool) -> tuple[Criterion, ...]:
    """What must be shown to leave a stage. Without credit there is no offer to accept: S6 is the opening of accounts."""
    asked = CRITERIA.get(Stage(stage), ())
    return tuple(item for item in asked if not (credit_free and item == Criterion.ACCEPTANCE))


def criteria_between(source: str, target: str, *, credit_free: bool) -> tuple[Criterion, ...]:
    """What must be shown to come from one stage to a later one: skipping asks for all that lies between (domain 2.3). Each once."""
    passed = LADDER[LADDER.index(Stage(source)) : LADDER.index(Stage(target))]
    return tuple(dict.fromkeys(item for stage in passed for item in criteria_of(stage, credit_free=credit_free)))


def reaches_client(source: str, target: str) -> bool:
    """The move leaves S6 forward: the account is opened or the credit decided, so the company becomes a client."""
    return target in LADDER and LADDER.index(Stage(source)) <= LADDER.index(Stage.CREDIT) < LADDER.index(Stage(target))


def add_months(day: dt.date, months: int) -> dt.date:
    """The same day some months later, or that month's last."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def month_end_up_to(day: dt.date) -> dt.date:
    """The newest last day of a month that is not after `day`."""
    last = add_months(day.replace(day=1), 1) - dt.timedelta(days=1)
    return day if day == last else day.replace(day=1) - dt.timedelta(days=1)


def protected_until(*, opened_on: dt.date, active_on: dt.date, qualified: bool, days: int, months_unqualified: int) -> dt.date:
    """How long a lead belongs to its owner: some days from the newest activity, without S4 at most some months in all (domain 2.4)."""
    until = active_on + dt.timedelta(days=days)
    return until if qualified else min(until, add_months(opened_on, months_unqualified))


def weighted(incomes: Iterable[tuple[str, Decimal]], probability: Mapping[str, int]) -> Decimal:
    """Sum of expected income times the probability of its stage, rounded half-even to the cent at the end (domain 2.3).

    `incomes` are (stage, sum of one currency); `probability` maps stages to percent.
    """
    total = sum((income * probability[stage] for stage, income in incomes), Decimal(0)) / 100
    return total.quantize(Decimal("0.01"), ROUND_HALF_EVEN)
