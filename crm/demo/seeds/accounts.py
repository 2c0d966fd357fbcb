"""Months of the core bank's figures for the demo bank's clients: day by day for the last quarter, month-ends before."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from typing import Any

from crm.clients.choices import ClientStatus
from crm.clients.models import Client
from crm.demo.ledger import BANK, WORKING_DAYS, Profile, figures_on, profile_of
from crm.demo.seeds.bank import Bank
from crm.figures.choices import FileKind, FileState
from crm.figures.gateways import CELLS
from crm.figures.models import MODELS, DailyFigure, FigureFile

_BATCH = 5_000
_QUARTER = 92
_MONTHS = 16
_DESK = "rm"
FRIDAY = 4
DISCOUNTER = "lok-sang-trading"
LATE = {
    "tung-shing-packaging": (12, False, (("TL-TUNGSHIN-1", "TL", "HKD", 4_200_000_00),)),
    "po-tat-electrical": (41, False, (("TL-POTAT-1", "TL", "HKD", 3_600_000_00),)),
    "kai-sing-medical": (6, True, (("LC-KAISING-1", "LC", "HKD", 12_000_000_00),)),
}
"""Who is late for how many days, whether because the bank paid for it, and under what."""
DISCOUNTED = (("ULC-LOKSANG-1", "ULC", "HKD", 36_000_000_00), ("TR-LOKSANG-2", "TR", "HKD", 6_000_000_00))


BILLS = tuple(
    (f"LS-{number[-4:]}", number, number[:4], amount * 100)
    for number, amount in (("PLLN-0417", 1_840_000), ("HSTR-0419", 2_215_000), ("PLLN-0423", 3_060_000), ("HSTR-0426", 1_495_000))
)
"""As the verifications of the demo bank ask about them (flags.BILLS)."""
METAL_TRADER = "fook-hing-metal"
METAL = (("ULC-FOOKHING-1", "ULC", "HKD", 9_000_000_00), ("OD-FOOKHING-2", "OD", "HKD", 1_800_000_00))
METAL_BILLS = (("FH-0611", "PLLN-0611", "PLLN", 1_210_000_00), ("FH-0614", "HSTR-0614", "HSTR", 980_000_00))


def plant(bank: Bank) -> None:
    """A file of each kind for each day, with what it says of every open client. The newest day's conduct has not come yet."""
    clients = [(client, _profile(bank, key, client)) for key, client in bank.clients.items() if client.status != ClientStatus.CLOSED]
    numbers = count(1)
    files: list[FigureFile] = []
    rows: dict[str, list[DailyFigure]] = defaultdict(list)
    for day, span in _days(bank):
        made: dict[str, FigureFile] = {kind: _file(bank, FileKind(kind), day, next(numbers)) for kind in FileKind}
        files += made.values()
        for client, profile in clients:
            if client.opened_on <= day:
                _state(client, profile, day, span, made, rows)
    kept = [file for file in files if not (file.on == files[-1].on and file.kind == FileKind.CONDUCT)]
    FigureFile.objects.bulk_create(kept, batch_size=_BATCH)
    for kind, told in rows.items():
        MODELS[kind]._default_manager.bulk_create((row for row in told if row.file.pk), batch_size=_BATCH)


def _profile(bank: Bank, key: str, client: Client) -> Profile:
    """By the customer number, but for whom a story is told of: those that live on the discount of usance credits, and those in arrears."""
    found = profile_of(client)
    if key in LATE:
        days, is_advance, facilities = LATE[key]
        return replace(found, facilities=facilities, late_since=bank.days_ago(days), is_advance=is_advance)
    if key == DISCOUNTER:
        return replace(found, facilities=DISCOUNTED, use=0.86, bills=BILLS)
    return replace(found, facilities=METAL, use=0.7, bills=METAL_BILLS) if key == METAL_TRADER else found


def _days(bank: Bank) -> Iterator[tuple[dt.date, int]]:
    """Month-ends, each with a month's flows, and from a quarter ago every working day with its own."""
    begun = bank.days_ago(_QUARTER)
    first = begun.replace(day=1)
    ends = []
    for _month in range(_MONTHS):
        last = first - dt.timedelta(days=1)
        ends.append(bank.working_day(_DESK, last))
        first = last.replace(day=1)
    for day in reversed(ends):
        yield day, WORKING_DAYS
    calendar = bank.calendar(_DESK)
    for passed in range((bank.today - begun.replace(day=1)).days):
        day = begun.replace(day=1) + dt.timedelta(days=passed)
        if calendar.is_working_day(day):
            yield day, 1


def _file(bank: Bank, kind: FileKind, day: dt.date, number: int) -> FigureFile:
    came = bank.at(day + dt.timedelta(days=1), 9 if number % 47 == 0 else 2, number % 50)
    return FigureFile(
        kind=kind,
        on=day,
        bank=BANK,
        name=f"{day.isoformat()}-{kind}-1.csv",
        sha256=f"{number:064d}",
        state=FileState.DONE,
        totals={cell.name: {"stated": 0, "loaded": 0, "unchanged": 0, "refused": 0} for cell in CELLS[kind] if cell.sums},
        totals_match=True,
        started_at=came,
        finished_at=came + dt.timedelta(seconds=4),
    )


def _state(
    client: Any, profile: Profile, day: dt.date, span: int, files: dict[str, FigureFile], rows: dict[str, list[DailyFigure]]
) -> None:
    told = figures_on(client, profile, day, days=span)
    if span == 1:
        # Income is booked in the last days of a month.
        told[FileKind.INCOME] = figures_on(client, profile, day, days=WORKING_DAYS)[FileKind.INCOME] if _ends_month(day) else []
    for kind, values_of in told.items():
        file = files[kind]
        for values in values_of:
            rows[kind].append(MODELS[kind](client=client, on=day, file=file, **values))
            file.read += 1
            file.loaded += 1
            for name, total in file.totals.items():
                total["loaded"] += values[name]
                total["stated"] += values[name]


def _ends_month(day: dt.date) -> bool:
    """The last working day of a month, where that is no holiday: Friday where the month ends on a weekend."""
    return (day + dt.timedelta(days=3 if day.weekday() == FRIDAY else 1)).month != day.month
