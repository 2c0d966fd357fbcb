"""Surprise visits as a table."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from credit.surprises.choices import Origin, Result, VisitState
from credit.surprises.models import SurpriseVisit
from crm.web.tables import ChipColumn, NameColumn, PersonColumn, Table, WhenColumn

STATE_TONES: dict[Any, str] = {
    VisitState.REVEALED: "indigo",
    VisitState.AT_PLACE: "amber",
    VisitState.RECORDED: "jade",
    VisitState.CANCELLED: "",
    VisitState.MISSED: "seal",
}
RESULT_TONES: dict[Any, str] = {Result.SATISFACTORY: "jade", Result.WATCH: "amber", Result.UNSATISFACTORY: "seal"}


class VisitTable(Table):
    """Surprise visits that were revealed, the newest first."""

    client = NameColumn(verbose_name=_("Client"), accessor="client__company", orderable=False)
    on = WhenColumn(verbose_name=_("Day"))
    origin = ChipColumn(verbose_name=_("Why"), orderable=False)
    state = ChipColumn(verbose_name=_("State"), tones=STATE_TONES, orderable=False)
    result = ChipColumn(verbose_name=_("Overall"), tones=RESULT_TONES, orderable=False)
    visitor = PersonColumn(verbose_name=_("Visitor"), orderable=False)
    companion = PersonColumn(verbose_name=_("With"), orderable=False)

    class Meta:
        model = SurpriseVisit

    def value_origin(self, value: Any, record: SurpriseVisit) -> str:
        """In words."""
        return str(Origin(record.origin).label)

    def value_state(self, value: Any, record: SurpriseVisit) -> str:
        """In words."""
        return str(VisitState(record.state).label)
