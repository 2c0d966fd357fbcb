"""Open work as a table."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.kernel.worklist import WorkItem
from crm.today import selectors
from crm.web.tables import Column, NameColumn, Table, WhenColumn


class WorkTable(Table):
    """All that waits for one."""

    title = Column(verbose_name=_("To do"), orderable=False)
    kind = Column(verbose_name=_("Kind"), orderable=False)
    company = NameColumn(verbose_name=_("Company"), orderable=False)
    due_at = WhenColumn(verbose_name=_("Due"), due=True)

    class Meta:
        model = WorkItem

    def row_url(self, record: WorkItem) -> str:
        """The page behind it."""
        return selectors.as_work(record).url

    def render_kind(self, value: str) -> Any:
        """The kind in words."""
        kind = selectors.work_kinds().get(value)
        return kind.label if kind else value

    def value_kind(self, value: str, record: WorkItem) -> str:
        """The same word."""
        return str(self.render_kind(value))
