"""The register, the catalogue and the ledger as tables."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.gifts.choices import Direction, GiftState
from crm.gifts.models import Gift, GiftItem
from crm.web.tables import ChipColumn, Column, MoneyColumn, NameColumn, NumberColumn, PersonColumn, Table, WhenColumn

STATE_TONES = {
    GiftState.REQUESTED: "amber",
    GiftState.TO_RETURN: "amber",
    GiftState.APPROVED: "indigo",
    GiftState.ISSUED: "indigo",
    GiftState.GIVEN: "jade",
    GiftState.CLOSED: "jade",
    GiftState.REFUSED: "seal",
}


class GiftTable(Table):
    """Gifts, newest first."""

    company = NameColumn(verbose_name=_("Company"), orderable=False)
    number = Column(verbose_name=_("Number"), orderable=False, css="nowrap")
    on = WhenColumn(verbose_name=_("Day"), initial_sort_descending=True)
    direction = ChipColumn(verbose_name=_("Direction"), tones={Direction.RECEIVED: "indigo"}, orderable=False)
    person = Column(verbose_name=_("Person"), orderable=False)
    what = Column(verbose_name=_("What"), orderable=False, css="long")
    occasion = Column(verbose_name=_("Occasion"), orderable=False)
    value = MoneyColumn(verbose_name=_("Value"), currency_accessor="currency")
    state = ChipColumn(verbose_name=pgettext_lazy("of a gift", "Standing"), tones=STATE_TONES, orderable=False)
    owner = PersonColumn(verbose_name=_("By"), orderable=False)

    class Meta:
        model = Gift


class ItemTable(Table):
    """The catalogue."""

    name = Column(verbose_name=_("Item"), accessor="name", order_by="name_en")
    centre = Column(verbose_name=_("Centre"), accessor="centre__name", orderable=False)
    category = Column(orderable=False)
    quality = Column(orderable=False)
    cost = MoneyColumn(currency_accessor="centre__currency")
    stock = NumberColumn()
    is_offered = ChipColumn(verbose_name=_("In use"), orderable=False)

    class Meta:
        model = GiftItem

    def render_is_offered(self, value: bool, record: GiftItem) -> Any:
        """Yes or no."""
        return _("Yes") if value else _("No")

    def value_is_offered(self, value: bool, record: GiftItem) -> bool:
        """Yes or no."""
        return value
