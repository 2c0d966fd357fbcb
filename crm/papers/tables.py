"""The list of refused papers."""

from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext

from crm.papers.models import BODY, SUBJECT, Letterhead, LetterTemplate, PaperRefusal
from crm.papers.services import PDF
from crm.web.tables import ChipColumn, Column, Exported, Table, WhenColumn

PARTS = (SUBJECT, BODY)


class RefusalTable(Table):
    """What was refused, newest first."""

    at = WhenColumn(initial_sort_descending=True)
    actor = Column(orderable=False)
    template_code = Column(orderable=False)
    step = Column(orderable=False)
    kind = ChipColumn(orderable=False)
    what = Column(orderable=False)
    column = Column(orderable=False)
    line = Column(orderable=False)
    character = Column(orderable=False)

    class Meta:
        model = PaperRefusal

    def render_column(self, value: str) -> str:
        """Which text of the template or letterhead, in words."""
        if value == PDF:
            return gettext("The finished PDF")
        model = LetterTemplate if value.startswith(PARTS) else Letterhead
        field: Any = model._meta.get_field(value)
        return str(capfirst(field.verbose_name))

    def value_column(self, value: str, record: PaperRefusal) -> Exported:
        """As shown."""
        return self.render_column(value)
