"""What the list of classes can be narrowed to."""

from typing import Any

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from credit.risk.choices import PENDING, LoanClass, Rating
from credit.risk.models import Proposal, Standing
from crm.web.filters import ChoiceFilter, FilterSet, YesNoFilter


class StandingFilters(FilterSet):
    """Class, and whether a proposal is open."""

    risk_class = ChoiceFilter(label=_("Risk class"), choices=Rating.choices)
    loan_class = ChoiceFilter(label=_("Loan class"), choices=LoanClass.choices)
    proposed = YesNoFilter(label=_("With an open proposal"), method="filter_proposed")

    class Meta:
        model = Standing
        fields: list[str] = []

    def filter_proposed(self, queryset: Any, name: str, value: bool) -> Any:
        """With one, or without."""
        is_open = Exists(Proposal._base_manager.filter(standing=OuterRef("pk"), state__in=PENDING))
        return queryset.filter(is_open if value else ~is_open)
