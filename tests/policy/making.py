"""Tables for tests, contributed as features do, and figures in them."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from crm.kernel import contributions
from crm.kernel.contributions import PolicyTable
from crm.policy import services
from crm.policy.models import Figure, FigureChange
from crm.policy.querysets import rows_of_own_grade
from crm.policy.rules import Proposal

LIMIT = PolicyTable("test.limit", "Limit a month", "Test", "money", personal=True)
MATRIX = PolicyTable("test.matrix", "Matrix", "Test", "bp", rows=rows_of_own_grade, personal=True, special={"any": "no limit"})
SIMULATED = PolicyTable("test.simulated", "Simulated", "Test", "days", simulate="tests.policy.making.simulate")
LIMITS = {"ARM": "3000.00", "RM": "8000.00", "SRM": "15000.00", "TH": "25000.00", "RCH": "40000.00"}
RATES = {"ARM": 0, "RM": 10, "SRM": 20, "TH": 35, "RCH": 60, "HO": "any"}
LONG_AGO = dt.date(2020, 1, 1)


def simulate(*, proposed: dict[str, Any], jurisdiction: str, since: dt.date, until: dt.date) -> list[str]:
    return [f"{proposed} {jurisdiction} {(until - since).days} days"]


@contextmanager
def contributed(*tables: PolicyTable) -> Iterator[None]:
    kept = contributions._registry.setdefault(PolicyTable, [])
    before = list(kept)
    contributions.register(*tables)
    try:
        yield
    finally:
        kept[:] = before


def figures(table: str, values: dict[str, Any], **more: Any) -> None:
    for key, value in values.items():
        Figure.objects.create(table=table, key=key, value=value, **{"effective_from": LONG_AGO} | more)


def propose(by: Any, now: dt.datetime, values: dict[str, Any], **more: Any) -> FigureChange:
    terms = {"table": "test.limit", "effective_from": now.date(), "reason": "Dearer dinners"} | more
    return services.propose_change(actor=by, now=now, proposal=Proposal(values=values, **terms))


def approve(change: FigureChange, by: Any, now: dt.datetime) -> FigureChange:
    return services.approve_change(change_id=change.pk, actor=by, now=now)
