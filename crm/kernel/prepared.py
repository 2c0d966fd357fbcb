"""Questions that every page asks: the statement is worked out once, and then run with other values.

Django builds and compiles a queryset anew each time, which for a statement over four tables takes longer than the database. A prepared
one is written as any queryset, with `Given("name", field)` where a value comes in, and gives the same objects:

    _OF = Prepared(lambda: Post.objects.filter(user_id=Given("user_id", BigAutoField())).select_related("unit"))
    posts = _OF(user_id=7)

A question of a few forms is prepared by its form, the part of it that is no value: how many teams, how many words.

    _FOUND = Prepared(lambda words: Sheet.objects.holding([Given(f"word_{at}", TextField()) for at in range(words)]))
    sheets = _FOUND(2, word_0="trade", word_1="finance")
"""

import copy
from collections import OrderedDict, namedtuple
from collections.abc import Callable, Hashable
from typing import Any, Generic, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import QuerySet, Value
from django.db.models.query import NamedValuesListIterable, get_related_populators

R = TypeVar("R")
FORMS_KEPT = 256


class Given(Value):
    """A value that is given when the statement is run, in the form that `field` writes to the database."""

    def __init__(self, name: str, field: Any) -> None:
        super().__init__(None, output_field=field)
        self.name = name
        self._change: Callable[[Any], Any] | None = None

    def then(self, change: Callable[[Any], Any]) -> "Given":
        """The same value, changed before it is sent: as the pattern of a LIKE."""
        changed = copy.copy(self)
        changed._change = change
        return changed

    def filled(self, values: dict[str, Any], connection: Any) -> Any:
        """What is sent in its place. KeyError: the value was left out."""
        value = values[self.name]
        return self.output_field.get_db_prep_value(self._change(value) if self._change else value, connection)

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        """A place, filled when the statement is run."""
        return "%s", [self]


class Prepared(Generic[R]):
    """Run by `prepared(*form, name=value, ...)`: the list of objects.

    `build(*form)` gives the queryset, of model instances or of named values.
    """

    def __init__(self, build: Callable[..., QuerySet[Any, R]]) -> None:
        self._build = build

    def __call__(self, *form: Hashable, **values: Any) -> list[R]:
        """One statement; none where no row can meet this form."""
        connection: Any = connections[DEFAULT_DB_ALIAS]
        # Kept with the connection, since a compiler belongs to one; and a connection belongs to one thread.
        known: OrderedDict[Any, _Compiled] = connection.__dict__.setdefault("prepared", OrderedDict())
        key = (self, form)
        if key in known:
            known.move_to_end(key)
        else:
            known[key] = _Compiled(self._build(*form), connection)
            if len(known) > FORMS_KEPT:
                known.popitem(last=False)
        return known[key].run(values)


class _Compiled:
    """A statement of one connection, and how its rows become objects (as in Django's own iterables)."""

    def __init__(self, queryset: QuerySet[Any], connection: Any) -> None:
        self._compiler = queryset.query.get_compiler(connection=connection)
        self._sql: str | None
        try:
            self._sql, self._places = self._compiler.as_sql()
        except EmptyResultSet:
            self._sql = None
            return
        self._read = _named_rows(queryset) if queryset._iterable_class is NamedValuesListIterable else _instances(self._compiler)

    def run(self, values: dict[str, Any]) -> list[Any]:
        """The objects for these values."""
        if self._sql is None:
            return []
        compiler, connection = self._compiler, self._compiler.connection
        filled = tuple(place.filled(values, connection) if isinstance(place, Given) else place for place in self._places)
        compiler.as_sql = lambda *_args, **_kwargs: (self._sql, filled)
        return [self._read(row) for row in compiler.results_iter(compiler.execute_sql(), tuple_expected=True)]


def _named_rows(queryset: Any) -> Callable[[Any], Any]:
    """Of `values_list(..., named=True)`."""
    query = queryset.query
    names = queryset._fields or (*query.extra_select, *query.values_select, *query.annotation_select)
    row: Any = namedtuple("Row", names)  # type: ignore[misc]  # its names are known when the statement is
    return row._make  # type: ignore[no-any-return]


def _instances(compiler: Any) -> Callable[[Any], Any]:
    """Of model instances, with what is selected and annotated beside them."""
    told, select = compiler.klass_info, compiler.select
    model, own = told["model"], slice(told["select_fields"][0], told["select_fields"][-1] + 1)
    names = [column.target.attname for column, _sql, _alias in select[own]]
    alias = compiler.connection.alias
    populators = get_related_populators(told, select, alias)  # type: ignore[call-arg]  # the stubs know a later Django
    annotations = tuple(compiler.annotation_col_map.items())

    def read(row: Any) -> Any:
        one = model.from_db(alias, names, row[own])
        for related in populators:
            related.populate(row, one)
        for name, at in annotations:
            setattr(one, name, row[at])
        return one

    return read
