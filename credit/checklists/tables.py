"""Papers that wait for a second person, and papers of the bank's own, as tables."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from credit.checklists.models import ChecklistItem, OwnPaper
from crm.kernel.addresses import url_of
from crm.web.tables import ChipColumn, Column, NameColumn, PersonColumn, Table, WhenColumn


class CheckTable(Table):
    """The oldest first."""

    company = NameColumn(verbose_name=_("Company"), accessor="version__pack__company", orderable=False)
    paper = Column(verbose_name=_("Paper"), accessor="code", orderable=False)
    pack = Column(verbose_name=_("Pack"), accessor="version__pack__number", orderable=False, css="nowrap")
    received_by = PersonColumn(verbose_name=pgettext_lazy("paper", "Received by"), orderable=False)
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


EDITION_TONES = {"proposed": "amber", "approved": "jade", "refused": "seal", "withdrawn": "mute"}


class OwnPaperTable(Table):
    """Editions of the bank's own papers."""

    paper = Column(verbose_name=_("Paper"), accessor="code", order_by="code")
    need = Column(verbose_name=pgettext_lazy("paper", "Need"), orderable=False)
    effective_from = WhenColumn(verbose_name=_("From"))
    state = ChipColumn(verbose_name=_("State"), tones=EDITION_TONES)
    proposed_by = PersonColumn(verbose_name=_("Proposed by"), orderable=False)
    decided_by = PersonColumn(verbose_name=_("Decided by"), orderable=False)

    class Meta:
        model = OwnPaper

    def render_paper(self, value: Any, record: OwnPaper) -> str:
        """Code and name."""
        return str(record)

    def value_paper(self, value: Any, record: OwnPaper) -> str:
        """The same."""
        return str(record)

    def render_need(self, value: Any, record: OwnPaper) -> str:
        """How badly, or that it ends."""
        return str(_("Not asked for any more")) if record.ends else record.get_need_display()

    def value_need(self, value: Any, record: OwnPaper) -> str:
        """The same."""
        return self.render_need(value, record)
