"""How the database would carry out a statement: which of the big tables it would read from end to end."""

import json
import re
from collections.abc import Iterator
from typing import Any

from django.db import connection

from crm.clients.models import Client
from crm.companies.models import Company, Contact, ContactKey, Coverage, MatchKey, SearchKey
from crm.kernel.worklist import TimelineRow, WorkItem
from crm.visits.models import Attendee, Visit
from crm.web.paging import COUNT_LIMIT
from prospects.deals.models import Deal, DealEvent

BIG = frozenset(
    model._meta.db_table
    for model in (
        *(Company, SearchKey, MatchKey, Contact, ContactKey, Coverage),
        *(Client, Visit, Attendee, Deal, DealEvent, TimelineRow, WorkItem),
    )
)
# Counts are exact up to 10,000 and then stop: so many rows may be read for one.
BOUNDED_COUNT = f"LIMIT {COUNT_LIMIT + 1}"
_SCAN = re.compile(r"^SCAN (\w+)(?P<how>.*)$")
_ALIAS = re.compile(r'"(\w+)"(?: (?:AS )?"?(\w+)"?)?')


def statistics(*, gathered: bool) -> None:
    """Let the planner know the tables, or nothing of them. Undone with the transaction."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("ANALYZE")
            if not gathered:
                cursor.execute("DELETE FROM sqlite_stat1")
            cursor.execute("ANALYZE sqlite_schema")
        elif gathered:
            cursor.execute("ANALYZE")


def full_scans(statement: str, params: Any = None) -> list[str]:
    """The steps that read a big table whole. A bounded walk along an index in the order asked for is none, nor a bounded count."""
    if BOUNDED_COUNT in statement:
        return []
    return list(_sqlite(statement, params) if connection.vendor == "sqlite" else _postgresql(statement, params))


def sorts(statement: str) -> bool:
    """Whether SQLite gathers all rows found and sorts them, before it can give the first."""
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {statement}")
        return any("TEMP B-TREE FOR ORDER BY" in row[3] for row in cursor.fetchall())


def _sqlite(statement: str, params: Any) -> Iterator[str]:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {statement}", params)
        steps = [row[3] for row in cursor.fetchall()]
    names = {alias or table: table for table, alias in _ALIAS.findall(statement) if table in BIG}
    is_sorted = any("TEMP B-TREE FOR ORDER BY" in step for step in steps)
    for step in steps:
        found = _SCAN.match(step)
        if found is None or names.get(found[1], found[1]) not in BIG:
            continue
        bounded = "USING" in found["how"] and "INDEX" in found["how"] and "LIMIT" in statement and not is_sorted
        if not bounded:
            yield step


def _postgresql(statement: str, params: Any) -> Iterator[str]:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (FORMAT JSON) {statement}", params)
        answer = cursor.fetchone()[0]
    plan = answer[0]["Plan"] if isinstance(answer, list) else json.loads(answer)[0]["Plan"]
    yield from _sequential(plan)


def _sequential(node: dict[str, Any]) -> Iterator[str]:
    if node["Node Type"] == "Seq Scan" and node["Relation Name"] in BIG:
        yield f"Seq Scan on {node['Relation Name']} ({node['Plan Rows']} rows): {node.get('Filter', '')}"
    for child in node.get("Plans", ()):
        yield from _sequential(child)
