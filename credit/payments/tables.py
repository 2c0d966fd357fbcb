"""Payments as a table."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from credit.payments.choices import Mode, State
from credit.payments.models import Payment
from crm.web.tables import ChipColumn, Column, MoneyColumn, NameColumn, Table, WhenColumn

STATE_TONES = {State.ASKED: "amber", State.CHECKED: "indigo", State.PAID: "jade", State.REJECTED: "seal"}


class PaymentTable(Table):
    """Newest first."""

    company = NameColumn(verbose_name=_("Company"), accessor="pack__company", orderable=False)
    number = Column(verbose_name=_("Number"), orderable=False, css="nowrap")
    asked_on = WhenColumn(verbose_name=_("Day"), initial_sort_descending=True)
    payee = Column(verbose_name=_("Payee"), orderable=False, css="long")
    amount = MoneyColumn(verbose_name=_("Amount"), currency_accessor="currency", orderable=False)
    mode = ChipColumn(verbose_name=_("Mode"), tones={Mode.TRUSTEE: "indigo"}, orderable=False)
    state = ChipColumn(verbose_name=pgettext_lazy("payment", "Standing"), tones=STATE_TONES, orderable=False)

    class Meta:
        model = Payment
