"""What handovers can be narrowed to."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from credit.handovers.choices import HandoverState
from credit.handovers.models import Handover
from crm.web.filters import ChoiceFilter, DateSpanFilter, FilterSet


class HandoverFilters(FilterSet):
    """Standing and day."""

    state = ChoiceFilter(label=pgettext_lazy("handover", "Standing"), choices=HandoverState.choices)
    begun = DateSpanFilter(label=_("Begun"), field_name="begun_at")

    class Meta:
        model = Handover
        fields: list[str] = []
