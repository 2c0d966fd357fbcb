"""The figures of a batch of clients that the rules of flags ask for; a fixed number of statements for each batch."""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Max, Q, Sum

from credit.decisions.choices import ConditionKind, ConditionState
from credit.decisions.models import Condition
from credit.flags import selectors
from credit.flags.rules import Thresholds, Year, excess_times, is_fresh
from credit.packs.choices import LIVE, State
from credit.spreads.models import Line, Period
from crm.figures import selectors as figures
from crm.figures.choices import FileKind, FileState
from crm.figures.models import Balance, Conduct, FigureFile, Turnover
from crm.kernel.limits import decimal

FULL_YEAR = 12
WEEK = 7
ENOUGH = Decimal("0.4")
"""Of the days of a window, how many have to be stated: some seven of ten working days."""
JUDGED = (FileKind.BALANCES, FileKind.TURNOVER, FileKind.CONDUCT, FileKind.ARREARS)
_LINES = {"equity", "net_profit", "stock", "sales", "debtors"}
_OWED = (State.CP_PENDING, *LIVE)


@dataclass(frozen=True)
class Days:
    """Which days the core bank's files state, by kind, the oldest first; `on` is the day that is judged."""

    on: dt.date
    told: Thresholds
    stated: dict[str, list[dt.date]]

    @classmethod
    def read(cls, on: dt.date, told: Thresholds) -> "Days":
        """One statement."""
        since = on - dt.timedelta(days=told.deposit_days * 3 + 2 * WEEK)
        rows = FigureFile.objects.filter(state=FileState.DONE, on__range=(since, on)).order_by("on").values_list("kind", "on").distinct()
        found: dict[str, list[dt.date]] = defaultdict(list)
        for kind, day in rows:
            found[kind].append(day)
        return cls(on, told, dict(found))

    def newest(self, kind: str) -> dt.date | None:
        """The newest day that is stated, None where it is too old to judge by."""
        day = self.stated.get(kind, [None])[-1]
        return day if is_fresh(day, on=self.on, told=self.told) else None

    def near(self, kind: str, day: dt.date) -> dt.date | None:
        """The newest stated day up to `day`, within a week."""
        fitting = [one for one in self.stated.get(kind, ()) if day - dt.timedelta(days=WEEK) <= one <= day]
        return fitting[-1] if fitting else None

    def count(self, kind: str, since: dt.date, until: dt.date) -> int | None:
        """How many days of a window are stated; None where they are too few to judge by."""
        found = sum(since <= one <= until for one in self.stated.get(kind, ()))
        return found if found >= ENOUGH * (until - since).days else None

    @property
    def missing(self) -> list[FileKind]:
        """Kinds of files of which no fresh day is stated."""
        return [kind for kind in JUDGED if self.newest(kind) is None]


@dataclass(slots=True)
class Known:
    """What is known of one client; None where it is not stated."""

    deposits_before: Decimal | None = None
    deposits_now: Decimal | None = None
    proceeds_before: Decimal | None = None
    proceeds_now: Decimal | None = None
    has_limits: bool = False
    returned_items: int = 0
    excess_days: int = 0
    excess_times: int = 0
    largest_out: Decimal = Decimal(0)
    average: Decimal | None = None
    years: list[Year] = field(default_factory=list)
    certificate_days: int = 0
    late_days: int = 0
    advanced: Decimal = Decimal(0)


def missing_figures(*, on: dt.date) -> list[FileKind]:
    """Kinds of files of which no day is fresh enough to judge by: what they tell of raises nothing meanwhile. Two statements."""
    return Days.read(on, selectors.thresholds(on=on)).missing


def gather(companies: dict[int, int], days: Days) -> dict[int, Known]:
    """By client id, of clients (id: company id)."""
    ids = list(companies)
    found = {pk: Known() for pk in ids}
    _deposits(found, ids, days)
    _proceeds(found, ids, days)
    _conduct(found, ids, days)
    _arrears(found, ids, days)
    by_company = {company: client for client, company in companies.items()}
    _years(found, by_company)
    _certificates(found, by_company, days.on)
    return found


def _deposits(found: dict[int, Known], ids: Sequence[int], days: Days) -> None:
    newest = days.newest(FileKind.BALANCES)
    if newest is None:
        return
    before = days.near(FileKind.BALANCES, newest - dt.timedelta(days=days.told.deposit_days))
    rows = Balance.objects.standing().filter(client__in=ids, on__in=[day for day in (newest, before) if day])
    for pk, day, total in rows.order_by().values_list("client_id", "on").annotate(Sum("amount_hkd")):
        if day == newest:
            found[pk].deposits_now = decimal(total)
        else:
            found[pk].deposits_before = decimal(total)
    for pk, average in figures.average_deposits(ids, on=newest).items():
        found[pk].average = average


def _proceeds(found: dict[int, Known], ids: Sequence[int], days: Days) -> None:
    newest = days.newest(FileKind.TURNOVER)
    if newest is None:
        return
    span = dt.timedelta(days=days.told.deposit_days)
    windows = ((newest - span + dt.timedelta(days=1), newest), (newest - 3 * span + dt.timedelta(days=1), newest - span))
    counts = [days.count(FileKind.TURNOVER, *window) for window in windows]
    for name, window, count in zip(("proceeds_now", "proceeds_before"), windows, counts, strict=True):
        if count:
            sums = figures.paid_in_of(ids, since=window[0], until=window[1])
            for pk, known in found.items():
                setattr(known, name, sums.get(pk, Decimal(0)) / count)
    for pk, (limits, _drawn) in figures.limits_of(ids, on=newest).items():
        found[pk].has_limits = limits > 0
    week = Turnover.objects.between(newest - dt.timedelta(days=WEEK - 1), newest).filter(client__in=ids)
    for pk, largest in week.order_by().values_list("client_id").annotate(Max("largest_out")):
        found[pk].largest_out = decimal(largest)


def _conduct(found: dict[int, Known], ids: Sequence[int], days: Days) -> None:
    newest = days.newest(FileKind.CONDUCT)
    if newest is None:
        return
    told = days.told
    since = newest - dt.timedelta(days=max(told.excess_window_days, told.returned_days) - 1)
    spans: dict[int, list[tuple[dt.date, int]]] = defaultdict(list)
    rows = Conduct.objects.between(since, newest).filter(client__in=ids).order_by("on")
    for pk, day, items, excess in rows.values_list("client_id", "on", "returned_items", "excess_days"):
        if (newest - day).days < told.returned_days:
            found[pk].returned_items += items
        if excess and (newest - day).days < told.excess_window_days:
            spans[pk].append((day, excess))
            if day == newest:
                found[pk].excess_days = excess
    for pk, some in spans.items():
        found[pk].excess_times = excess_times(some)


def _arrears(found: dict[int, Known], ids: Sequence[int], days: Days) -> None:
    newest = days.newest(FileKind.ARREARS)
    if newest is None:
        return
    for pk, rows in figures.arrears_of(ids, day=newest).items():
        found[pk].late_days = max(row.overdue_days for row in rows)
        found[pk].advanced = sum((row.advanced_amount for row in rows), Decimal(0))


def _years(found: dict[int, Known], by_company: dict[int, int]) -> None:
    periods = Period.objects.filter(spread__company__in=list(by_company), months=FULL_YEAR, is_current=True).order_by("-ends_on", "-pk")
    held: dict[int, tuple[int, dt.date]] = {}
    for pk, company_id, ends_on in periods.values_list("pk", "spread__company_id", "ends_on"):
        held[pk] = (by_company[company_id], ends_on)
    lines: dict[int, dict[str, Decimal]] = defaultdict(dict)
    for line in Line.objects.filter(period__in=list(held), code__in=_LINES):
        lines[line.period_id][line.code] = line.amount
    for pk, (client_id, ends_on) in held.items():
        found[client_id].years.append(Year(ends_on, **lines.get(pk, {})))


def _certificates(found: dict[int, Known], by_company: dict[int, int], on: dt.date) -> None:
    """How long the oldest paper that an approval asked for afterwards is overdue."""
    owed = Q(kind=ConditionKind.SUBSEQUENT, state__in=(ConditionState.OPEN, ConditionState.SHOWN), due_on__lt=on)
    rows = Condition.objects.filter(owed, pack__company__in=list(by_company), pack__state__in=_OWED).order_by("-due_on")
    for company_id, due_on in rows.values_list("pack__company_id", "due_on"):
        found[by_company[company_id]].certificate_days = (on - due_on).days
