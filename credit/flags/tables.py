"""The board of flags as a table."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from credit.flags.choices import TONES, FlagState, Severity
from credit.flags.models import Flag
from crm.web.tables import ChipColumn, Column, NameColumn, PersonColumn, Table, WhenColumn
from crm.web.templatetags.ui import when

STATE_TONES = {FlagState.OPEN: "amber", FlagState.CLOSING: "indigo", FlagState.CLOSED: "jade"}


def severity_tone(value: Any, record: Flag) -> str:
    """Of an open one; a closed one is hollow."""
    return TONES[Severity(record.severity)] if record.is_open else ""


class FlagTable(Table):
    """Flags, newest first."""

    client = NameColumn(verbose_name=_("Client"), accessor="client__company", orderable=False)
    severity = ChipColumn(verbose_name=_("Severity"), tones=severity_tone, orderable=False)
    code = Column(verbose_name=_("Red flag"), orderable=False, css="long")
    raised_at = WhenColumn(verbose_name=_("Raised"), initial_sort_descending=True)
    due_at = WhenColumn(verbose_name=_("Answer due"), due=True, orderable=False)
    state = ChipColumn(verbose_name=pgettext_lazy("red flag", "Standing"), tones=STATE_TONES, orderable=False)
    owner = PersonColumn(verbose_name=_("Relationship manager"), accessor="client__owner", orderable=False)

    class Meta:
        model = Flag

    def render_due_at(self, value: Any, record: Flag) -> Any:
        """While it is open."""
        return when(value, due=True) if record.is_open else ""

    def render_code(self, value: str, record: Flag) -> str:
        """The code with its name."""
        return str(record.entry.label)

    def value_code(self, value: str, record: Flag) -> str:
        """The same."""
        return str(record.entry.label)
