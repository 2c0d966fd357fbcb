"""Packs as a table."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from credit.packs.choices import GRANTED, LIVE, State
from credit.packs.models import Pack
from crm.web.tables import ChipColumn, Column, MoneyColumn, NameColumn, PersonColumn, Table, WhenColumn

TONES: dict[Any, str] = {
    **dict.fromkeys((State.DRAFT, State.DOCS, State.WRITING_A, State.WRITING_B), "indigo"),
    **dict.fromkeys((State.ENDORSE, State.HANDED_OFF, State.IN_REVIEW, State.FACT_CHECK, State.FOR_DECISION), "indigo"),
    **dict.fromkeys((State.QUERY, State.RETURNED, State.DEFERRED, State.CP_PENDING, State.REVIEW_DUE), "amber"),
    **dict.fromkeys((*GRANTED, *LIVE), "jade"),
    **dict.fromkeys((State.DECLINED, State.SUSPENDED), "seal"),
    State.CP_PENDING: "amber",
    State.REVIEW_DUE: "amber",
    State.SUSPENDED: "seal",
}


class PackTable(Table):
    """Packs, those that moved last first."""

    company = NameColumn(verbose_name=_("Company"), orderable=False)
    number = Column(verbose_name=_("Number"), orderable=False, css="nowrap")
    kind = ChipColumn(verbose_name=pgettext_lazy("credit pack", "Request"), orderable=False)
    authorship = Column(verbose_name=_("Model"), orderable=False)
    requested = MoneyColumn(verbose_name=pgettext_lazy("amount", "Asked for"), currency_accessor="currency")
    state = ChipColumn(verbose_name=_("State"), tones=TONES, orderable=False)
    owner = PersonColumn(verbose_name=_("Relationship manager"), orderable=False)
    state_since = WhenColumn(verbose_name=_("Since"), initial_sort_descending=True)

    class Meta:
        model = Pack

    def render_authorship(self, value: Any, record: Pack) -> str:
        """The letter of the model."""
        return record.authorship

    def value_authorship(self, value: Any, record: Pack) -> str:
        """The same."""
        return record.authorship
