"""What the intake can be narrowed to."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from credit.packs.choices import IN_CREDIT, Authorship, Segment, State
from credit.packs.models import Pack
from crm.web.filters import ChoiceFilter, FilterSet, YesNoFilter


class IntakeFilters(FilterSet):
    """Whose, model, segment, state, what stops it."""

    mine = YesNoFilter(label=_("Mine"), method="filter_mine")
    unassigned = YesNoFilter(label=_("Not yet assigned"), method="filter_unassigned")
    stopped = YesNoFilter(label=_("Stopped"), method="filter_stopped")
    authorship = ChoiceFilter(label=_("Who writes"), choices=Authorship.choices)
    segment = ChoiceFilter(label=_("Segment"), choices=Segment.choices)
    state = ChoiceFilter(label=_("State"), choices=[(state.value, state.label) for state in State if state in IN_CREDIT])

    class Meta:
        model = Pack
        fields: list[str] = []

    def filter_mine(self, queryset: Any, name: str, value: bool) -> Any:
        """Those that the reader reviews, or the others."""
        mine = {"review__analyst": self.request.user}
        return queryset.filter(**mine) if value else queryset.exclude(**mine)

    def filter_unassigned(self, queryset: Any, name: str, value: bool) -> Any:
        """Without an analyst, or with one."""
        return queryset.filter(review__isnull=value)

    def filter_stopped(self, queryset: Any, name: str, value: bool) -> Any:
        """By a blocker, or by a newer version in draft."""
        stopped = queryset.filter(is_blocked=True) | queryset.filter(is_held=True)
        return stopped if value else queryset.filter(is_blocked=False, is_held=False)
