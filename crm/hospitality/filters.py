"""What the lists of hospitality can be narrowed to."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.hospitality.choices import Kind, OwnCost, State
from crm.hospitality.models import Batch, HospitalityRequest
from crm.staff.selectors import teammates
from crm.web.filters import ChoiceFilter, DateSpanFilter, FilterSet, PersonFilter, YesNoFilter


def _team(user: Any) -> QuerySet[Any]:
    return teammates(user, now=timezone.now())


class RequestFilters(FilterSet):
    """State, kind, when, whose; and what stands out, for compliance and finance."""

    state = ChoiceFilter(label=_("State"), choices=State.choices)
    kind = ChoiceFilter(label=_("Kind"), choices=Kind.choices)
    event_at = DateSpanFilter(label=_("When"))
    owner = PersonFilter(label=_("Host"), colleagues=_team)
    official = YesNoFilter(label=_("With a public official"), field_name="has_official")
    odd = YesNoFilter(label=_("Stands out"), method="filter_odd")
    near_cap = YesNoFilter(label=_("Just under the cap per head"), field_name="near_cap")
    often = YesNoFilter(label=_("A guest again and again"), field_name="often")
    round_sum = YesNoFilter(label=_("Round sum"), field_name="round_sum")
    on_weekend = YesNoFilter(label=_("On a weekend"), field_name="on_weekend")
    own_reason = ChoiceFilter(label=_("Own cost because"), choices=[choice for choice in OwnCost.choices if choice[0]])

    class Meta:
        model = HospitalityRequest
        fields: list[str] = []

    def filter_odd(self, queryset: Any, name: str, value: bool) -> Any:
        """Stands out in one way at least, or in none."""
        return queryset.odd() if value else queryset.not_odd()


class BatchFilters(FilterSet):
    """When it was posted, paid or not, reversals."""

    posted_at = DateSpanFilter(label=_("When"))
    unpaid = YesNoFilter(label=_("To be paid"), method="filter_unpaid")
    reversal = YesNoFilter(label=_("Reversal"), field_name="is_reversal")

    class Meta:
        model = Batch
        fields: list[str] = []

    def filter_unpaid(self, queryset: Any, name: str, value: bool) -> Any:
        """Not paid yet, or paid."""
        return queryset.filter(is_reversal=False, paid_at=None) if value else queryset.exclude(is_reversal=False, paid_at=None)
