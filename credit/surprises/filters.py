"""What the list of surprise visits can be narrowed to."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from credit.surprises.choices import Origin, Result, VisitState
from credit.surprises.models import SurpriseVisit
from crm.web.filters import ChoiceFilter, FilterSet, YesNoFilter


class VisitFilters(FilterSet):
    """State, result, origin, announced."""

    state = ChoiceFilter(label=_("State"), choices=VisitState.choices)
    result = ChoiceFilter(label=_("Overall"), choices=Result.choices)
    origin = ChoiceFilter(label=_("Why"), choices=Origin.choices)
    announced = YesNoFilter(label=_("Announced"), method="filter_announced")

    class Meta:
        model = SurpriseVisit
        fields: list[str] = []

    def filter_announced(self, queryset: Any, name: str, value: bool) -> Any:
        """By somebody’s contact with the client."""
        return queryset.filter(tainted_at__isnull=not value)
