"""What the library can be narrowed to."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from content.library.choices import Kind, Language
from content.library.models import Sheet
from crm.companies.choices import SECTORS
from crm.web.filters import ChoiceFilter, FilterSet


class SheetFilters(FilterSet):
    """Kind, sector, language."""

    kind = ChoiceFilter(label=_("Kind"), choices=Kind.choices)
    sector = ChoiceFilter(label=_("Sector"), choices=list(SECTORS.items()), method="filter_sector")
    language = ChoiceFilter(label=_("Language"), choices=Language.choices, method="filter_language")

    class Meta:
        model = Sheet
        fields: list[str] = []

    def filter_sector(self, queryset: Any, name: str, value: list[str]) -> Any:
        """Those of one of these sectors. The few sheets are read, since SQLite looks into no JSON list."""
        wanted = set(value)
        held = queryset.values_list("pk", "sectors").order_by()
        return queryset.filter(pk__in=[pk for pk, sectors in held if wanted & set(sectors)])

    def filter_language(self, queryset: Any, name: str, value: list[str]) -> Any:
        """Those with a text in one of these languages."""
        return queryset.written_in(value)
