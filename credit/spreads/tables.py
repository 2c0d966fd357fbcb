"""Spreads as a table."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from credit.spreads.choices import SpreadState
from credit.spreads.models import Spread
from crm.web.tables import ChipColumn, Column, NameColumn, NumberColumn, PersonColumn, Table, WhenColumn

STATE_TONES = {SpreadState.OPEN: "amber", SpreadState.CHECKED: "jade"}


class SpreadTable(Table):
    """Spreads, last changed first."""

    company = NameColumn(verbose_name=_("Company"), orderable=False)
    currency = Column(verbose_name=_("Currency"), orderable=False, css="mono")
    unit = Column(verbose_name=_("In"), orderable=False)
    period_count = NumberColumn(verbose_name=_("Periods"), orderable=False)
    newest = WhenColumn(verbose_name=_("Newest accounts"), orderable=False)
    state = ChipColumn(verbose_name=pgettext_lazy("of a spread", "Standing"), tones=STATE_TONES, orderable=False)
    prepared_by = PersonColumn(verbose_name=_("Prepared by"), orderable=False)
    checked_by = PersonColumn(verbose_name=_("Checked by"), orderable=False)
    updated_at = WhenColumn(verbose_name=_("Last changed"), initial_sort_descending=True)

    class Meta:
        model = Spread

    def render_unit(self, value: Any, record: Spread) -> Any:
        """In words."""
        return record.get_unit_display()
