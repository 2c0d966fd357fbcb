"""The list of news as a table, for exports; the page shows it as clippings."""

from content.clippings.models import Clipping
from crm.web.tables import ChipColumn, Column, Table, WhenColumn


class NewsTable(Table):
    """Stories, newest first."""

    title = Column(orderable=False)
    published_at = WhenColumn(initial_sort_descending=True)
    source = Column(orderable=False)
    language = Column(orderable=False)
    event = ChipColumn(orderable=False)
    quote = Column(orderable=False)
    url = Column(orderable=False)
    similar = Column(orderable=False)

    class Meta:
        model = Clipping
