"""What the list of news can be narrowed to."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from content.clippings import selectors
from content.clippings.choices import Class, Event, Language
from content.clippings.models import Clipping
from crm.companies.choices import CoverageKind
from crm.web.filters import ChoiceFilter, DateSpanFilter, FilterSet

CLIENTS, PROSPECTS, TO_CONFIRM = "clients", "prospects", "confirm"
_NAMES = ((CLIENTS, _("Clients")), (PROSPECTS, _("Prospects")), (TO_CONFIRM, _("To confirm")))


class DeskFilters(FilterSet):
    """When, kind of event, language and class, for editors."""

    published_at = DateSpanFilter(label=_("When"))
    event = ChoiceFilter(label=_("Event"), choices=Event.choices)
    language = ChoiceFilter(label=_("Language"), choices=Language.choices)
    klass = ChoiceFilter(label=_("Class"), choices=[pair for pair in Class.choices if pair[0] != Class.DEAL])

    class Meta:
        model = Clipping
        fields: list[str] = []


class NewsFilters(FilterSet):
    """When, whom it names, kind of event, language."""

    published_at = DateSpanFilter(label=_("When"))
    names = ChoiceFilter(label=_("Names"), choices=_NAMES, method="filter_names")
    event = ChoiceFilter(label=_("Event"), choices=Event.choices)
    language = ChoiceFilter(label=_("Language"), choices=Language.choices)

    class Meta:
        model = Clipping
        fields: list[str] = []

    def filter_names(self, queryset: Any, name: str, value: list[str]) -> Any:
        """Stories that name a client or a prospect within the reader's reach, or somebody who has yet to be confirmed."""
        kinds = [kind for word, kind in ((CLIENTS, CoverageKind.CLIENT), (PROSPECTS, CoverageKind.PROSPECT)) if word in value]
        return queryset.filter(pk__in=selectors.naming_any(self.request.user, kinds=kinds, unconfirmed=TO_CONFIRM in value))
