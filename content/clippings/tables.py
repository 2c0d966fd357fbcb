"""The list of news as a table, for exports (the page shows it as clippings); the editors' inbox and what is published."""

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from content.clippings.choices import Class
from content.clippings.models import Clipping
from crm.kernel.addresses import url_of
from crm.web.tables import ChipColumn, Column, NumberColumn, PersonColumn, Table, WhenColumn


class _DeskTable(Table):
    """What both lists of the editors show; a row leads to its page at the editors' desk."""

    title = Column(orderable=False)
    source = Column(orderable=False)
    published_at = WhenColumn(initial_sort_descending=True)
    language = Column(orderable=False)
    event = ChipColumn(orderable=False, tones=lambda value, record: record.tone)
    sectors = Column(orderable=False)
    klass = ChipColumn(orderable=False, tones={Class.INTERNAL: "amber"})

    def row_url(self, record: Clipping) -> str:
        """Where it is edited."""
        return url_of("wagtailsnippets_clippings_clipping:edit", record.pk)

    def render_sectors(self, value: list[str], record: Clipping) -> str:
        """In the reader's language."""
        return ", ".join(record.sector_names)

    def value_sectors(self, value: list[str], record: Clipping) -> str:
        """As the standard names them."""
        return ", ".join(value)


class InboxTable(_DeskTable):
    """What waits, with who brought it and what it copies."""

    added_by = PersonColumn(orderable=False)
    copy_of = Column(verbose_name=_("Near copy of"), orderable=False, exclude_from_export=True, empty_values=(None,))

    class Meta:
        model = Clipping

    def render_copy_of(self, value: Clipping, record: Clipping) -> SafeString:
        """The clipping that readers have already."""
        return format_html('<a href="{}">{}</a>', value.get_absolute_url(), value.title)


class PublishedTable(_DeskTable):
    """What readers have."""

    similar = NumberColumn(orderable=False)

    class Meta:
        model = Clipping


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
