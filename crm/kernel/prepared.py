"""Questions that every page asks: the statement is worked out once, and then run with other values.

Django builds and compiles a queryset anew each time, which for a statement over four tables takes longer than the database. A prepared
one is written as any queryset, with `Given("name", field)` where a value comes in, and gives the same objects:

    _OF = Prepared(lambda: Post.objects.filter(user_id=Given("user_id", BigAutoField())).select_related("unit"))
    posts = _OF(user_id=7)

For questions whose form never changes; what depends on filters or on the reader's posts is asked as usual.
"""

from collections.abc import Callable
from typing import Any, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.models import QuerySet, Value
from django.db.models.query import get_related_populators

M = TypeVar("M", bound=models.Model)


class Given(Value):
    """A value that is given when the statement is run, in the form that `field` writes to the database."""

    def __init__(self, name: str, field: Any) -> None:
        super().__init__(None, output_field=field)
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        """A place, filled when the statement is run."""
        return "%s", [self]


class Prepared(Generic[M]):
    """Run by `prepared(name=value, ...)`: the list of objects. `build` gives the queryset, of model instances."""

    def __init__(self, build: Callable[[], QuerySet[M]]) -> None:
        self._build = build

    def __call__(self, **values: Any) -> list[M]:
        """One statement."""
        connection: Any = connections[DEFAULT_DB_ALIAS]
        # Kept with the connection, since a compiler belongs to one; and a connection belongs to one thread.
        known = connection.__dict__.setdefault("prepared", {})
        if self not in known:
            known[self] = _Compiled(self._build(), connection)
        return known[self].run(values)  # type: ignore[no-any-return]


class _Compiled:
    """A statement of one connection, and how its rows become objects (as in Django's own `ModelIterable`)."""

    def __init__(self, queryset: QuerySet[Any], connection: Any) -> None:
        self._compiler = queryset.query.get_compiler(connection=connection)
        self._sql, self._places = self._compiler.as_sql()
        told, select = self._compiler.klass_info, self._compiler.select
        first, last = told["select_fields"][0], told["select_fields"][-1] + 1
        self._model, self._own = told["model"], slice(first, last)
        self._names = [column.target.attname for column, _sql, _alias in select[self._own]]
        self._related = get_related_populators(told, select, connection.alias)  # type: ignore[call-arg]  # the stubs know a later Django

    def run(self, values: dict[str, Any]) -> list[Any]:
        """The objects for these values."""
        compiler = self._compiler
        filled = tuple(
            place.output_field.get_db_prep_value(values[place.name], compiler.connection) if isinstance(place, Given) else place
            for place in self._places
        )
        compiler.as_sql = lambda *_args, **_kwargs: (self._sql, filled)
        found = []
        for row in compiler.results_iter(compiler.execute_sql()):
            one = self._model.from_db(compiler.connection.alias, self._names, row[self._own])
            for related in self._related:
                related.populate(row, one)
            found.append(one)
        return found
