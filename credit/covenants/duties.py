"""What covenants ask of people, for accountability files: each period's paper brought and tested in its time."""

import datetime as dt
from collections.abc import Iterator

from django.utils.text import format_lazy

from credit.accountability.parts import Duty, Scope
from credit.covenants.choices import Metric, TestState
from credit.covenants.models import CovenantTest
from crm.kernel.addresses import url_of

HEADING = CovenantTest._meta.verbose_name
KINDS = {f"covenant:{metric.value}": format_lazy("{}: {}", HEADING, metric.label) for metric in Metric}
_UNMET = (TestState.WAITING, TestState.RECEIVED, TestState.UNTESTABLE)


def found(scope: Scope) -> Iterator[Duty]:
    """Tests of this pack's covenants, called by the end of their period. One statement.

    Before the paper is there the duty is to bring it, due as the paper is. Left out are tests that were waived or dropped before anything
    was due of anybody.
    """
    rows = CovenantTest.objects.filter(covenant__pack=scope.pack_id).exclude(state=TestState.DROPPED)
    for row in rows.exclude(state=TestState.WAIVED, received_on=None).select_related("covenant").order_by("ends_on", "pk"):
        due_at = row.test_due_at or dt.datetime.combine(row.paper_due_on, dt.time(18), scope.centre.zone)
        done_at = None if row.state in _UNMET else row.tested_at or row.settled_at
        kind, by_id = f"covenant:{row.covenant.metric}", row.tested_by_id if done_at else None
        yield Duty(kind, row.ends_on.isoformat(), due_at, done_at, by_id, url_of("covenants:test_detail", row.pk))
