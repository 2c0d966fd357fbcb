"""The list of refused papers."""

from crm.papers.models import PaperRefusal
from crm.web.tables import ChipColumn, Column, Table, WhenColumn


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
