"""The lists of deals: open, closed, and the team's in the masked ring."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from crm.web.tables import ChipColumn, Column, MoneyColumn, NameColumn, PersonColumn, Table, WhenColumn
from crm.web.templatetags import ui
from prospects.deals.choices import Stage
from prospects.deals.models import Deal
from prospects.deals.selectors import Sums

TONES = {
    Stage.QUALIFIED: "indigo",
    Stage.PROPOSAL: "indigo",
    Stage.CREDIT: "indigo",
    Stage.OFFER: "jade",
    Stage.WON: "jade",
    Stage.LOST: "seal",
    Stage.NURTURE: "amber",
}


class SumColumn(MoneyColumn):
    """Money whose foot holds one sum for each currency."""

    def render(self, value: Any, record: Any = None) -> SafeString:
        """The amount; in the foot what is drawn already."""
        return super().render(value, record) if isinstance(value, Decimal) else value


def drawn_sums(sums: Iterable[Sums], name: str) -> SafeString:
    """One of the figures of each currency, below each other."""
    return format_html_join(" ", "{}", ((ui.money(getattr(row, name), row.currency, short=True),) for row in sums))


class StepColumn(Column):
    """The next step and its day; late where it has passed."""

    export_names = (_("day"),)

    def render(self, value: Any, record: Any = None) -> SafeString:
        """Both."""
        return format_html_join(" ", "{}", ((value,), (ui.when(record.next_step_on, due=True),)))

    def export(self, value: Any, record: Any) -> tuple[Any, ...]:
        """What, and when."""
        return (value, record.next_step_on)


class DealTable(Table):
    """Open deals that the reader sees in full."""

    company = NameColumn(verbose_name=_("Company"), order_by="sort_key")
    stage = ChipColumn(tones=TONES, order_by=("stage", "stage_since"))
    age = Column(accessor="stage_since", verbose_name=_("In stage"), order_by="stage_since", css="when")
    source = Column(orderable=False)
    expected_income = SumColumn(currency_accessor="currency", short=True, verbose_name=_("Income, first year"), orderable=False)
    amount = SumColumn(currency_accessor="currency", short=True, orderable=False)
    next_step = StepColumn(orderable=False)
    owner = PersonColumn(orderable=False)

    class Meta:
        model = Deal

    def render_age(self, value: Any, record: Deal) -> SafeString:
        """How long; flagged where it is longer than the stage allows."""
        flag = ui.chip(_("Stuck"), "seal") if record.is_stale(timezone.localdate()) else ""
        return format_html_join(" ", "{}", ((part,) for part in (ui.when(value), flag) if part))

    def value_age(self, value: Any, record: Deal) -> int:
        """Whole days."""
        return record.days_in_stage(timezone.now())


class ClosedTable(Table):
    """Won and lost deals that the reader sees in full."""

    company = NameColumn(verbose_name=_("Company"), orderable=False)
    stage = ChipColumn(tones=TONES, verbose_name=_("Outcome"), orderable=False)
    closed_at = WhenColumn(verbose_name=_("Closed"), order_by="stage_since", initial_sort_descending=True)
    source = Column(orderable=False)
    expected_income = SumColumn(currency_accessor="currency", short=True, verbose_name=_("Income, first year"), orderable=False)
    lost_reason = Column(orderable=False)
    competitor = Column(orderable=False)
    revisit_on = WhenColumn(due=True, orderable=False)
    owner = PersonColumn(orderable=False)

    class Meta:
        model = Deal


class TeamTable(Table):
    """What team mates see of each other's prospects: company, stage, owner (domain 1.2)."""

    company = NameColumn(verbose_name=_("Company"), order_by="sort_key")
    stage = ChipColumn(tones=TONES, orderable=False)
    owner = PersonColumn(orderable=False)

    class Meta:
        model = Deal
