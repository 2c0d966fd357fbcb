"""What payments and lists of a month can be narrowed to."""

from typing import Any

from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from credit.payments.choices import Mode, State
from credit.payments.models import MonthList, Payment
from crm.web.filters import ChoiceFilter, DateSpanFilter, FilterSet, YesNoFilter


class PaymentFilters(FilterSet):
    """Mode, standing, day, split, in the sample."""

    mode = ChoiceFilter(label=_("Mode"), choices=Mode.choices)
    state = ChoiceFilter(label=pgettext_lazy("payment", "Standing"), choices=State.choices)
    day = DateSpanFilter(label=_("Day"), field_name="asked_on")
    split = YesNoFilter(label=_("Split under the threshold"), field_name="is_split")
    sampled = YesNoFilter(label=_("In the sample of vouchers"), field_name="needs_voucher")

    class Meta:
        model = Payment
        fields: list[str] = []


class MonthListFilters(FilterSet):
    """Still owed, late."""

    owed = YesNoFilter(label=_("Still owed"), field_name="brought_at", lookup_expr="isnull")
    late = YesNoFilter(label=pgettext_lazy("list of payments", "Late"), method="filter_late")
    due = DateSpanFilter(label=pgettext_lazy("list of payments", "Due"), field_name="due_at")

    class Meta:
        model = MonthList
        fields: list[str] = []

    def filter_late(self, queryset: Any, name: str, value: bool) -> Any:
        """Brought after its day, or not by it."""
        late = Q(brought_at__gt=F("due_at")) | Q(brought_at=None, due_at__lt=timezone.now())
        return queryset.filter(late) if value else queryset.exclude(late)
