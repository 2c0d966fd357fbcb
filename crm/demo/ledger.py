"""Invented figures of clients, the same for the same client and day: for the demo bank and for sample files of the core bank."""

import datetime as dt
import math
import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crm.clients.models import Client
from crm.figures.choices import FileKind
from crm.figures.gateways import CELLS, FORM, HEADER, ROW, TRAILER, is_count

BANK = "DEMO BANK"
WORKING_DAYS = 21
DUE_DAY = 5
_START = dt.date(2026, 1, 1)
_HELD = {"A": (30, 120), "B": (8, 30), "C": (1.5, 8), "D": (0.2, 1.5)}
_RATES = {"HKD": 1.0, "CNY": 1.08, "USD": 7.8}
_FACILITIES = ("OD", "RLF", "TL", "LC", "TR", "IF")
_TRADE = ("TR", "IF")
_FEES = (("trade", "fee", 0.0011), ("fx", "fx", 0.0007), ("cash", "fee", 0.0003), ("agency", "fee", 0.0004), ("cards", "fee", 0.0002))
_MILLION = 100_000_000  # in hundredths


@dataclass(frozen=True, slots=True)
class Profile:
    """What a client is like to the core bank; amounts are hundredths of a Hong Kong dollar.

    `falls_behind`: for so many days after the fifth of each month its first facility is late; 0 where it pays in time. `late_since`: that
    facility has been late from then on, `is_advance` because the bank paid under it. `bills`: deal, number, carrier and amount of each bill
    of lading behind what is drawn.
    """

    deposits: float
    trend: float
    phase: float
    kinds: tuple[tuple[str, str, float], ...]
    facilities: tuple[tuple[str, str, str, int], ...]
    use: float
    fees: tuple[tuple[str, str, float], ...]
    strained: bool
    falls_behind: int = 0
    late_since: dt.date | None = None
    is_advance: bool = False
    bills: tuple[tuple[str, str, str, int], ...] = ()

    def held(self, day: dt.date, noise: float) -> int:
        """All deposits at the end of a day."""
        passed = (day - _START).days
        swing = 0.12 * math.sin(passed / 5 + self.phase) + noise
        return int(self.deposits * max(0.1, 1 + self.trend * passed / 365 + swing))


def profile_of(client: Client) -> Profile:
    """By the customer number, so that every run tells the same story of a client."""
    dice = random.Random(client.number)  # noqa: S311 - invented figures
    low, high = _HELD.get(client.tier, _HELD["D"])
    home = "CNY" if dice.random() < 0.2 else "HKD"
    kinds = [("current", home, 0.5), ("time", home, 0.3), ("current", "USD", 0.2)][: dice.randint(1, 3)]
    whole = sum(part for _kind, _currency, part in kinds)
    limit = dice.uniform(low, high) * _MILLION
    count = dice.choice((0, 1, 1, 2))
    names = dice.sample(_FACILITIES, count)
    facilities = tuple(
        (f"{name}{client.number[-8:]}{place}", name, home, int(limit / (place + 1)) // 1000_00 * 1000_00)
        for place, name in enumerate(names)
    )
    return Profile(
        deposits=dice.uniform(low, high) * _MILLION,
        trend=dice.uniform(-0.18, 0.3),
        phase=dice.uniform(0, 6),
        kinds=tuple((kind, currency, part / whole) for kind, currency, part in kinds),
        facilities=facilities,
        bills=tuple(
            (f"D-{ref[-8:]}", f"PLLN-{ref[-8:]}", "PLLN", amount // 4) for ref, name, _currency, amount in facilities if name in _TRADE
        ),
        use=dice.uniform(0.3, 0.9),
        fees=tuple(dice.sample(_FEES, dice.randint(1, len(_FEES)))),
        strained=dice.random() < 0.08,
        falls_behind=dice.randint(3, 12) if dice.random() < 0.04 else 0,
    )


def figures_on(client: Client, profile: Profile, day: dt.date, *, days: int = 1) -> dict[str, list[dict[str, Any]]]:
    """The rows of one client and day by the kind of file, as the models hold them. `days`: how many days' flows stand in them."""
    dice = random.Random(f"{client.number}:{day.isoformat()}")  # noqa: S311 - invented figures
    held = profile.held(day, dice.uniform(-0.03, 0.03))
    moved = held * dice.uniform(0.01, 0.05) * days
    drained = dice.random() < 0.006
    out = held * 0.4 if drained else moved * dice.uniform(0.8, 1.15)
    drawn = [int(limit * min(1.0, profile.use * dice.uniform(0.9, 1.1))) for _ref, _type, _currency, limit in profile.facilities]
    return {
        FileKind.BALANCES: [
            {"kind": kind, "currency": currency, "amount": int(held * part / _RATES[currency]), "amount_hkd": int(held * part)}
            for kind, currency, part in profile.kinds
        ],
        FileKind.TURNOVER: [
            {
                "currency": profile.kinds[0][1],
                "paid_in": int(moved),
                "paid_out": int(out),
                "largest_in": int(moved * 0.3),
                "largest_out": int(out * (0.9 if drained else 0.25)),
            }
        ],
        FileKind.LIMITS: [
            {
                "reference": reference,
                "facility": facility,
                "currency": currency,
                "limit": int(limit / _RATES[currency]),
                "drawn": int(used / _RATES[currency]),
                "limit_hkd": limit,
                "drawn_hkd": used,
            }
            for (reference, facility, currency, limit), used in zip(profile.facilities, drawn, strict=True)
        ],
        FileKind.INCOME: list(_earned(profile, held, sum(drawn), days, dice)),
        FileKind.CONDUCT: _conduct(profile, held, dice),
        FileKind.ARREARS: list(_late(profile, drawn, day)),
        FileKind.BILLS: list(_bills(profile)),
    }


def _earned(profile: Profile, held: int, drawn: int, days: int, dice: random.Random) -> Iterator[dict[str, Any]]:
    per_day = days / (12 * WORKING_DAYS)
    yield {"product": "deposits", "kind": "interest", "one_off": False, "amount": int(held * 0.006 * per_day)}
    if drawn:
        yield {"product": "loans", "kind": "interest", "one_off": False, "amount": int(drawn * 0.014 * per_day)}
    for product, kind, rate in profile.fees:
        earned = profile.deposits * rate * 12 * per_day * dice.uniform(0.5, 1.5)
        yield {"product": product, "kind": kind, "one_off": False, "amount": int(earned)}
    if days > 1 and dice.random() < 0.02:
        yield {"product": "advisory", "kind": "fee", "one_off": True, "amount": int(profile.deposits * 0.004)}


def _conduct(profile: Profile, held: int, dice: random.Random) -> list[dict[str, Any]]:
    if not profile.strained or dice.random() > 0.2:
        return []
    return [{"returned_items": dice.randint(0, 2), "excess_days": dice.randint(0, 3), "returned_amount": int(held * 0.01)}]


def _bills(profile: Profile) -> Iterator[dict[str, Any]]:
    for reference, number, scac, amount in profile.bills:
        yield {"reference": reference, "number": number, "scac": scac, "currency": "HKD", "amount": amount, "amount_hkd": amount}


def _late(profile: Profile, drawn: list[int], day: dt.date) -> Iterator[dict[str, Any]]:
    days = day.day - DUE_DAY if day.day - DUE_DAY <= profile.falls_behind else 0
    if profile.late_since is not None:
        days = (day - profile.late_since).days
    if drawn and days > 0:
        reference, facility, _currency, _limit = profile.facilities[0]
        late = int(drawn[0] * (0.4 if profile.is_advance else 0.02))
        told = {"reference": reference, "facility": facility, "overdue_days": days, "overdue_hkd": late}
        yield told | {"advanced_hkd": late if profile.is_advance else 0}


def write_files(clients: Iterable[Client], day: dt.date, folder: Path) -> dict[str, int]:
    """One file of each kind for a day, as the core bank would send them. Returns the rows by file name."""
    rows: dict[str, list[tuple[str, dict[str, Any]]]] = {kind: [] for kind in FileKind}
    for client in clients:
        for kind, values in figures_on(client, profile_of(client), day).items():
            rows[kind] += [(client.number, one) for one in values]
    return {_write(folder / f"{day.isoformat()}-{kind}-1.csv", FileKind(kind), day, told): len(told) for kind, told in rows.items()}


def _write(path: Path, kind: FileKind, day: dt.date, rows: list[tuple[str, dict[str, Any]]]) -> str:
    cells = CELLS[kind]
    totals = [(cell, sum(values[cell.name] for _number, values in rows)) for cell in cells if cell.sums]
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write(f"{HEADER},{FORM},{BANK},{kind},{day.isoformat()},1\n")
        for number, values in rows:
            told = ",".join(_cell(values[cell.name], is_amount=cell.sums and not is_count(cell)) for cell in cells)
            file.write(f"{ROW},{number},{told}\n")
        stated = ",".join(_cell(total, is_amount=not is_count(cell)) for cell, total in totals)
        file.write(f"{TRAILER},{len(rows)},{stated}\n")
    return path.name


def _cell(value: Any, *, is_amount: bool) -> str:
    if isinstance(value, bool):
        return str(int(value))
    if not is_amount:
        return str(value)
    sign = "-" if value < 0 else ""
    return f"{sign}{abs(value) // 100}.{abs(value) % 100:02d}"
