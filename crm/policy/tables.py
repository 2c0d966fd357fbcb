"""The table of proposed changes."""

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from crm.policy import selectors
from crm.policy.models import FigureChange
from crm.web.tables import ChipColumn, Column, PersonColumn, Table, WhenColumn

TONES = {"proposed": "amber", "approved": "jade", "refused": "seal", "withdrawn": "mute"}


class ChangeTable(Table):
    """Changes of figures: of which table, for whom, from when on."""

    table = Column(verbose_name=_("Table"))
    whom = Column(accessor="pk", verbose_name=_("For"), orderable=False)
    effective_from = WhenColumn(verbose_name=_("From"))
    state = ChipColumn(verbose_name=_("State"), tones=TONES)
    proposed_by = PersonColumn(verbose_name=_("Proposed by"), orderable=False)
    created_at = WhenColumn(verbose_name=_("Proposed"))

    class Meta:
        model = FigureChange

    def value_table(self, value: str, record: FigureChange) -> str:
        """What the table is called."""
        policy = selectors.contributed(value)
        return str(policy.label) if policy else value

    def render_table(self, value: str, record: FigureChange) -> str:
        """As exported."""
        return self.value_table(value, record)

    def value_whom(self, value: int, record: FigureChange) -> str:
        """The person, or everybody."""
        return str(record.person) if record.person else _now("Everybody")

    def render_whom(self, value: int, record: FigureChange) -> str:
        """As exported."""
        return self.value_whom(value, record)
