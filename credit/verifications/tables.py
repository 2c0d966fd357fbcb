"""Verifications and the directory as tables."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from credit.verifications.choices import RESULT_TONES, State
from credit.verifications.models import DirectoryContact, Verification
from crm.web.tables import ChipColumn, Column, MoneyColumn, NameColumn, Table, WhenColumn

STATE_TONES = {State.OPEN: "indigo", State.SENT: "amber", State.CHASED: "amber", State.DONE: "jade"}


class VerificationTable(Table):
    """Newest first."""

    client = NameColumn(verbose_name=_("Client"), accessor="client__company", orderable=False)
    number = Column(verbose_name=_("Paper"), orderable=False, css="nowrap")
    kind = Column(verbose_name=_("Kind"), orderable=False)
    amount = MoneyColumn(verbose_name=_("Amount"), currency_accessor="currency", orderable=False)
    opened_at = WhenColumn(verbose_name=_("Transcribed"), initial_sort_descending=True)
    reply_by = WhenColumn(verbose_name=_("Reply by"), due=True, orderable=False)
    state = ChipColumn(verbose_name=pgettext_lazy("verification", "Standing"), tones=STATE_TONES, orderable=False)
    result = ChipColumn(verbose_name=_("Result"), tones=RESULT_TONES, orderable=False)

    class Meta:
        model = Verification


class ContactTable(Table):
    """By name."""

    name = Column(verbose_name=_("Name"))
    scac = Column(verbose_name=_("Carrier’s code"), orderable=False)
    kind = Column(verbose_name=_("For"), orderable=False)
    address = Column(verbose_name=_("Address or number"), orderable=False)
    source = Column(verbose_name=_("Where it was found"), orderable=False, css="long")
    checked_on = WhenColumn(verbose_name=_("Checked on"))
    is_used = ChipColumn(verbose_name=_("In use"), orderable=False)

    class Meta:
        model = DirectoryContact

    def render_is_used(self, value: bool, record: DirectoryContact) -> Any:
        """Yes or no."""
        return _("Yes") if value else _("No")

    def value_is_used(self, value: bool, record: DirectoryContact) -> bool:
        """Yes or no."""
        return value
