"""Tables: django-tables2 declarations, drawn by our own lean loop, read by phone as cards, exported with typed values.

    class ClientTable(Table):
        name = NameColumn(accessor="company", order_by="company__sort_name")
        tier = ChipColumn(tones={"A": "jade"})
        phone = Column(accessor="main_phone", sight="contact")
        deposits = MoneyColumn(currency_accessor="currency")
        last_visit_at = WhenColumn(verbose_name=_("Last visit"))

        @classmethod
        def visible_fields(cls, user):
            return client_sights(user)          # e.g. {"contact"}; a column with any other `sight` is left out, in exports too

A column is sortable where it names `order_by` or its accessor is a plain column of the model. `render_<name>(value, record)` on the table
replaces the column's own drawing, `value_<name>(value, record)` what is exported. Related rows that cells read belong into the list
view's `select_related`: a table never fetches.
"""

import datetime as dt
import inspect
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, cached_property
from operator import attrgetter
from typing import Any

import django_tables2
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model
from django.utils import timezone
from django.utils.html import conditional_escape, escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django_tables2.tables import DeclarativeColumnsMetaclass

from crm.kernel.errors import Sentence
from crm.web.templatetags import ui

Exported = str | int | float | Decimal | dt.date | dt.datetime | bool | None
Getter = Callable[[Any], Any]
PICK = '<td class="rowpick"><label><input type="checkbox" name="selected" value="{}" data-select><span class="sr">{} {}</span></label></td>'


class Column(django_tables2.Column):
    """Text, a number, or whatever `str()` makes of the value. `sight` names the sensitivity that a reader must be allowed to see."""

    css = ""
    export_names: tuple[Sentence, ...] = ()
    verbose_name: Sentence | None

    def __init__(self, *args: Any, sight: str = "", css: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sight = sight
        self.css = css or self.css

    def bind(self, model: type[Model] | None) -> None:
        """Learn once per table what the cells need to know of the model; a column without a heading of its own has its field's."""
        self.labels = _choice_labels(model, self.accessor or "")
        if self.verbose_name is None and (field := _field(model, self.accessor or "")) is not None:
            self.verbose_name = capfirst(field.verbose_name)

    def render(self, value: Any, record: Any = None) -> Any:
        """The cell's content; choices as their labels."""
        return self.labels.get(value, value) if self.labels else value

    def export(self, value: Any, record: Any) -> tuple[Exported, ...]:
        """The typed values of the cell, one for each of `export_headers`."""
        return (_plain(self.labels.get(value, value) if self.labels else value),)

    def export_headers(self, header: str) -> tuple[str, ...]:
        """The column's heading, followed by those of further values that it exports."""
        return (header, *(f"{header}: {name}" for name in self.export_names))


class NumberColumn(Column):
    """A count or measure: tabular, to the right."""

    css = "num"


class NameColumn(Column):
    """A name in both scripts, the reader's first: of the value where it has `name_en` and `name_zh`, else of the record itself."""

    export_names = (_("other script"),)

    def render(self, value: Any, record: Any = None) -> SafeString:
        """Both names."""
        return ui.both_names(_named(value, record))

    def export(self, value: Any, record: Any) -> tuple[Exported, ...]:
        """English and Chinese name."""
        named = _named(value, record)
        return (named.name_en or named.name_zh, named.name_zh) if named else (None, None)


class MoneyColumn(Column):
    """An amount with its currency: one for all rows, or read from each record by `currency_accessor`."""

    css = "num"
    export_names = (_("currency"),)

    def __init__(self, *args: Any, currency: str = "HKD", currency_accessor: str = "", short: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.short = short
        read = _getter(currency_accessor) if currency_accessor else None
        self.currency_of: Getter = (lambda record: read(record) if record is not None else currency) if read else (lambda record: currency)

    def render(self, value: Decimal, record: Any = None) -> SafeString:
        """The amount with thousands separated."""
        return ui.money(value, self.currency_of(record), short=self.short)

    def export(self, value: Any, record: Any) -> tuple[Exported, ...]:
        """The number, and its currency beside it."""
        return (value, None if value is None else self.currency_of(record))


class WhenColumn(Column):
    """A date or time: relative when near, the exact one on hover. `due` colours what is late or soon. ISO in exports."""

    css = "when"

    def __init__(self, *args: Any, due: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.due = due

    def render(self, value: dt.date | dt.datetime, record: Any = None) -> SafeString:
        """The time."""
        return ui.when(value, due=self.due)


class ChipColumn(Column):
    """A state as a word on a tone. `tones` maps values to jade, seal, amber or indigo; or is a function of (value, record)."""

    def __init__(self, *args: Any, tones: Mapping[Any, str] | Callable[[Any, Any], str] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.tone_of: Callable[[Any, Any], str] = tones if callable(tones) else lambda value, record: (tones or {}).get(value, "")

    def bind(self, model: type[Model] | None) -> None:
        """Truth values read as yes and no."""
        super().bind(model)
        self.labels = self.labels or {True: _now("Yes"), False: _now("No")}

    def render(self, value: Any, record: Any = None) -> SafeString:
        """The chip."""
        return ui.chip(self.labels.get(value, value), self.tone_of(value, record))


class PersonColumn(Column):
    """A colleague: initials and name."""

    def render(self, value: Any, record: Any = None) -> SafeString:
        """Initials and name."""
        return format_html('<span class="cluster nowrap">{}<span>{}</span></span>', ui.avatar(value), value.name)

    def export(self, value: Any, record: Any) -> tuple[Exported, ...]:
        """The name."""
        return (value.name if value else None,)


@dataclass(frozen=True, slots=True)
class Total:
    """One cell of the foot of a table; empty where the column has no total. `css` is a whole class attribute."""

    label: str
    css: str
    html: str


@dataclass(frozen=True, slots=True)
class Heading:
    """One column's head: how it sorts now (`ascending`, `descending` or nothing) and what a click on it asks for."""

    name: str
    label: str
    css: str
    sort: str
    next_sort: str


class DeclaredColumnsOnly(DeclarativeColumnsMetaclass):
    """`Meta.model` alone would add a column for every field of the model, secrets included: only what is declared is a column."""

    def __new__(cls, name: str, bases: tuple[type, ...], attrs: dict[str, Any]) -> type:
        """Make the class, with an empty `Meta.fields` where it names none."""
        meta = attrs.get("Meta")
        if meta is not None and getattr(meta, "fields", None) is None:
            attrs["Meta"] = type("Meta", (meta,), {"fields": ()})
        return super().__new__(cls, name, bases, attrs)


class Table(django_tables2.Table, metaclass=DeclaredColumnsOnly):
    """The base of all tables. Draws the rows it is given; the order and the page come from the list view."""

    def __init__(self, records: Iterable[Any] = (), *, user: Any, sort: str = "", model: type[Model] | None = None, **kwargs: Any) -> None:
        sights = self.visible_fields(user)
        hidden = [name for name, column in self.base_columns.items() if getattr(column, "sight", "") and column.sight not in sights]
        super().__init__(data=list(records), exclude=(*self._meta.exclude, *hidden), **kwargs)
        self.user = user
        self.sort = sort
        self.selectable = False
        self.model = model or self._meta.model
        for bound in self.columns:
            if isinstance(bound.column, Column):
                bound.column.bind(self.model)

    @classmethod
    def visible_fields(cls, user: Any) -> Collection[str]:
        """The sights that `user` has on these rows. None by default: a column with a `sight` shows only where its table grants it."""
        return ()

    def row_url(self, record: Any) -> str:
        """Where a row leads."""
        return record.get_absolute_url() if hasattr(record, "get_absolute_url") else ""

    @cached_property
    def headings(self) -> list[Heading]:
        """The heads of the visible columns."""
        current, descending = self.sort.removeprefix("-"), self.sort.startswith("-")
        heads = []
        for bound in self.columns:
            sortable = bool(self.ordering(bound.name))
            is_current = sortable and bound.name == current
            first, second = ("-", "") if bound.column.initial_sort_descending else ("", "-")
            flip = is_current and descending == (first == "-")
            heads.append(
                Heading(
                    bound.name,
                    str(bound.header),
                    getattr(bound.column, "css", ""),
                    ("descending" if descending else "ascending") if is_current else "",
                    f"{second if flip else first}{bound.name}" if sortable else "",
                )
            )
        return heads

    @property
    def sorts(self) -> list[Heading]:
        """The heads of the columns that can be sorted by."""
        return [head for head in self.headings if head.next_sort]

    def ordering(self, sort: str) -> tuple[str, ...]:
        """The model columns behind a sort such as "-name"; empty where the column is unknown or cannot be sorted."""
        name, descending = sort.removeprefix("-"), sort.startswith("-")
        bound = self.columns[name] if name in self.columns.names() else None
        if bound is None or bound.column.orderable is False:
            return ()
        if bound.column.order_by is not None:
            terms = tuple(str(term) for term in bound.column.order_by)
        elif self.model is not None and _is_column(self.model, str(bound.accessor)):
            terms = (str(bound.accessor),)
        else:
            return ()
        return tuple(_opposite(term) for term in terms) if descending else terms

    @property
    def body(self) -> SafeString:
        """The drawn rows. The first cell names the row and leads to its record; on the phone each row is a card.

        Joined here and not in a template: 50 rows of 8 columns are 400 turns of a loop, the dearest part of a list page.
        """
        painters = [_Painter(self, bound) for bound in self.columns]
        self._choose = _now("Choose")
        return mark_safe("".join(self._row(record, painters) for record in self.data))  # noqa: S308 - made of escaped parts only

    def _row(self, record: Any, painters: "list[_Painter]") -> str:
        first, *others = painters
        name, url = first.html(record), self.row_url(record)
        lead = f'<a data-open href="{escape(url)}">{name}</a>' if url else name
        pick = format_html(PICK, record.pk, self._choose, record) if self.selectable else ""
        cells = "".join(painter.open + painter.html(record) + "</td>" for painter in others)
        return f'<tr data-row>{pick}<th scope="row"{first.css}>{lead}</th>{cells}</tr>'

    def footer(self, totals: Mapping[str, Any]) -> list[Total]:
        """The cells of the foot for totals by column name; empty where there are none."""
        if not totals:
            return []
        painters = {bound.name: _Painter(self, bound) for bound in self.columns}
        return [Total(painter.label, painter.css, painter.paint(totals.get(name), None)) for name, painter in painters.items()]

    @property
    def export_headers(self) -> list[str]:
        """The headings of an export."""
        return [header for bound in self._exported for header in _own(bound.column).export_headers(str(bound.header))]

    def export_rows(self, records: Iterable[Any]) -> Iterator[list[Exported]]:
        """The typed values of each record, in the order of `export_headers`."""
        columns = [
            (_getter(str(bound.accessor)), getattr(self, f"value_{bound.name}", None), _own(bound.column)) for bound in self._exported
        ]
        for record in records:
            values: list[Exported] = []
            for read, own_value, column in columns:
                value = read(record)
                values.extend((_plain(own_value(value, record)),) if own_value else column.export(value, record))
            yield values

    @property
    def _exported(self) -> list[Any]:
        return [bound for bound in self.columns if not bound.column.exclude_from_export]


class _Painter:
    """Draws the cells of one column; everything that does not depend on the row is worked out once."""

    def __init__(self, table: Table, bound: Any) -> None:
        css = getattr(bound.column, "css", "")
        self.label = str(bound.header)
        self.css = format_html(' class="{}"', css) if css else ""
        self.open = format_html('<td{} data-label="{}">', self.css, self.label)
        self.read = _getter(str(bound.accessor))
        self.empty_values = bound.column.empty_values
        self.draw = _caller(getattr(table, f"render_{bound.name}", bound.column.render))

    def html(self, record: Any) -> str:
        """The content of the record's cell."""
        return self.paint(self.read(record), record)

    def paint(self, value: Any, record: Any) -> str:
        """A value as the column draws it, escaped; nothing where it is empty."""
        return "" if value in self.empty_values else conditional_escape(self.draw(value, record))


def _named(value: Any, record: Any) -> Any:
    return value if value is None or hasattr(value, "name_en") else record


def _own(column: Any) -> Column:
    if not isinstance(column, Column):
        raise TypeError("Columns of our tables come from crm.web.tables")
    return column


@cache
def _parameters(function: Any) -> tuple[str, ...]:
    return tuple(inspect.signature(function).parameters)


def _caller(render: Callable[..., Any]) -> Callable[[Any, Any], Any]:
    """`render` as a function of (value, record), whether or not it asks for the record."""
    function = getattr(render, "__func__", render)
    return render if "record" in _parameters(function) else lambda value, record: render(value)


@cache
def _getter(accessor: str) -> Getter:
    """Reads `company__name` or `company.name` from a record: None as soon as a step is None; calls what is callable at the end."""
    parts = accessor.replace("__", ".").split(".")
    if len(parts) == 1:
        single = attrgetter(parts[0])
        return lambda record: _called(single(record))

    def read(record: Any) -> Any:
        for part in parts:
            if record is None:
                return None
            record = getattr(record, part)
        return _called(record)

    return read


def _called(value: Any) -> Any:
    return value() if inspect.ismethod(value) else value


def _choice_labels(model: type[Model] | None, accessor: str) -> dict[Any, str]:
    """The labels of a choices field, in the reader's language; empty for any other."""
    field = _field(model, accessor)
    return {value: str(label) for value, label in field.flatchoices} if field is not None and getattr(field, "choices", None) else {}


def _is_column(model: type[Model], accessor: str) -> bool:
    field = _field(model, accessor)
    return field is not None and not field.is_relation and field.concrete


def _field(model: type[Model] | None, accessor: str) -> Any:
    """The model field at the end of an accessor, or None."""
    field = None
    for part in accessor.replace("__", ".").split("."):
        if model is None:
            return None
        try:
            field = model._meta.get_field(part)
        except FieldDoesNotExist:
            return None
        model = field.related_model if field.is_relation else None
    return field


def _opposite(term: str) -> str:
    return term[1:] if term.startswith("-") else f"-{term}"


def _plain(value: Any) -> Exported:
    """A value as an export may hold it: numbers, dates and truth values as they are, times in the reader's zone, all else as text."""
    if isinstance(value, dt.datetime):
        return timezone.localtime(value) if timezone.is_aware(value) else value
    if value is None or isinstance(value, bool | int | float | Decimal | dt.date):
        return value
    return str(value)
