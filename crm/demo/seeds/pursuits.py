"""The course of each pursuit: on what day it came to which stage. Deals are written from it, and the visits that brought it there."""

import datetime as dt
from dataclasses import dataclass
from functools import cached_property

from crm.demo import reading
from crm.demo.seeds.bank import Bank
from prospects.deals.choices import LADDER, DealKind, Stage


@dataclass(frozen=True)
class Step:
    """A stage and the day on which the pursuit came to it."""

    stage: Stage
    day: dt.date


@dataclass(frozen=True)
class Pursuit:
    """One row of `deals.csv` with its steps. The first is the opening: as a lead where the company is identified, else as a suspect."""

    facts: dict[str, str]
    steps: tuple[Step, ...]

    @property
    def company(self) -> str:
        """The company's key."""
        return self.facts["company"]

    @property
    def owner(self) -> str:
        """The owner's user name."""
        return self.facts["owner"]

    @property
    def is_new(self) -> bool:
        """Of a company that does not bank with us, or did not when it began."""
        return self.facts["kind"] == "NEW"

    @property
    def kind(self) -> DealKind:
        """The deal's kind."""
        return DealKind.NEW if self.is_new else DealKind.EXISTING

    @property
    def stage(self) -> Stage:
        """Where it stands."""
        return self.steps[-1].stage

    @cached_property
    def reached(self) -> Stage:
        """The furthest stage of the ladder that it came to."""
        return [step.stage for step in self.steps if step.stage in LADDER][-1]

    @cached_property
    def passed(self) -> tuple[Step, ...]:
        """The steps that it left behind."""
        return self.steps[:-1]

    def day_of(self, stage: Stage) -> dt.date | None:
        """When it came to a stage."""
        return next((step.day for step in self.steps if step.stage == stage), None)


def plant(bank: Bank) -> None:
    """Read all pursuits and lay out their courses; nothing is written yet."""
    bank.pursuits = [_pursuit(bank, row) for row in reading.rows("deals.csv")]


def _pursuit(bank: Bank, row: dict[str, str]) -> Pursuit:
    stage = Stage(row["stage"])
    course = [*LADDER[1 : LADDER.index(stage) + 1]] if stage in LADDER else [*LADDER[1 : bank.dice.randint(3, 5)], stage]
    course = course or [stage]
    created, age = int(row["created_days_ago"]), int(row["age_days"])
    gap = (created - age) / max(1, len(course) - 1)
    days = [bank.days_ago(round(created - gap * place)) for place in range(len(course) - 1)] + [bank.days_ago(age)]
    opened = [days[0] if len(course) > 1 else bank.days_ago(created)]
    return Pursuit(facts=row, steps=tuple(map(Step, course, [bank.working_day(row["owner"], day) for day in (opened + days[1:])])))
