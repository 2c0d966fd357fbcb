"""Narrow the bank's own papers."""

from django.utils.translation import gettext_lazy as _

from credit.checklists.choices import EditionState
from credit.checklists.models import OwnPaper
from crm.web.filters import ChoiceFilter, FilterSet


class OwnPaperFilters(FilterSet):
    """By where they stand."""

    state = ChoiceFilter(label=_("State"), choices=EditionState.choices)

    class Meta:
        model = OwnPaper
        fields: list[str] = []
