"""Covenants as a table."""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from credit.covenants import rules
from credit.covenants.choices import Standing, State, TestState
from credit.covenants.models import Covenant
from crm.web.tables import ChipColumn, Column, NameColumn, PersonColumn, Table, WhenColumn
from crm.web.templatetags.ui import chip

STANDING_TONES = {
    Standing.BREACHED: "seal",
    Standing.LATE: "seal",
    Standing.UNTESTABLE: "amber",
    Standing.TO_TEST: "indigo",
    Standing.DUE: "amber",
    Standing.WAIVED: "indigo",
    Standing.MET: "jade",
}
TEST_TONES = {
    TestState.WAITING: "amber",
    TestState.RECEIVED: "indigo",
    TestState.UNTESTABLE: "amber",
    TestState.MET: "jade",
    TestState.BREACHED: "seal",
    TestState.CURED: "jade",
    TestState.WAIVED: "indigo",
}
STATE_TONES = {State.PROPOSED: "amber", State.IN_FORCE: "jade"}


def stands(row: Covenant) -> tuple[Any, str]:
    """The word and tone of how one stands that was read with its standing: of one not in force its state."""
    standing = Standing(row.standing)
    if standing == Standing.OFF:
        return row.get_state_display(), STATE_TONES.get(State(row.state), "")
    return standing.label, STANDING_TONES.get(standing, "")


class CovenantTable(Table):
    """Newest first."""

    company = NameColumn(verbose_name=_("Company"), accessor="pack__company", orderable=False)
    metric = Column(verbose_name=_("What is promised"), orderable=False)
    threshold = Column(verbose_name=_("Threshold"), orderable=False, css="num")
    newest_value = Column(verbose_name=_("Last value"), orderable=False, css="num")
    standing = ChipColumn(verbose_name=pgettext_lazy("covenant", "Standing"), orderable=False)
    newest_ends_on = WhenColumn(verbose_name=_("Last period"), orderable=False)
    next_on = WhenColumn(verbose_name=_("Next period ends"), orderable=False)
    owner = PersonColumn(verbose_name=_("Relationship manager"), accessor="pack__owner", orderable=False)

    class Meta:
        model = Covenant

    def render_threshold(self, value: Decimal, record: Covenant) -> str:
        """With its side and unit."""
        return record.promise

    def value_threshold(self, value: Decimal, record: Covenant) -> Any:
        """The number."""
        return value

    def render_newest_value(self, value: Decimal, record: Covenant) -> str:
        """With its unit."""
        return rules.shown(value, record.metric, record.currency)

    def value_newest_value(self, value: Decimal, record: Covenant) -> Any:
        """The number."""
        return value

    def render_standing(self, value: str, record: Covenant) -> Any:
        """In force how it stands; else its state."""
        return chip(*stands(record))

    def value_standing(self, value: str, record: Covenant) -> str:
        """The same in words."""
        return str(stands(record)[0])
