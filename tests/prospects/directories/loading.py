"""Lists to load, in a line each, and what is held afterwards."""

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from crm.companies.models import Company
from prospects.directories.models import StagedRow
from prospects.directories.services import Report, load_directory
from tests.prospects.directories.builders import write_text

HEADER = ["Stock Code", "Company Name", "Phone", "Industry", "Chairman"]
LIST = [
    ["00881", "Harbour Trading Limited", "2521 1234", "Trading", "CHAN Tai Man"],
    ["00882", "Cheung Chau Shipping Limited", "2521 5678", "Shipping", ""],
    ["00883", "Tsing Yi Logistics Limited", "", "Logistics", "Peter Wong"],
]
JANUARY, FEBRUARY, MARCH = dt.date(2026, 1, 1), dt.date(2026, 2, 1), dt.date(2026, 3, 1)


def table(path: Path, rows: Sequence[Sequence[str]], header: Sequence[str] = HEADER) -> Path:
    """A CSV file."""
    return write_text(path, [header, *rows])


def load(folder: Path, rows: Sequence[Sequence[str]], *, actor: Any, header: Sequence[str] = HEADER, **options: Any) -> Report:
    """Load rows as a list of the source "Exchange", or of `source`."""
    path = table(folder / "list.csv", rows, header)
    return load_directory(path, actor=actor, now=timezone.now(), **{"source": "Exchange"} | options)


def counts(report: Report) -> dict[str, int]:
    """The verdicts that occurred."""
    names = ("created", "updated", "unchanged", "duplicates", "refused", "skipped")
    found = {name: getattr(report, name) for name in names}
    assert sum(found.values()) == report.read
    return {name: count for name, count in found.items() if count}


def staged(verdict: str) -> QuerySet[StagedRow]:
    """The rows of a verdict, in the order of the file."""
    return StagedRow.objects.filter(verdict=verdict).order_by("number")


def company(code: str) -> Company:
    """The company of a stock code."""
    return Company.objects.get(identifiers__kind="stock", identifiers__value=code)
