"""What the list of nightly files can be narrowed to."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.figures.choices import FileKind
from crm.figures.models import FigureFile
from crm.web.filters import ChoiceFilter, DateSpanFilter, FilterSet, YesNoFilter


class FileFilters(FilterSet):
    """Kind, day, whether the totals tie, whether rows were refused."""

    kind = ChoiceFilter(label=_("Kind"), choices=FileKind.choices)
    on = DateSpanFilter(label=_("Day"))
    tied = YesNoFilter(label=_("Totals match"), field_name="totals_match")
    refusals = YesNoFilter(label=_("Rows refused"), method="filter_refusals")

    class Meta:
        model = FigureFile
        fields: list[str] = []

    def filter_refusals(self, queryset: Any, name: str, value: bool) -> Any:
        """Some rows were refused, or none."""
        return queryset.filter(refused__gt=0) if value else queryset.filter(refused=0)
