"""What lists of concessions can be narrowed to."""

from typing import Any

from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.concessions.choices import GRANTED, Kind, ReviewState, State
from crm.concessions.models import Concession, Probe
from crm.staff.selectors import teammates
from crm.web.filters import ChoiceFilter, DateSpanFilter, FilterSet, PersonFilter, YesNoFilter


def _team(user: Any) -> QuerySet[Any]:
    return teammates(user, now=timezone.now())


class ConcessionFilters(FilterSet):
    """Type, state, when, whose; those to be told."""

    kind = ChoiceFilter(label=_("Type"), choices=Kind.choices)
    state = ChoiceFilter(label=_("State"), choices=State.choices)
    asked_at = DateSpanFilter(label=_("Asked"))
    owner = PersonFilter(label=_("Asked by"), colleagues=_team)
    untold = YesNoFilter(label=_("To be told"), method="filter_untold")

    class Meta:
        model = Concession
        fields: list[str] = []

    def filter_untold(self, queryset: Any, name: str, value: bool) -> Any:
        """The client has yet to hear of the decision."""
        states = [*GRANTED, State.REFUSED, State.VETOED]
        return queryset.filter(told_at=None, state__in=states) if value else queryset.exclude(told_at=None, state__in=states)


class RegisterFilters(ConcessionFilters):
    """And: own authority, told late, review."""

    exercised = YesNoFilter(label=_("Own authority"), field_name="is_exercise")
    late = YesNoFilter(label=_("Told late"), method="filter_late")
    review = ChoiceFilter(
        label=pgettext_lazy("concession", "Review"), field_name="review_state", choices=[one for one in ReviewState.choices if one[0]]
    )

    class Meta:
        model = Concession
        fields: list[str] = []

    def filter_late(self, queryset: Any, name: str, value: bool) -> Any:
        """Told after its time."""
        late = queryset.filter(told_at__gt=F("tell_by"))
        return late if value else queryset.exclude(pk__in=late.values("pk"))


class ProbeFilters(FilterSet):
    """Type, when, put off."""

    kind = ChoiceFilter(label=_("Type"), choices=Kind.choices)
    at = DateSpanFilter(label=_("When"))
    slowed = YesNoFilter(label=_("Put off"))

    class Meta:
        model = Probe
        fields: list[str] = []
