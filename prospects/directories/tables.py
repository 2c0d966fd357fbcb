"""Tables of imports and sources."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.web.tables import ChipColumn, Column, NumberColumn, PersonColumn, Table, WhenColumn
from prospects.directories.choices import ImportState, Verdict
from prospects.directories.models import Import, Source

STATE_TONES = {
    ImportState.DONE: "jade",
    ImportState.FAILED: "seal",
    ImportState.STAGING: "indigo",
    ImportState.PUBLISHING: "indigo",
    ImportState.REVERTING: "indigo",
    ImportState.UPLOADED: "amber",
    ImportState.MAPPED: "amber",
}
VERDICT_TONES = {
    Verdict.CREATED: "jade",
    Verdict.UPDATED: "indigo",
    Verdict.DUPLICATE: "amber",
    Verdict.REFUSED: "seal",
}


class ImportTable(Table):
    """Imports, newest first."""

    source = Column(accessor="source__name", verbose_name=_("Source"), orderable=False)
    file = Column(accessor="file__name", verbose_name=_("File"), orderable=False)
    state = ChipColumn(tones=STATE_TONES, orderable=False)
    read = NumberColumn(orderable=False)
    created = NumberColumn(orderable=False)
    updated = NumberColumn(orderable=False)
    duplicates = NumberColumn(orderable=False)
    refused = NumberColumn(orderable=False)
    as_of = WhenColumn(orderable=False)
    owner = PersonColumn(orderable=False)
    created_at = WhenColumn(verbose_name=_("Loaded"), orderable=False)

    class Meta:
        model = Import


class SourceTable(Table):
    """Sources by name."""

    name = Column()
    exchange = Column(orderable=False)
    as_of = WhenColumn(orderable=False)

    class Meta:
        model = Source

    def row_url(self, record: Any) -> str:
        """A source has no page of its own."""
        return ""
