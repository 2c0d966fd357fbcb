"""The list of visits as a table."""

from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from crm.kernel.errors import Sentence
from crm.visits.choices import VisitState
from crm.visits.models import Visit
from crm.web.tables import ChipColumn, Column, NameColumn, PersonColumn, Table, WhenColumn
from crm.web.templatetags import ui


def standing(visit: Visit) -> tuple[Sentence, str]:
    """Where a visit stands, as a word and its tone: planned, cancelled, late, to be signed, signed; nothing where all is well."""
    if visit.state != VisitState.DONE:
        return visit.get_state_display(), "indigo" if visit.state == VisitState.PLANNED else "amber"
    if visit.waits_for_sign_off:
        return _("To be signed"), "amber"
    if visit.is_late:
        return _("Late"), "seal"
    return (_("Signed off"), "jade") if visit.signed_off_at else ("", "")


class VisitTable(Table):
    """Visits and calls, newest first."""

    company = NameColumn(verbose_name=_("Company"), orderable=False)
    at = WhenColumn(verbose_name=_("When"), initial_sort_descending=True)
    kind = ChipColumn(verbose_name=_("Kind"), orderable=False)
    headline = Column(verbose_name=_("What was said"), orderable=False, css="long")
    met = Column(verbose_name=_("Whom we met"), orderable=False)
    owner = PersonColumn(verbose_name=_("By"), orderable=False)
    standing = Column(verbose_name=_("Standing"), accessor="pk", orderable=False)

    class Meta:
        model = Visit

    def value_headline(self, value: str, record: Visit) -> str:
        """The whole note goes into an export."""
        return record.summary or record.objective

    def render_standing(self, value: Any, record: Visit) -> SafeString:
        """The word on its tone."""
        return ui.chip(*standing(record))

    def value_standing(self, value: Any, record: Visit) -> str:
        """The word."""
        return str(standing(record)[0])
