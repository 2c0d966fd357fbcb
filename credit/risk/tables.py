"""Classes as a table."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from credit.risk.choices import LoanClass
from credit.risk.models import Standing
from credit.risk.selectors import CLASS_TONES, TONES
from crm.web.tables import ChipColumn, Column, NameColumn, NumberColumn, PersonColumn, Table, WhenColumn


class StandingTable(Table):
    """Classes of debts, the worst first."""

    client = NameColumn(verbose_name=_("Client"), accessor="client__company", orderable=False)
    facility = Column(verbose_name=_("Facility"), orderable=False)
    risk_class = ChipColumn(verbose_name=_("Risk class"), tones=TONES)
    loan_class = ChipColumn(verbose_name=_("Loan class"), tones=CLASS_TONES)
    grade = NumberColumn(verbose_name=pgettext_lazy("risk class", "Grade"), orderable=False)
    days_overdue = NumberColumn(verbose_name=_("Days overdue"))
    since_on = WhenColumn(verbose_name=_("Since"))
    owner = PersonColumn(verbose_name=_("Relationship manager"), accessor="client__owner", orderable=False)

    class Meta:
        model = Standing

    def value_loan_class(self, value: Any, record: Standing) -> str:
        """In words."""
        return str(LoanClass(record.loan_class).label)
