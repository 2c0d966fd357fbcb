"""Accountability files as a table."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from credit.accountability.models import DutyFile
from credit.risk.choices import LoanClass
from crm.web.tables import ChipColumn, Column, NameColumn, PersonColumn, Table, WhenColumn


class FileTable(Table):
    """Newest first; of those that were frozen their class and score."""

    client = NameColumn(verbose_name=_("Client"), accessor="client__company", orderable=False)
    pack = Column(verbose_name=_("Credit pack"), accessor="pack__number", orderable=False, css="nowrap")
    owner = PersonColumn(verbose_name=_("Relationship manager"), accessor="client__owner", orderable=False)
    originator = PersonColumn(verbose_name=_("Began the loan"), orderable=False)
    at = WhenColumn(verbose_name=_("Opened"), initial_sort_descending=True)
    frozen_at = WhenColumn(verbose_name=pgettext_lazy("accountability", "Frozen"), orderable=False)
    frozen_loan_class = ChipColumn(verbose_name=_("Loan class"), tones=lambda value, record: "seal", orderable=False)
    frozen_score = Column(verbose_name=_("Done on time / due"), orderable=False, css="num")

    class Meta:
        model = DutyFile

    def render_frozen_loan_class(self, value: int, record: Any) -> Any:
        """In words."""
        return LoanClass(value).label

    def value_frozen_loan_class(self, value: int, record: Any) -> str:
        """In words."""
        return str(LoanClass(value).label)

    def render_frozen_score(self, value: Any, record: Any) -> str:
        """In per cent; the numbers stand on the file's page."""
        return f"{value * 100:.1f} %"

    def value_frozen_score(self, value: Any, record: Any) -> Any:
        """The fraction."""
        return value
