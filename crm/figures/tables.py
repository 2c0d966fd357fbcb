"""Nightly files as a table."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.figures.choices import FileState
from crm.figures.models import FigureFile
from crm.web.tables import ChipColumn, Column, NumberColumn, Table, WhenColumn


class FileTable(Table):
    """Files, the newest day first."""

    name = Column(verbose_name=_("File"), orderable=False, css="mono")
    kind = Column(verbose_name=_("Kind"), orderable=False)
    on = WhenColumn(verbose_name=_("Day"), initial_sort_descending=True)
    version = NumberColumn(verbose_name=_("Statement"), orderable=False)
    read = NumberColumn(verbose_name=_("Rows"), orderable=False)
    loaded = NumberColumn(verbose_name=_("Loaded"), orderable=False)
    unchanged = NumberColumn(verbose_name=_("Unchanged"), orderable=False)
    refused = NumberColumn(verbose_name=_("Refused"), orderable=False)
    totals_match = ChipColumn(verbose_name=_("Totals"), tones=lambda value, record: tone(record), orderable=False)
    finished_at = WhenColumn(verbose_name=_("Finished"), orderable=False)

    class Meta:
        model = FigureFile

    def render_totals_match(self, value: bool, record: FigureFile) -> Any:
        """Whether they tie."""
        return standing(record)

    def value_totals_match(self, value: bool, record: FigureFile) -> bool:
        """Yes or no."""
        return value


def standing(file: FigureFile) -> Any:
    """In a word: not finished, tied, or not."""
    if file.state != FileState.DONE:
        return file.get_state_display()
    return _("Tied") if file.totals_match else _("Total differs")


def tone(file: FigureFile) -> str:
    """The tone of that word."""
    if file.state != FileState.DONE:
        return "amber"
    return "jade" if file.totals_match else "seal"
