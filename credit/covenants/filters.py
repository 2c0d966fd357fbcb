"""What the list of covenants can be narrowed to."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from credit.covenants.choices import Document, Metric, Standing, State
from credit.covenants.models import Covenant
from crm.staff.selectors import teammates
from crm.web.filters import ChoiceFilter, DateSpanFilter, FilterSet, PersonFilter


def _team(user: Any) -> Any:
    return teammates(user, now=timezone.now())


class CovenantFilters(FilterSet):
    """How it stands, what is promised, whose client, from which paper, when it is tested next."""

    standing = ChoiceFilter(label=pgettext_lazy("covenant", "Standing"), choices=Standing.choices)
    metric = ChoiceFilter(label=_("What is promised"), choices=Metric.choices)
    state = ChoiceFilter(label=pgettext_lazy("covenant", "State"), choices=State.choices)
    document = ChoiceFilter(label=_("Tested from"), choices=Document.choices)
    next = DateSpanFilter(label=_("Next period ends"), field_name="next_on")
    owner = PersonFilter(label=_("Relationship manager"), colleagues=_team, field_name="pack__owner")

    class Meta:
        model = Covenant
        fields: list[str] = []
