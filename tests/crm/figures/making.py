"""Nightly files and rows of figures, as the tests need them."""

import datetime as dt
import itertools
from pathlib import Path
from typing import Any

from crm.clients.models import Client
from crm.figures.gateways import CELLS, FORM, is_count
from crm.figures.models import MODELS, FigureFile
from crm.figures.services import Report, import_figures
from tests.cast import NOW

DAY = dt.date(2026, 3, 3)
_numbers = itertools.count(1)


def write(folder: Path, kind: str, rows: list[tuple[str, ...]], *, day: dt.date = DAY, version: int = 1, name: str = "") -> Path:
    """A file of a kind, whose trailer states what its rows add up to."""
    cells = CELLS[kind]
    totals = []
    for place, cell in enumerate(cells):
        if cell.sums:
            read = [cell.read(row[place + 1]) for row in rows if _reads(cell, row, place)]
            totals.append(str(sum(read)) if is_count(cell) else f"{sum(read) / 100:.2f}")
    lines = [
        f"H,{FORM},TEST BANK,{kind},{day.isoformat()},{version}",
        *(f"D,{','.join(row)}" for row in rows),
        f"T,{len(rows)},{','.join(totals)}",
    ]
    path = folder / (name or f"{day.isoformat()}-{kind}-{version}.csv")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def _reads(cell: Any, row: tuple[str, ...], place: int) -> bool:
    try:
        cell.read(row[place + 1])
    except (ValueError, IndexError):
        return False
    return True


def load(*paths: Path, day: dt.date = DAY) -> Report:
    return import_figures(paths, as_of=day, now=lambda: NOW)


def file(kind: str, day: dt.date = DAY, **changes: Any) -> FigureFile:
    """A file that was loaded without rows."""
    told = {"bank": "TEST BANK", "name": f"{day}-{kind}.csv", "state": "done", "totals_match": True, "started_at": NOW, "finished_at": NOW}
    return FigureFile.objects.create(kind=kind, on=day, sha256=f"{next(_numbers):064d}", **told | changes)


def state(client: Client, kind_of_file: str, day: dt.date = DAY, /, **values: Any) -> Any:
    """One row that stands, in hundredths, in a file of its own."""
    return MODELS[kind_of_file].objects.create(client=client, on=day, file=file(kind_of_file, day), **values)


def balance(client: Client, hkd: int, day: dt.date = DAY, **changes: Any) -> Any:
    told = {"kind": "current", "currency": "HKD", "amount": hkd * 100, "amount_hkd": hkd * 100, **changes}
    return state(client, "balances", day, **told)


def turnover(client: Client, paid_in: int, paid_out: int, day: dt.date = DAY) -> Any:
    paid = {"paid_in": paid_in * 100, "paid_out": paid_out * 100, "largest_in": paid_in * 100, "largest_out": paid_out * 100}
    return state(client, "turnover", day, currency="HKD", **paid)


def income(client: Client, hkd: int, day: dt.date = DAY, *, product: str = "loans", kind: str = "interest", one_off: bool = False) -> Any:
    return state(client, "income", day, product=product, kind=kind, one_off=one_off, amount=hkd * 100)
