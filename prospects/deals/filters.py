"""What the lists and the board of deals can be narrowed to."""

import datetime as dt
from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.staff.selectors import teammates
from crm.web.filters import ChoiceFilter, DateSpanFilter, FilterSet, PersonFilter, YesNoFilter
from prospects.deals.choices import CLOSED_STAGES, OPEN_STAGES, DealKind, LostReason, Source
from prospects.deals.models import Deal
from prospects.deals.selectors import teams_in_reach

MAX_AGE_DAYS = 3650


def _owners(user: Any) -> QuerySet[Any]:
    return teammates(user, now=timezone.now())


def _teams(request: Any) -> QuerySet[Any]:
    return teams_in_reach(request.user)


class TeamDealFilters(FilterSet):
    """Stage and owner: all that the masked ring shows."""

    stage = ChoiceFilter(label=_("Stage"), choices=[(stage.value, stage.label) for stage in OPEN_STAGES])
    owner = PersonFilter(label=_("Owner"), colleagues=_owners)

    class Meta:
        model = Deal
        fields: list[str] = []


class BoardFilters(FilterSet):
    """Whose, of which team, from which source, new or more business."""

    owner = PersonFilter(label=_("Owner"), colleagues=_owners)
    team = django_filters.ModelChoiceFilter(label=_("Team"), queryset=_teams, empty_label=_("All"))
    source = ChoiceFilter(label=_("Source"), choices=Source.choices)
    kind = ChoiceFilter(label=_("Kind"), choices=DealKind.choices)

    class Meta:
        model = Deal
        fields: list[str] = []


class DealFilters(BoardFilters):
    """The board's filters and stage, age, and what is stuck."""

    stage = ChoiceFilter(label=_("Stage"), choices=[(stage.value, stage.label) for stage in OPEN_STAGES])
    age = django_filters.NumberFilter(
        label=_("Days in stage, at least"), method="filter_age", min_value=0, max_value=MAX_AGE_DAYS, decimal_places=0
    )
    stale = YesNoFilter(label=_("Stuck"), method="filter_stale")

    def filter_age(self, queryset: Any, name: str, value: Any) -> Any:
        """In the stage for at least so many days."""
        return queryset.filter(stage_since__lte=timezone.now() - dt.timedelta(days=int(value)))

    def filter_stale(self, queryset: Any, name: str, value: bool) -> Any:
        """Longer in the stage than it allows, or not."""
        today = timezone.localdate()
        return queryset.stale(on=today) if value else queryset.filter(stale_on__gte=today)


class ClosedFilters(BoardFilters):
    """The board's filters and how, when and why it ended."""

    stage = ChoiceFilter(label=_("Outcome"), choices=[(stage.value, stage.label) for stage in CLOSED_STAGES])
    closed = DateSpanFilter(label=_("Closed"), field_name="stage_since")
    reason = ChoiceFilter(label=_("Lost because"), field_name="lost_reason", choices=LostReason.choices)
