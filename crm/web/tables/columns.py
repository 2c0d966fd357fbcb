"""Kinds of columns: how each draws and exports a value."""

import datetime as dt
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

import django_tables2
from django.db.models import Model
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from crm.kernel.errors import Sentence
from crm.web.tables.reading import Exported, Getter, choice_labels, field_of, getter, plain
from crm.web.templatetags import ui


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
        self.labels = choice_labels(model, self.accessor or "")
        if self.verbose_name is None and (field := field_of(model, self.accessor or "")) is not None:
            self.verbose_name = capfirst(field.verbose_name)

    def render(self, value: Any, record: Any = None) -> Any:
        """The cell's content; choices as their labels."""
        return self.labels.get(value, value) if self.labels else value

    def export(self, value: Any, record: Any) -> tuple[Exported, ...]:
        """The typed values of the cell, one for each of `export_headers`."""
        return (plain(self.labels.get(value, value) if self.labels else value),)

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
        read = getter(currency_accessor) if currency_accessor else None
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


def _named(value: Any, record: Any) -> Any:
    return value if value is None or hasattr(value, "name_en") else record
