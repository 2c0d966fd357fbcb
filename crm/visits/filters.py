"""What the list of visits can be narrowed to."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.staff.selectors import teammates
from crm.visits.choices import Purpose, VisitKind, VisitState
from crm.visits.models import Visit
from crm.web.filters import ChoiceFilter, DateSpanFilter, FilterSet, PersonFilter, YesNoFilter


def _team(user: Any) -> QuerySet[Any]:
    return teammates(user, now=timezone.now())


class VisitFilters(FilterSet):
    """Kind, purpose, state, when, whose, late, waiting for a signature, one company."""

    kind = ChoiceFilter(label=_("Kind"), choices=VisitKind.choices)
    purpose = ChoiceFilter(label=_("Purpose"), choices=Purpose.choices)
    state = ChoiceFilter(label=_("State"), choices=VisitState.choices)
    at = DateSpanFilter(label=_("When"))
    owner = PersonFilter(label=_("By"), colleagues=_team)
    late = YesNoFilter(label=_("Late"), field_name="is_late")
    unsigned = YesNoFilter(label=_("To be signed"), method="filter_unsigned")

    class Meta:
        model = Visit
        fields: list[str] = []

    def filter_unsigned(self, queryset: Any, name: str, value: bool) -> Any:
        """Waits for the head's signature, or not."""
        return queryset.unsigned() if value else queryset.exclude(needs_sign_off=True, signed_off_at=None)
