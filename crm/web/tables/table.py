"""The base of all tables: headings, rows, foot, export."""

import inspect
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

import django_tables2
from django.db.models import Model
from django.utils.html import conditional_escape, escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _now
from django_tables2.tables import DeclarativeColumnsMetaclass

from crm.web.tables.columns import Column
from crm.web.tables.reading import Exported, getter, is_column, plain

PICK = '<td class="rowpick"><label><input type="checkbox" name="selected" value="{}" data-select><span class="sr">{} {}</span></label></td>'


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
        elif self.model is not None and is_column(self.model, str(bound.accessor)):
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
            (getter(str(bound.accessor)), getattr(self, f"value_{bound.name}", None), _own(bound.column)) for bound in self._exported
        ]
        for record in records:
            values: list[Exported] = []
            for read, own_value, column in columns:
                value = read(record)
                values.extend((plain(own_value(value, record)),) if own_value else column.export(value, record))
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
        self.read = getter(str(bound.accessor))
        self.empty_values = bound.column.empty_values
        self.draw = _caller(getattr(table, f"render_{bound.name}", bound.column.render))

    def html(self, record: Any) -> str:
        """The content of the record's cell."""
        return self.paint(self.read(record), record)

    def paint(self, value: Any, record: Any) -> str:
        """A value as the column draws it, escaped; nothing where it is empty."""
        return "" if value in self.empty_values else conditional_escape(self.draw(value, record))


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


def _opposite(term: str) -> str:
    return term[1:] if term.startswith("-") else f"-{term}"
