"""Papers that wait for a second person, as a table."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from credit.checklists.models import ChecklistItem
from crm.kernel.addresses import url_of
from crm.web.tables import Column, NameColumn, PersonColumn, Table, WhenColumn


class CheckTable(Table):
    """The oldest first."""

    company = NameColumn(verbose_name=_("Company"), accessor="version__pack__company", orderable=False)
    paper = Column(verbose_name=_("Paper"), accessor="code", orderable=False)
    pack = Column(verbose_name=_("Pack"), accessor="version__pack__number", orderable=False, css="nowrap")
    received_by = PersonColumn(verbose_name=_("Received by"), orderable=False)
    received_at = WhenColumn(verbose_name=_("Received"))
    valid_until = WhenColumn(verbose_name=_("Good until"), orderable=False, due=True)

    class Meta:
        model = ChecklistItem

    def row_url(self, record: Any) -> str:
        """The paper's page."""
        return url_of("checklists:item_detail", record.pk)

    def render_paper(self, value: Any, record: ChecklistItem) -> str:
        """Code and name."""
        return str(record)

    def value_paper(self, value: Any, record: ChecklistItem) -> str:
        """The same."""
        return str(record)
