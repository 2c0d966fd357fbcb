"""Filters of lists: each one can say in words what it narrows to, and none loads a whole table to offer its choices.

class ClientFilters(FilterSet):
    tier = ChoiceFilter(label=_("Tier"), choices=Tier.choices)
    opened = DateSpanFilter(label=_("Opened"))                 # ?opened_after=2026-01-01&opened_before=2026-06-30
    owner = PersonFilter(label=_("Looked after by"))           # ?owner=me, ?owner=<id>

    class Meta:
        model = Client
        fields = []
"""

import datetime as dt
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import django_filters
from django import forms
from django.contrib.auth import get_user_model
from django.core.validators import ProhibitNullCharactersValidator
from django.db.models import DateTimeField, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from crm.kernel.errors import Sentence
from crm.kernel.wording import listed

ME = "me"
MAX_TEXT = 200
MAX_COLLEAGUES = 100
_LIKE_A_KEY = re.compile(r"[0-9]{1,18}")


@dataclass(frozen=True, slots=True)
class FilterChip:
    """One filter in force, in words, and the query parameters that it stands in."""

    label: str
    text: str
    parameters: tuple[str, ...]


class FilterSet(django_filters.FilterSet):
    """The base of all filter sets. Values that make no sense select nothing, so that a bulk act on them does nothing."""

    def __init__(self, data: Any, queryset: QuerySet[Any], *, request: Any, in_panel: bool = False) -> None:
        super().__init__(data=data, queryset=queryset, request=request)
        for name, filtering in self.filters.items():
            if isinstance(filtering, PersonFilter):
                filtering.prepare(request.user, asked=self.data.get(name, ""), in_panel=in_panel)

    @classmethod
    def parameters(cls) -> set[str]:
        """All query parameters that the filters read."""
        return {parameter for name, filtering in cls.base_filters.items() for parameter in parameters(name, filtering)}

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Narrow by every filter in force."""
        return queryset.none() if self.form.errors else super().filter_queryset(queryset)

    @property
    def chips(self) -> Iterator[FilterChip]:
        """What narrows the list now, in the order of the declarations."""
        if not self.is_bound:
            return
        self.form.is_valid()
        for name, filtering in self.filters.items():
            value = self.form.cleaned_data.get(name)
            if value not in (None, "", []):
                yield FilterChip(str(filtering.label), describe(filtering, value), tuple(parameters(name, filtering)))


def parameters(name: str, filtering: django_filters.Filter) -> Iterable[str]:
    """The query parameters that a filter reads."""
    return (f"{name}_after", f"{name}_before") if isinstance(filtering, DateSpanFilter) else (name,)


def describe(filtering: django_filters.Filter, value: Any) -> str:
    """A filter's value in words."""
    own = getattr(filtering, "describe", None)
    return str(own(value)) if own else str(value)


class TextFilter(django_filters.CharFilter):
    """A word or number typed in; by default the column begins with it, which an index serves."""

    def __init__(self, *, lookup_expr: str = "istartswith", **kwargs: Any) -> None:
        kwargs.setdefault("max_length", MAX_TEXT)
        super().__init__(lookup_expr=lookup_expr, validators=[ProhibitNullCharactersValidator()], **kwargs)


class ChoiceFilter(django_filters.MultipleChoiceFilter):
    """Any of some states: `?stage=S1&stage=S2`."""

    def __init__(self, *, choices: Iterable[tuple[Any, Sentence]], **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.CheckboxSelectMultiple)
        self._labels = list(choices)
        super().__init__(choices=self._labels, distinct=False, **kwargs)

    def is_noop(self, qs: QuerySet[Any], value: Any) -> bool:
        """All states at once is a filter like any other: it leaves out rows without a state."""
        return False

    def filter(self, qs: QuerySet[Any], value: Any) -> QuerySet[Any]:
        """One IN, which an index serves."""
        return qs.filter(**{f"{self.field_name}__in": value}) if value else qs

    def describe(self, value: list[Any]) -> str:
        """The labels, side by side."""
        labels = {str(key): label for key, label in self._labels}
        return listed(labels.get(str(item), item) for item in value)


class YesNoFilter(django_filters.BooleanFilter):
    """Yes or no, by a field or by a method of the filter set: `?late=true`."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.Select(choices=(("", _("Any")), ("true", _("Yes")), ("false", _("No")))))
        super().__init__(**kwargs)

    def describe(self, value: bool) -> str:
        """The word."""
        return _now("Yes") if value else _now("No")


class DaySpan(django_filters.widgets.DateRangeWidget):
    """Two days, each with a name of its own for screen readers."""

    def __init__(self) -> None:
        super().__init__(attrs={"type": "date"})
        for day, name in zip(self.widgets, (_("From"), _("Until")), strict=True):
            day.attrs["aria-label"] = name


class DateSpanFilter(django_filters.Filter):
    """From a day to a day, both included, in the reader's time zone where the column holds times."""

    field_class = django_filters.fields.RangeField

    def __init__(self, **kwargs: Any) -> None:
        day = forms.DateField(widget=forms.DateInput(attrs={"type": "date"}), required=False)
        super().__init__(fields=(day, day), widget=DaySpan(), **kwargs)

    def filter(self, qs: QuerySet[Any], value: Any) -> QuerySet[Any]:
        """Half-open for times: from the first day's midnight to the midnight after the last."""
        if not value:
            return qs
        holds_times = isinstance(_column(qs, self.field_name), DateTimeField)
        if value.start:
            qs = qs.filter(**{f"{self.field_name}__gte": _midnight(value.start) if holds_times else value.start})
        if value.stop and holds_times:
            return qs.filter(**{f"{self.field_name}__lt": _midnight(value.stop + dt.timedelta(days=1))})
        return qs.filter(**{f"{self.field_name}__lte": value.stop}) if value.stop else qs

    def describe(self, value: slice) -> str:
        """The span."""
        if value.start and value.stop:
            return _now("%(first)s to %(last)s") % {"first": value.start.isoformat(), "last": value.stop.isoformat()}
        if value.start:
            return _now("from %(first)s") % {"first": value.start.isoformat()}
        return _now("until %(last)s") % {"last": value.stop.isoformat()}


class PersonFilter(django_filters.ChoiceFilter):
    """A colleague: "me", or somebody by id. The panel offers the reader and `colleagues(user)` (at most 100), never the whole staff.

    `visible_to` decides what is listed, so a person outside the reader's scope simply selects nothing.
    """

    def __init__(self, *, colleagues: Callable[[Any], QuerySet[Any]] | None = None, **kwargs: Any) -> None:
        self.colleagues = colleagues
        self.reader_id = 0
        self.people: dict[str, Sentence] = {}
        super().__init__(choices=(), empty_label=_("Anybody"), **kwargs)

    def prepare(self, reader: Any, *, asked: str, in_panel: bool) -> None:
        """Work out the choices before the form is made: the reader, whom the address names, and in the panel the colleagues."""
        self.reader_id = reader.pk
        self.people = {ME: _("Me")}
        if _LIKE_A_KEY.fullmatch(asked):
            self.people |= {str(user.pk): user.name for user in get_user_model()._default_manager.filter(pk=asked)}
        if in_panel and self.colleagues is not None:
            self.people |= {str(user.pk): user.name for user in self.colleagues(reader)[:MAX_COLLEAGUES]}
        self.extra["choices"] = list(self.people.items())

    def filter(self, qs: QuerySet[Any], value: Any) -> QuerySet[Any]:
        """Compare with the person's id."""
        if not value:
            return qs
        return qs.filter(**{self.field_name: self.reader_id if value == ME else int(value)})

    def describe(self, value: str) -> Sentence:
        """The name."""
        return self.people.get(value, value)


def _midnight(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time.min, tzinfo=timezone.get_current_timezone())


def _column(queryset: QuerySet[Any], name: str) -> Any:
    annotation = queryset.query.annotations.get(name)
    if annotation is not None:
        return annotation.output_field
    model, field = queryset.model, None
    for part in name.split("__"):
        field = model._meta.get_field(part)
        model = field.related_model or model
    return field
