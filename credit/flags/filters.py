"""What the board of flags can be narrowed to."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from credit.flags import book
from credit.flags.choices import WORST_FIRST, FlagState, Origin
from credit.flags.models import Flag
from crm.staff.selectors import teammates
from crm.web.filters import ChoiceFilter, DateSpanFilter, FilterSet, PersonFilter, YesNoFilter


def _team(user: Any) -> Any:
    return teammates(user, now=timezone.now())


class FlagFilters(FilterSet):
    """Severity, standing, which flag, how it came, when, whose client, late."""

    severity = ChoiceFilter(label=_("Severity"), choices=[(one.value, one.label) for one in WORST_FIRST])
    state = ChoiceFilter(label=pgettext_lazy("red flag", "Standing"), choices=FlagState.choices)
    code = ChoiceFilter(label=_("Red flag"), choices=[(code, entry.label) for code, entry in book.entries().items()])
    origin = ChoiceFilter(label=_("Origin"), choices=Origin.choices)
    raised = DateSpanFilter(label=_("Raised"), field_name="raised_at")
    owner = PersonFilter(label=_("Relationship manager"), colleagues=_team, field_name="client__owner")
    late = YesNoFilter(label=_("Late"), method="filter_late")

    class Meta:
        model = Flag
        fields: list[str] = []

    def filter_late(self, queryset: Any, name: str, value: bool) -> Any:
        """Open, and its first answer is overdue; or the others."""
        late = {"due_at__lt": timezone.now(), "state": FlagState.OPEN}
        return queryset.filter(**late) if value else queryset.exclude(**late)
