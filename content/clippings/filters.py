"""What the list of news can be narrowed to."""

import re
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q, TextField
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from content.clippings import selectors
from content.clippings.choices import Class, Event, Language
from content.clippings.models import Clipping, Source
from crm.companies.choices import SECTORS, CoverageKind
from crm.web.filters import ChoiceFilter, DateSpanFilter, FilterSet

CLIENTS, PROSPECTS, TO_CONFIRM = "clients", "prospects", "confirm"
_NAMES = ((CLIENTS, _("Clients")), (PROSPECTS, _("Prospects")), (TO_CONFIRM, _("To confirm")))
_LIKE_A_KEY = re.compile(r"[0-9]{1,18}")
_MOST_SOURCES = 200


class SourceFilter(ChoiceFilter):
    """Some of the sources. The panel offers all that the reader knows of; elsewhere those alone are read that the address names."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=(), **kwargs)

    def prepare(self, reader: Any, *, asked: list[str], in_panel: bool) -> None:
        """Work out the choices before the form is made. One statement, none where no source is asked for."""
        keys = [key for key in asked[:_MOST_SOURCES] if _LIKE_A_KEY.fullmatch(key)]
        known = Source.objects.visible_to(reader)
        rows = known if in_panel else known.filter(pk__in=keys) if keys else known.none()
        self._labels = [(str(key), name) for key, name in rows.order_by("name").values_list("pk", "name")[:_MOST_SOURCES]]
        self.extra["choices"] = self._labels


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
    """When, which papers, of what trade, whom it names, kind of event, language."""

    published_at = DateSpanFilter(label=_("When"))
    source = SourceFilter(label=_("Source"))
    sector = ChoiceFilter(label=_("Sector"), choices=list(SECTORS.items()), method="filter_sectors")
    names = ChoiceFilter(label=_("Names"), choices=_NAMES, method="filter_names")
    event = ChoiceFilter(label=_("Event"), choices=Event.choices)
    language = ChoiceFilter(label=_("Language"), choices=Language.choices)

    class Meta:
        model = Clipping
        fields: list[str] = []

    def __init__(self, data: Any, queryset: Any, *, request: Any, in_panel: bool = False) -> None:
        super().__init__(data, queryset, request=request, in_panel=in_panel)
        asked = self.data.getlist("source") if hasattr(self.data, "getlist") else []
        self.filters["source"].prepare(request.user, asked=asked, in_panel=in_panel)

    def filter_sectors(self, queryset: Any, name: str, value: list[str]) -> Any:
        """Stories of one of these sectors. SQLite cannot look into a list, so the list is read as text: names stand in quotation marks."""
        said = (Q(sectors_said__contains=f'"{sector}"') for sector in value)
        return queryset.alias(sectors_said=Cast("sectors", TextField())).filter(reduce(or_, said)) if value else queryset

    def filter_names(self, queryset: Any, name: str, value: list[str]) -> Any:
        """Stories that name a client or a prospect within the reader's reach, or somebody who has yet to be confirmed."""
        kinds = [kind for word, kind in ((CLIENTS, CoverageKind.CLIENT), (PROSPECTS, CoverageKind.PROSPECT)) if word in value]
        return queryset.filter(pk__in=selectors.naming_any(self.request.user, kinds=kinds, unconfirmed=TO_CONFIRM in value))
