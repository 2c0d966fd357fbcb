"""Spreads: one checked by a second person, one with an interim that still waits, as their relationship managers typed them."""

import datetime as dt
from decimal import Decimal
from typing import Any

from credit.spreads import services
from credit.spreads.mapping.periods import Heading
from crm.demo import reading
from crm.demo.seeds.bank import Bank

_UNIT = 1_000
_ACCOUNTS_LAG = dt.timedelta(days=120)
"""So long after the year end the auditor's report is there."""
_INTERIM_LAG = dt.timedelta(days=45)


def plant(bank: Bank) -> None:
    """Each spread of the data file, three years and the interim where it is out."""
    for row in reading.toml("spreads.toml")["spread"]:
        _spread(bank, row)


def _spread(bank: Bank, row: dict[str, Any]) -> None:
    actor = bank.people[row["by"]]
    told: dict[str, Any] = {"actor": actor, "now": bank.now}
    spread = services.begin_spread(
        company_id=bank.companies[row["company"]].pk,
        currency="HKD",
        unit=_UNIT,
        jurisdiction="HK",
        year_end_month=3,
        asked_hkd=Decimal(row["asked"]),
        **told,
    )
    last = _last_year_end(bank.today)
    for at, year in enumerate(range(last.year - 2, last.year + 1)):
        values = {code: Decimal(amounts[at]) for code, amounts in row["lines"].items()}
        source = f"{row['source']} {year}"
        services.enter_period(spread_id=spread.pk, heading=Heading(dt.date(year, 3, 31)), values=values, source=source, **told)
    half = dt.date(last.year, 9, 30)
    if "interim" in row and half + _INTERIM_LAG <= bank.today:
        values = {code: Decimal(amount) for code, amount in row["interim"].items()}
        services.enter_period(
            spread_id=spread.pk, heading=Heading(half, 6, "management"), values=values, source="Management accounts", **told
        )
    if row["checked_by"]:
        spread.refresh_from_db()
        services.check_spread(spread_id=spread.pk, version=spread.version, actor=bank.people[row["checked_by"]], now=bank.now)


def _last_year_end(today: dt.date) -> dt.date:
    this_year = dt.date(today.year, 3, 31)
    return this_year if this_year + _ACCOUNTS_LAG <= today else dt.date(today.year - 1, 3, 31)
