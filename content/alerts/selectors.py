"""Reads of alerts: one's own with what they found, and what a query would have sent."""

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from content.alerts.models import Alert, AlertHit
from content.alerts.rules import PREVIEW_DAYS
from content.clippings.searching import KIND
from crm.kernel.ports import count_days
from crm.kernel.prepared import Prepared
from crm.staff.stand_in import Form, form_of, stand_in, values_of

ON_CARD, ON_PAGE = 5, 50
SHOWN_FOR = dt.timedelta(days=3)
_READS = (
    *("alert__name", "alert__owner_id", "why", "at", "told_at", "clipping__title", "clipping__language", "clipping__published_at"),
    *("clipping__source__name", "clipping__similar", "clipping__event"),
)


def alerts_of(user: Any, *, now: dt.datetime) -> list[Alert]:
    """One's own by name, each with `found`, the stories of the last thirty days. One statement."""
    recent = Count("hits", filter=Q(hits__at__gt=now - dt.timedelta(days=PREVIEW_DAYS)))
    return list(Alert.objects.visible_to(user).annotate(found=recent).order_by("name", "pk"))


def newest_hits(user: Any, *, limit: int = ON_PAGE) -> list[AlertHit]:
    """What one's alerts found, newest first. One statement."""
    return _NEWEST(form_of(user), limit, **values_of(user))


def _newest(form: Form, limit: int) -> QuerySet[AlertHit]:
    rows = AlertHit.objects.visible_to(stand_in(form)).select_related("alert", "clipping", "clipping__source").only(*_READS)
    return rows.order_by("-at", "-pk")[:limit]


_NEWEST: Prepared[AlertHit] = Prepared(_newest)


def on_today(*, user: Any, now: dt.datetime) -> list[AlertHit] | None:
    """The card of Today: the newest of the last days, none where nothing was found. One statement."""
    return [hit for hit in newest_hits(user, limit=ON_CARD) if hit.at > now - SHOWN_FOR] or None


@dataclass(frozen=True)
class Preview:
    """What a query would have sent in the last thirty days: stories in all, and by day, oldest first."""

    total: int
    days: list[int]

    @property
    def busiest(self) -> int:
        """The most on one day."""
        return max(self.days)


def preview_of(user: Any, query: str, *, now: dt.datetime) -> Preview | None:
    """Asked of the search engine, in the reader's own days. None without one. QueryError; a DomainError where the engine is down."""
    first = timezone.localdate(now) - dt.timedelta(days=PREVIEW_DAYS - 1)
    found = count_days(user, KIND, query, since=now - dt.timedelta(days=PREVIEW_DAYS - 1), now=now)
    if found is None:
        return None
    total, moments = found
    by_day = Counter(timezone.localdate(at) for at in moments)
    return Preview(total, [by_day[first + dt.timedelta(days=day)] for day in range(PREVIEW_DAYS)])
