"""The list of the library."""

from django.utils.translation import gettext_lazy as _

from content.library.models import Sheet
from crm.kernel.wording import listed
from crm.web.tables import ChipColumn, Column, Exported, Table, WhenColumn


class SheetTable(Table):
    """Sheets, newest first."""

    title = Column(accessor="title", verbose_name=_("Title"), orderable=False)
    kind = ChipColumn(orderable=False, tones={"product": "jade", "industry": "indigo"})
    product = Column(orderable=False)
    languages = Column(accessor="languages", verbose_name=_("Languages"), orderable=False)
    source = Column(orderable=False)
    dated_on = WhenColumn(initial_sort_descending=True)
    expires_on = WhenColumn(orderable=False)

    class Meta:
        model = Sheet

    def render_languages(self, value: list[str]) -> str:
        """In words."""
        return str(listed(value))

    def value_languages(self, value: list[str], record: Sheet) -> Exported:
        """In words, for exports."""
        return str(listed(value))
