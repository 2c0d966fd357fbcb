"""What spreads can be narrowed to."""

from django.utils.translation import gettext_lazy as _

from credit.spreads.choices import SpreadState
from credit.spreads.models import Spread
from crm.staff.choices import Jurisdiction
from crm.web.filters import ChoiceFilter, FilterSet


class SpreadFilters(FilterSet):
    """Standing, and law."""

    state = ChoiceFilter(label=_("Standing"), choices=SpreadState.choices)
    jurisdiction = ChoiceFilter(label=_("Law"), choices=Jurisdiction.choices)

    class Meta:
        model = Spread
        fields: list[str] = []
