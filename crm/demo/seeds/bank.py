"""What the planting of one topic hands to the next: the moment, the dice, and the rows made so far by their keys."""

import datetime as dt
import random
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from django.db import models
from simple_history.utils import bulk_create_with_history

from crm.clients.models import Client
from crm.companies.models import Company, Contact
from crm.kernel.calendars import WorkingCalendar
from crm.kernel.models import OwnedModel
from crm.staff.choices import Role
from crm.staff.models import OrgUnit, Post, User
from crm.staff.selectors import working_calendar

if TYPE_CHECKING:
    from crm.demo.seeds.pursuits import Pursuit

SEED = 19_861_104
REASON = "Demo bank"
BATCH = 400

M = TypeVar("M", bound=models.Model)
T = TypeVar("T")


@dataclass
class Bank:
    """The bank while it is planted. `now` is the moment of planting; all dates count back or forward from it."""

    now: dt.datetime
    password: str
    dice: random.Random = field(default_factory=lambda: random.Random(SEED))  # noqa: S311 - the same demo bank for everybody
    units: dict[str, OrgUnit] = field(default_factory=dict)
    people: dict[str, User] = field(default_factory=dict)
    posts: dict[str, Post] = field(default_factory=dict)
    companies: dict[str, Company] = field(default_factory=dict)
    short_names: dict[str, dict[str, str]] = field(default_factory=lambda: defaultdict(dict))
    industries: dict[str, str] = field(default_factory=dict)
    headcounts: dict[str, int] = field(default_factory=dict)
    contacts: dict[str, list[Contact]] = field(default_factory=lambda: defaultdict(list))
    addressed: dict[int, dict[str, str]] = field(default_factory=dict)
    clients: dict[str, Client] = field(default_factory=dict)
    pursuits: "list[Pursuit]" = field(default_factory=list)
    _calendars: dict[int, WorkingCalendar] = field(default_factory=dict)

    def days_ago(self, days: int) -> dt.date:
        """A day counted back from today, in Hong Kong; negative counts forward."""
        return self.today - dt.timedelta(days=days)

    @property
    def today(self) -> dt.date:
        """The day of planting as the bank's centres see it (all of them live eight hours ahead of UTC)."""
        return self.now.astimezone(OFFICE_ZONE).date()

    def at(self, day: dt.date, hour: int, minute: int = 0) -> dt.datetime:
        """A time of day at the centres, as an aware moment in UTC."""
        return dt.datetime.combine(day, dt.time(hour, minute), tzinfo=OFFICE_ZONE).astimezone(dt.UTC)

    def centre_of(self, username: str) -> OrgUnit:
        """The centre that this person works in; the unit itself at head office."""
        unit = self.posts[username].unit
        return unit.centre or unit

    def calendar(self, username: str) -> WorkingCalendar:
        """The working calendar that this person lives by."""
        centre = self.centre_of(username)
        if centre.pk not in self._calendars:
            self._calendars[centre.pk] = working_calendar(centre, on=self.today)
        return self._calendars[centre.pk]

    def working_day(self, username: str, day: dt.date) -> dt.date:
        """The day itself where the person's centre is open, else the last day before on which it was."""
        calendar = self.calendar(username)
        return day if calendar.is_working_day(day) else calendar.add_working_days(day, -1)

    def owned_by(self, username: str) -> dict[str, Any]:
        """The owner, team and centre columns of a row that this person looks after."""
        post = self.posts[username]
        return {"owner": post.user, "team": post.unit, "centre": post.unit.centre}

    def is_of(self, username: str, row: OwnedModel) -> bool:
        """This person looks after the row."""
        return row.owner_id == self.people[username].pk

    def owner_of(self, row: OwnedModel) -> User:
        """The person who looks after a row that is owned."""
        return next(user for user in self.people.values() if user.pk == row.owner_id)

    def head_of(self, username: str) -> User:
        """The head of the team that this person works in."""
        unit_id = self.posts[username].unit_id
        return next(post.user for post in self.posts.values() if post.unit_id == unit_id and post.role == Role.TH)

    def script_of(self, company: str) -> str:
        """The data files' script of a company's Chinese texts: `hans` in mainland China, else `hant`."""
        return "hans" if self.companies[company].jurisdiction == "CN" else "hant"

    def pick(self, choices: Sequence[T]) -> T:
        """One of them, by the dice."""
        return self.dice.choice(choices)


OFFICE_ZONE = dt.timezone(dt.timedelta(hours=8))


def keep(model: type[M], rows: Iterable[M]) -> list[M]:
    """Insert audited rows in bulk, each with its first history row. Returns them with their ids."""
    return bulk_create_with_history(list(rows), model, batch_size=BATCH, default_change_reason=REASON)


def insert(model: type[M], rows: Iterable[M]) -> list[M]:
    """Insert plain rows in bulk. Returns them with their ids."""
    return model._base_manager.bulk_create(list(rows), batch_size=BATCH)
