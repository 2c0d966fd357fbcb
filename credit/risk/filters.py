"""What the list of classes can be narrowed to."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from credit.risk.choices import PENDING, LoanClass, Rating
from credit.risk.models import Standing
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
        open_ = Standing.objects.filter(proposals__state__in=PENDING).values("pk")
        return queryset.filter(pk__in=open_) if value else queryset.exclude(pk__in=open_)
