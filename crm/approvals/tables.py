"""What somebody decided, as a table."""

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from crm.approvals import selectors
from crm.kernel.worklist import WorkItem
from crm.web.tables import Column, NameColumn, Table, WhenColumn


def in_words(span: dt.timedelta) -> str:
    """How long something took: "1 min" at least, "25 min", "3 h", "2 days"."""
    minutes = max(int(span.total_seconds()) // 60, 1)
    if minutes < 60:
        return _now("%(count)s min") % {"count": minutes}
    if minutes < 48 * 60:
        return _now("%(count)s h") % {"count": minutes // 60}
    days = minutes // (24 * 60)
    return ngettext("%(count)s day", "%(count)s days", days) % {"count": days}


class DecidedTable(Table):
    """Requests that the reader decided: what, when, and how long each had waited."""

    title = Column(verbose_name=_("Request"), orderable=False)
    kind = Column(verbose_name=_("Kind"), orderable=False)
    company = NameColumn(verbose_name=_("Company"), orderable=False)
    closed_at = WhenColumn(verbose_name=_("Decided"))
    waited = Column(accessor="created_at", verbose_name=_("Had waited"), orderable=False)

    class Meta:
        model = WorkItem

    def row_url(self, record: WorkItem) -> str:
        """The request's own page."""
        return selectors.page_of(record)

    def value_kind(self, value: str, record: WorkItem) -> str:
        """The kind in words."""
        known = selectors.kinds().get(value)
        return str(known.label) if known else value

    def render_kind(self, value: str, record: WorkItem) -> Any:
        """As exported."""
        return self.value_kind(value, record)

    def value_waited(self, value: dt.datetime, record: WorkItem) -> str:
        """From the asking to the decision, nights and holidays counted."""
        return in_words(record.closed_at - value) if record.closed_at else ""

    def render_waited(self, value: dt.datetime, record: WorkItem) -> str:
        """As exported."""
        return self.value_waited(value, record)
