"""Nightly files as a table."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.figures.choices import FileState
from crm.figures.models import FigureFile
from crm.web.tables import Column, NumberColumn, Table, WhenColumn
from crm.web.templatetags import ui


class FileTable(Table):
    """Files, the newest day first."""

    name = Column(verbose_name=_("File"), orderable=False, css="mono")
    kind = Column(verbose_name=_("Kind"), orderable=False)
    on = WhenColumn(verbose_name=_("Day"), initial_sort_descending=True)
    version = NumberColumn(verbose_name=_("Statement"), orderable=False)
    read = NumberColumn(verbose_name=_("Rows"), orderable=False)
    loaded = NumberColumn(verbose_name=pgettext_lazy("rows of a file", "Loaded"), orderable=False)
    unchanged = NumberColumn(verbose_name=_("Unchanged"), orderable=False)
    refused = NumberColumn(verbose_name=_("Refused"), orderable=False)
    totals_match = Column(verbose_name=_("Totals"), orderable=False)
    finished_at = WhenColumn(verbose_name=_("Finished"), orderable=False)

    class Meta:
        model = FigureFile

    def render_totals_match(self, value: bool, record: FigureFile) -> Any:
        """Whether they tie."""
        return ui.chip(standing(record), tone(record))

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
