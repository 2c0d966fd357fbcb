"""Sheets for tests, in a line each."""

import datetime as dt
from typing import Any

from content.library.models import Sheet
from content.library.searching import KIND
from crm.kernel.outbox import deliver_pending
from crm.kernel.reactions import reindex
from search.reading import Results, Wanted, find
from tests.cast import NOW


def sheet(title: str = "Invoice finance", summary: str = "Cash for goods already sold.", **facts: Any) -> Sheet:
    """A published product sheet in English, searched by now."""
    known: dict[str, Any] = {"kind": "product", "klass": "P", "source": "Trade desk", "dated_on": NOW.date(), "live": True} | facts
    made = Sheet(title_en=title, summary_en=summary, **known)
    made.full_clean()
    made.save()
    reindex(KIND, [made.pk])
    deliver_pending()
    return made


def days(count: int) -> dt.date:
    """A day counted from the cast's today."""
    return NOW.date() + dt.timedelta(days=count)


def searched(user: Any, query: str) -> Results:
    """What this person finds among sheets."""
    return find(user, Wanted(query, {"kind": [KIND]}), now=NOW)
