"""What the figures say of clients: averages, movements, outflows, income and fee share; and which files came."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, Max, Q, QuerySet, Sum
from django.db.models.functions import TruncMonth
from django.utils import timezone

from crm.clients.models import Client
from crm.companies.models import CompanyGroup
from crm.figures.choices import SENT_BY_SOME, Arrival, FileKind, FileState, IncomeKind, Product
from crm.figures.models import MODELS, Arrears, Balance, Bill, Conduct, FigureFile, Income, LimitUse, Turnover
from crm.figures.rules import Earned, Split, arrival, average, first_of_month, is_large_outflow, split
from crm.kernel.calendars import WorkingCalendar, seed_days
from crm.kernel.limits import ZERO, decimal
from crm.policy import selectors as policy
from crm.staff.choices import Jurisdiction

Ids = Sequence[int]


@dataclass(frozen=True, slots=True)
class Month:
    """A client's movements of one month, in Hong Kong dollars. `balance` is the mean of the days that were stated, None without one."""

    first: dt.date
    balance: Decimal | None
    paid_in: Decimal
    paid_out: Decimal
    largest_in: Decimal
    largest_out: Decimal
    returned_items: int
    excess_days: int

    @property
    def net(self) -> Decimal:
        """What came in over what went out."""
        return self.paid_in - self.paid_out


@dataclass(frozen=True, slots=True)
class Outflow:
    """Money that left within the window, net of what came in, beside the average balance. `is_large` by the bank's own figure."""

    days: int
    net_out: Decimal
    percent: Decimal
    is_large: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """What a client holds and has drawn on the newest day that was stated, in Hong Kong dollars."""

    on: dt.date | None
    deposits: Decimal
    average_deposits: Decimal
    limits: Decimal
    drawn: Decimal
    facilities: tuple[LimitUse, ...] = ()


def clients_seen(user: Any) -> QuerySet[Client]:
    """The clients whose figures somebody sees: those seen whole, and not by name alone."""
    return Client.objects.within(user.actor.reach()).select_related("company")


def windows(on: dt.date) -> Mapping[str, Any]:
    """How many days an average takes in, and how many months are shown."""
    return policy.table("figures.windows", jurisdiction="", on=on)


def average_deposits(client_ids: Ids, *, on: dt.date, days: int | None = None) -> dict[int, Decimal]:
    """The mean of clients' deposits over the days up to `on` that were stated, by client; 90 days unless `days` says otherwise.

    One statement (and one for the window, where it is not given). Clients without a stated day are left out.
    """
    span = int(windows(on)["average_days"]) if days is None else days
    rows = Balance.objects.between(on - dt.timedelta(days=span - 1), on).filter(client__in=client_ids)
    found = rows.order_by().values_list("client_id").annotate(total=Sum("amount_hkd"), days=Count("on", distinct=True))
    return {client_id: average(decimal(total), stated) for client_id, total, stated in found}


def deposit_change(client_ids: Ids, *, on: dt.date) -> dict[int, Decimal]:
    """How far clients' average deposits moved in twelve months, by client: the average now less that of the same days a year ago."""
    now, before = average_deposits(client_ids, on=on), average_deposits(client_ids, on=on - dt.timedelta(days=365))
    return {pk: amount - before[pk] for pk, amount in now.items() if pk in before}


def income_of(client_ids: Ids, *, since: dt.date, until: dt.date) -> dict[int, Decimal]:
    """What clients earned the bank between two days, both included, by client. One statement."""
    rows = Income.objects.between(since, until).filter(client__in=client_ids)
    return {pk: decimal(total) for pk, total in rows.order_by().values_list("client_id").annotate(Sum("amount"))}


def paid_in_of(client_ids: Ids, *, since: dt.date, until: dt.date) -> dict[int, Decimal]:
    """What was paid into clients' accounts between two days, both included, by client. One statement."""
    rows = Turnover.objects.between(since, until).filter(client__in=client_ids)
    return {pk: decimal(total) for pk, total in rows.order_by().values_list("client_id").annotate(Sum("paid_in"))}


def income_split(client_ids: Ids, *, on: dt.date, months: int | None = None) -> Split:
    """Income of the last months up to `on` by product, with the fee share (domain 9), over all the clients together. Two statements."""
    count = int(windows(on)["months"]) if months is None else months
    since = first_of_month(on, months_before=count - 1) if count < 12 else on - dt.timedelta(days=364)
    rows = Income.objects.between(since, on).filter(client__in=client_ids)
    sums = rows.order_by().values_list("product", "kind", "one_off").annotate(Sum("amount"))
    earned = [Earned(Product(product), IncomeKind(kind), decimal(total), one_off) for product, kind, one_off, total in sums]
    return split(earned, one_off_percent=int(policy.table("figures.fee_share", jurisdiction="", on=on)["one_off"]))


def outflows(client_ids: Ids, *, on: dt.date, averages: Mapping[int, Decimal] | None = None) -> dict[int, Outflow]:
    """What left clients' accounts within the bank's window up to `on`, for those from whom more left than came (domain 3.2)."""
    told = policy.table("figures.outflow", jurisdiction="", on=on)
    days, percent = int(told["days"]), int(told["percent"])
    held = average_deposits(client_ids, on=on) if averages is None else averages
    rows = Turnover.objects.between(on - dt.timedelta(days=days - 1), on).filter(client__in=client_ids)
    found = {}
    for pk, paid_in, paid_out in rows.order_by().values_list("client_id").annotate(Sum("paid_in"), Sum("paid_out")):
        net = decimal(paid_out - paid_in)
        if net > 0 and held.get(pk, ZERO) > 0:
            is_large = is_large_outflow(net_out=net, average_balance=held[pk], percent=percent)
            found[pk] = Outflow(days, net, (net * 100 / held[pk]).quantize(Decimal("0.1")), is_large)
    return found


def movements(client: Client, *, on: dt.date) -> list[Month]:
    """A client's last months up to `on`, the oldest first, each with what moved in it. Four statements."""
    count = int(windows(on)["months"])
    since = first_of_month(on, months_before=count - 1)
    balances = _by_month(Balance, client, since, on, total=Sum("amount_hkd"), days=Count("on", distinct=True))
    moved = _by_month(
        Turnover, client, since, on,
        paid_in=Sum("paid_in"), paid_out=Sum("paid_out"), largest_in=Max("largest_in"), largest_out=Max("largest_out"),
    )  # fmt: skip
    conduct = _by_month(Conduct, client, since, on, returned=Sum("returned_items"), excess=Count("on", filter=Q(excess_days__gt=0)))
    firsts = [first_of_month(on, months_before=count - 1 - place) for place in range(count)]
    return [_month(first, balances.get(first), moved.get(first, {}), conduct.get(first, {})) for first in firsts]


def _by_month(model: Any, client: Client, since: dt.date, until: dt.date, **sums: Any) -> dict[dt.date, dict[str, Any]]:
    rows = model.objects.between(since, until).filter(client=client).order_by()
    return {row["month"]: row for row in rows.annotate(month=TruncMonth("on")).values("month").annotate(**sums)}


def _month(first: dt.date, balance: dict[str, Any] | None, moved: dict[str, Any], conduct: dict[str, Any]) -> Month:
    return Month(
        first=first,
        balance=average(decimal(balance["total"]), balance["days"]) if balance else None,
        returned_items=conduct.get("returned") or 0,
        excess_days=conduct.get("excess") or 0,
        **{name: decimal(moved.get(name) or 0) for name in ("paid_in", "paid_out", "largest_in", "largest_out")},
    )


def standings(client_ids: Ids, *, on: dt.date) -> dict[int, Standing]:
    """What each client holds and has drawn on the newest day up to `on` that was stated of it. A fixed number of statements."""
    averages = average_deposits(client_ids, on=on)
    deposits = _newest(Balance, client_ids, on)
    limits = _newest(LimitUse, client_ids, on)
    found = {}
    for pk in client_ids:
        balances, facilities = deposits.get(pk, []), limits.get(pk, [])
        found[pk] = Standing(
            on=max((row.on for row in (*balances, *facilities)), default=None),
            deposits=decimal(sum(row.amount_hkd for row in balances)),
            average_deposits=averages.get(pk, ZERO),
            limits=decimal(sum(row.limit_hkd for row in facilities)),
            drawn=decimal(sum(row.drawn_hkd for row in facilities)),
            facilities=tuple(facilities),
        )
    return found


def limits_of(client_ids: Ids, *, on: dt.date) -> dict[int, tuple[Decimal, Decimal]]:
    """(limits, drawn) of clients on the newest day up to `on` that was stated of each, in Hong Kong dollars. Three statements."""
    rows = _newest(LimitUse, client_ids, on)
    return {pk: (decimal(sum(row.limit_hkd for row in some)), decimal(sum(row.drawn_hkd for row in some))) for pk, some in rows.items()}


def newest_days(kinds: Iterable[str], *, on: dt.date) -> dict[str, dt.date]:
    """The newest day up to `on` of which a file of each kind is loaded; kinds that never came are left out. One statement."""
    rows = FigureFile.objects.filter(kind__in=list(kinds), state=FileState.DONE, on__lte=on)
    return dict(rows.order_by().values_list("kind").annotate(Max("on")))


def arrears_of(client_ids: Ids, *, day: dt.date) -> dict[int, list[Arrears]]:
    """The facilities of clients that are late or advanced on a day of which a file is loaded, the latest first. One statement."""
    found: dict[int, list[Arrears]] = {}
    for row in Arrears.objects.standing().filter(on=day, client__in=client_ids).order_by("client_id", "-overdue_days", "pk"):
        found.setdefault(row.client_id, []).append(row)
    return found


def open_bills(client: Client, *, on: dt.date) -> list[Bill]:
    """The bills of lading behind what a client has not repaid, by the newest file up to a day. Two statements."""
    day = newest_days((FileKind.BILLS,), on=on).get(FileKind.BILLS)
    return list(Bill.objects.standing().filter(on=day, client=client).order_by("reference", "number")) if day else []


def newest_arrears(client: Client, *, on: dt.date) -> list[Arrears]:
    """A client's facilities that are late or advanced, by the newest file up to a day. Two statements."""
    day = newest_days((FileKind.ARREARS,), on=on).get(FileKind.ARREARS)
    return arrears_of([client.pk], day=day).get(client.pk, []) if day else []


def _newest(model: Any, client_ids: Ids, on: dt.date) -> dict[int, list[Any]]:
    """The rows of each client's own newest day, within the days that an average takes in. Two statements."""
    since = on - dt.timedelta(days=int(windows(on)["average_days"]) - 1)
    rows = model.objects.between(since, on).filter(client__in=client_ids)
    newest = dict(rows.order_by().values_list("client_id").annotate(Max("on")))
    found: dict[int, list[Any]] = {}
    for row in rows.filter(on__in=set(newest.values())).order_by("client_id", "pk"):
        if row.on == newest[row.client_id]:
            found.setdefault(row.client_id, []).append(row)
    return found


@dataclass(frozen=True, slots=True)
class Member:
    """A client of a group with what it holds, has drawn and earned in twelve months."""

    client: Client
    stands: Standing
    income: Decimal


def members(*, user: Any, group: CompanyGroup, on: dt.date) -> list[Member]:
    """The clients of a group that the reader sees whole, by name. A fixed number of statements."""
    rows = clients_seen(user).filter(company__group=group).order_by("sort_key", "pk")
    clients = {row.pk: row for row in rows}
    stands = standings(list(clients), on=on)
    earned = income_of(list(clients), since=on - dt.timedelta(days=364), until=on)
    return [Member(client, stands[pk], earned.get(pk, ZERO)) for pk, client in clients.items()]


@dataclass(frozen=True, slots=True)
class Expected:
    """One file that a working day calls for, and how it came."""

    kind: FileKind
    arrival: Arrival
    file: FigureFile | None


@dataclass(frozen=True, slots=True)
class Day:
    """The files of one working day, in the order of the kinds."""

    on: dt.date
    files: tuple[Expected, ...]


def board(*, now: dt.datetime, days: int) -> list[Day]:
    """How the files of the last working days of Hong Kong came, the newest day first: in time, late, broken off or missing.

    Days before the first file that was ever loaded call for none, and kinds that not every bank has only once one came. Of several
    statements of a day the newest counts, of its times the first.
    """
    zone = timezone.get_default_timezone()
    today = timezone.localdate(now, zone)
    calendar = WorkingCalendar(
        ZoneInfo(str(zone)), exceptions={**seed_days(Jurisdiction.HK, today.year - 1), **seed_days(Jurisdiction.HK, today.year)}
    )
    wanted = [calendar.add_working_days(today + dt.timedelta(days=1), -count) for count in range(1, days + 1)]
    begun = FigureFile.objects.order_by("on").values_list("on", flat=True).first()
    never = set(SENT_BY_SOME) - set(newest_days(SENT_BY_SOME, on=today))
    kinds = [kind for kind in FileKind if kind not in never]
    hours = int(policy.table("figures.delivery", jurisdiction="", on=today)["due_hours"])
    held: dict[tuple[dt.date, str], list[FigureFile]] = {}
    for file in FigureFile.objects.filter(on__gte=wanted[-1]).order_by("version", "pk"):
        held.setdefault((file.on, file.kind), []).append(file)
    return [
        Day(on, tuple(_expected(kind, held.get((on, kind), []), _due(on, hours, zone), now) for kind in kinds))
        for on in wanted
        if begun is not None and on >= begun
    ]


def _due(on: dt.date, hours: int, zone: dt.tzinfo) -> dt.datetime:
    return dt.datetime.combine(on + dt.timedelta(days=1), dt.time(), tzinfo=zone) + dt.timedelta(hours=hours)


def _expected(kind: FileKind, files: list[FigureFile], due_at: dt.datetime, now: dt.datetime) -> Expected:
    newest = files[-1] if files else None
    done = [file.finished_at for file in files if file.state == FileState.DONE and file.finished_at]
    broken = newest is not None and newest.state != FileState.DONE
    came = arrival(
        finished_at=None if broken or not done else min(done),
        is_there=newest is not None,
        totals_match=newest is not None and newest.totals_match,
        due_at=due_at,
        now=now,
    )
    return Expected(kind, came, newest)


@dataclass(frozen=True, slots=True)
class Tie:
    """A column's total as the trailer states it, and as the rows add up. `is_count`: a number of things, not an amount."""

    label: str
    stated: Decimal | int
    loaded: Decimal | int
    unchanged: Decimal | int
    refused: Decimal | int
    is_count: bool

    @property
    def difference(self) -> Decimal | int:
        """What the rows lack of what is stated, or have too much."""
        return self.stated - self.loaded - self.unchanged - self.refused


def totals_of(file: FigureFile) -> list[Tie]:
    """The totals of a file, column by column."""
    model = MODELS[file.kind]
    return [
        Tie(
            label=str(getattr(model._meta.get_field(name), "verbose_name", name)),
            is_count=name in model.COUNTS,
            **{part: total if name in model.COUNTS else decimal(total) for part, total in parts.items()},
        )
        for name, parts in file.totals.items()
    ]
