"""Figures of the whole: the in-centre rate (domain 5.5), and the exceptions of a month by type, officer and client (domain 5.3)."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.concessions import rules, selectors
from crm.concessions.choices import IN_CENTRE, Kind, Level, State
from crm.concessions.models import Concession, Ruling
from crm.kernel.errors import Sentence


@dataclass(frozen=True)
class Kpi:
    """The in-centre rate of a span (domain 5.5): decisions by level, the rate in percent, the target."""

    by_level: dict[int, int]
    rate: Decimal | None
    target: int

    @property
    def decided(self) -> int:
        """All decisions."""
        return sum(self.by_level.values())

    @property
    def in_centre(self) -> int:
        """Those at the centre or below."""
        return sum(count for level, count in self.by_level.items() if level in IN_CENTRE)

    @property
    def is_met(self) -> bool:
        """The rate reaches the target."""
        return self.rate is not None and self.rate >= self.target


def in_centre_rate(rows: Any, *, since: dt.datetime, until: dt.datetime, jurisdiction: str = "HK") -> Kpi:
    """Decisions of a span among `rows` (concessions): approved, part and refused, without what credit or operations decided."""
    ruled = Ruling.objects.filter(concession__in=rows, at__gte=since, at__lt=until, level__lte=Level.HO)
    counted = dict(ruled.values_list("level").annotate(count=Count("pk")).order_by())
    target = selectors.figures("target", jurisdiction=jurisdiction, on=timezone.localdate(until))["in_centre_percent"]
    return Kpi(counted, rules.in_centre_rate(counted), target)


@dataclass(frozen=True)
class Exceptional:
    """A line of the monthly report: a type or an officer, how many, how much forgone, how many of them refused or reversed."""

    label: Any
    count: int
    forgone: Decimal


def _lines(rows: list[Concession], key: Any) -> list[Exceptional]:
    by_key: dict[Any, list[Concession]] = {}
    for row in rows:
        by_key.setdefault(key(row), []).append(row)
    lines = [
        Exceptional(label, len(found), sum((row.granted_forgone or rules.ZERO for row in found), rules.ZERO))
        for label, found in by_key.items()
    ]
    return sorted(lines, key=lambda line: (-line.forgone, -line.count))


@dataclass(frozen=True)
class Outlier:
    """A concession that stands out, and why."""

    concession: Concession
    why: Sentence


@dataclass(frozen=True)
class Monthly:
    """The exceptions of a month (domain 5.3): by type, by officer, by client group; and what stands out."""

    by_kind: list[Exceptional]
    by_officer: list[Exceptional]
    by_client: list[Exceptional]
    outliers: list[Outlier]


def monthly(rows: Any, *, since: dt.datetime, until: dt.datetime) -> Monthly:
    """Of `rows` (concessions) in one currency, what was granted in a month, and what stands out in it. Two statements."""
    granted = rows.filter(decided_at__gte=since, decided_at__lt=until, granted__isnull=False).exclude(state=State.LAPSED)
    found = list(granted.select_related("company__group", "owner", "centre").order_by("-decided_at", "-pk"))
    return Monthly(
        _lines(found, lambda row: Kind(row.kind).label),
        _lines(found, lambda row: row.owner.name),
        _lines(found, lambda row: (row.company.group or row.company).name)[:10],
        _outliers(found),
    )


def _outliers(rows: list[Concession]) -> list[Outlier]:
    found: list[Outlier] = []
    seen: dict[Any, int] = {}
    for row in reversed(rows):
        key = (row.owner_id, row.company_id, row.is_exercise)
        seen[key] = seen.get(key, 0) + 1
        if row.is_exercise and seen[key] >= 3:
            found.append(Outlier(row, _("Third exercise for the same client")))
        elif row.is_exercise and "half" in row.review_why:
            found.append(Outlier(row, _("Above half of the own figure")))
        if row.told_at and row.tell_by and row.told_at > row.tell_by:
            found.append(Outlier(row, _("Told late")))
        if row.state == State.APPLIED and row.promise_due_on and not row.promise_kept_at and row.promise_due_on < timezone.localdate():
            found.append(Outlier(row, _("Promise overdue")))
    return found
