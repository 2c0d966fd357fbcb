"""What the register can be narrowed to, with the outliers that compliance looks for."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.gifts.choices import SIGNS, Direction, GiftState, Occasion
from crm.gifts.models import Gift, GiftItem
from crm.gifts.selectors import A_YEAR, gift_caps
from crm.staff.selectors import teammates
from crm.web.filters import ChoiceFilter, DateSpanFilter, FilterSet, PersonFilter, YesNoFilter


def _team(user: Any) -> Any:
    return teammates(user, now=timezone.now())


class GiftFilters(FilterSet):
    """Direction, standing, occasion, when, whose, officials, outliers."""

    direction = ChoiceFilter(label=_("Direction"), choices=Direction.choices)
    state = ChoiceFilter(label=_("Standing"), choices=GiftState.choices)
    occasion = ChoiceFilter(label=_("Occasion"), choices=Occasion.choices)
    on = DateSpanFilter(label=_("Day"))
    owner = PersonFilter(label=_("By"), colleagues=_team)
    official = YesNoFilter(label=_("Officials"), field_name="is_official")
    declined = YesNoFilter(label=_("Declined"), field_name="was_declined")
    outlier = ChoiceFilter(label=_("Worth a look"), choices=list(SIGNS.items()), method="filter_outlier")

    class Meta:
        model = Gift
        fields: list[str] = []

    def filter_outlier(self, queryset: Any, name: str, value: list[str]) -> Any:
        """Any of the chosen ones; what is planned for the year to come counts too."""
        today = timezone.localdate()
        return queryset.worth_a_look(value, year=(today - A_YEAR, today + A_YEAR), caps=gift_caps(today)) if value else queryset


class ItemFilters(FilterSet):
    """In use, and left over."""

    in_use = YesNoFilter(label=_("In use"), field_name="is_offered")
    in_stock = YesNoFilter(label=_("In stock"), method="filter_stock")

    class Meta:
        model = GiftItem
        fields: list[str] = []

    def filter_stock(self, queryset: Any, name: str, value: bool) -> Any:
        """Some are left, or none."""
        return queryset.filter(stock__gt=0) if value else queryset.filter(stock=0)
