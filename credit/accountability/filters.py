"""What the list of files can be narrowed to."""

from typing import Any

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from credit.accountability.models import Compilation, DutyFile
from credit.risk.choices import LoanClass
from crm.web.filters import ChoiceFilter, DateSpanFilter, FilterSet, YesNoFilter


class FileFilters(FilterSet):
    """Frozen or not, in which class it was frozen, opened when."""

    frozen = YesNoFilter(label=pgettext_lazy("accountability", "Frozen"), method="filter_frozen")
    loan_class = ChoiceFilter(
        label=_("Loan class"), choices=[one for one in LoanClass.choices if one[0] >= LoanClass.SUBSTANDARD], method="filter_class"
    )
    opened = DateSpanFilter(label=_("Opened"), field_name="at")

    class Meta:
        model = DutyFile
        fields: list[str] = []

    def filter_frozen(self, queryset: Any, name: str, value: bool) -> Any:
        """With something frozen, or without."""
        is_frozen = Exists(Compilation._base_manager.filter(file_of=OuterRef("pk")))
        return queryset.filter(is_frozen if value else ~is_frozen)

    def filter_class(self, queryset: Any, name: str, value: str) -> Any:
        """In which class it was frozen."""
        return queryset.filter(Exists(Compilation._base_manager.filter(file_of=OuterRef("pk"), loan_class=value)))
