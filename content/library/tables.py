"""The list of the library."""

from django.utils.translation import gettext_lazy as _

from content.library.models import Sheet
from crm.web.tables import ChipColumn, Column, Table, WhenColumn


class SheetTable(Table):
    """Sheets, newest first."""

    title = Column(accessor="title", verbose_name=_("Title"), orderable=False)
    kind = ChipColumn(orderable=False, tones={"product": "jade", "industry": "indigo"})
    product = Column(orderable=False)
    languages = Column(accessor="languages", verbose_name=_("Languages"), orderable=False, css="nowrap")
    source = Column(orderable=False)
    dated_on = WhenColumn(initial_sort_descending=True)
    expires_on = WhenColumn(orderable=False)

    class Meta:
        model = Sheet
