"""Handovers as a table."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from credit.handovers.choices import TONES
from credit.handovers.models import Handover
from crm.web.tables import ChipColumn, Column, NameColumn, PersonColumn, Table, WhenColumn


class HandoverTable(Table):
    """Newest first."""

    client = NameColumn(verbose_name=_("Client"), accessor="client__company", orderable=False)
    number = Column(verbose_name=_("Number"), orderable=False, css="nowrap")
    outgoing = PersonColumn(verbose_name=_("Hands over"), orderable=False)
    incoming = PersonColumn(verbose_name=_("Takes over"), orderable=False)
    witness = PersonColumn(verbose_name=_("Witness"), orderable=False)
    begun_at = WhenColumn(verbose_name=_("Begun"), initial_sort_descending=True)
    state = ChipColumn(verbose_name=pgettext_lazy("handover", "Standing"), tones=TONES, orderable=False)

    class Meta:
        model = Handover
