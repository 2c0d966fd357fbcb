"""Pages by keyset: any ordering of columns plus the primary key, forwards and backwards, one statement a page.

A page is cut by the values of its last row, never by an offset, so the deepest page costs what the first one costs. Empty values
stand last in both directions, on every database.
"""

import base64
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar

from django.core import signing
from django.core.exceptions import ValidationError
from django.db.models import F, Field, Q, QuerySet
from django.db.models.constants import LOOKUP_SEP

PAGE_SIZE = 50
PAGE_SIZES = (50, 100)
COUNT_LIMIT = 10_000
LAST = "last"

Row = TypeVar("Row")


class StrangeCursor(ValueError):
    """A cursor that this list did not give."""


@dataclass(frozen=True, slots=True)
class Term:
    """One column of an ordering: its name as the queryset knows it, its direction, and where empty values stand."""

    name: str
    descending: bool
    nullable: bool
    field: "Field[Any, Any]"
    alias: str
    empty_first: bool = False

    @property
    def expression(self) -> Any:
        """The ORDER BY expression. Columns that cannot be empty carry no NULLS clause, so that a plain index serves them."""
        column = F(self.name)
        if not self.nullable:
            return column.desc() if self.descending else column.asc()
        place = {"nulls_first": True} if self.empty_first else {"nulls_last": True}
        return column.desc(**place) if self.descending else column.asc(**place)

    def reverse(self) -> "Term":
        """The same column read from the other end."""
        return replace(self, descending=not self.descending, empty_first=not self.empty_first)

    def at_or_after(self, value: Any) -> Q:
        """Rows that stand with or behind `value` in this column: the part of the predicate that an index can seek."""
        if value is None:
            return Q() if self.empty_first else Q(**{f"{self.name}__isnull": True})
        return self._beyond(value, "lte" if self.descending else "gte")

    def after(self, value: Any) -> Q | None:
        """Rows that stand strictly behind `value`; None where there cannot be one."""
        if value is None:
            return Q(**{f"{self.name}__isnull": False}) if self.empty_first else None
        return self._beyond(value, "lt" if self.descending else "gt")

    def _beyond(self, value: Any, lookup: str) -> Q:
        condition = Q(**{f"{self.name}__{lookup}": value})
        if self.nullable and not self.empty_first:
            condition |= Q(**{f"{self.name}__isnull": True})
        return condition


@dataclass(frozen=True, slots=True)
class KeysetPage(Generic[Row]):
    """One page: its rows and the cursors of its neighbours (None where there is none)."""

    rows: list[Row]
    next: str | None
    previous: str | None

    @property
    def is_whole(self) -> bool:
        """True where everything fits on this one page."""
        return self.next is None and self.previous is None


@dataclass(frozen=True, slots=True)
class BoundedCount:
    """How many rows there are, exactly up to 10,000; beyond that only that there are more."""

    value: int
    exact: bool


def bounded_count(*parts: QuerySet[Any], limit: int = COUNT_LIMIT, of: str = "pk") -> BoundedCount:
    """Count at most `limit` + 1 rows, so that the cost does not grow with the table. Of several parts, which share no row, one after the
    other, and none once the limit is passed. Of distinct rows the values of one column."""
    found = 0
    for part in parts:
        if found <= limit:
            found += part.order_by().values(of)[: limit + 1 - found].count()
    return BoundedCount(min(found, limit), found <= limit)


def paginate(
    queryset: QuerySet[Any, Row],
    ordering: Sequence[str],
    *,
    cursor: str | None = None,
    limit: int = PAGE_SIZE,
    read: "Read | None" = None,
    is_total: bool = False,
    is_strict: bool = False,
) -> KeysetPage[Row]:
    """Read one page of `queryset` in `ordering` (field, `relation__field` or annotation names, each with an optional leading `-`).

    The primary key is added as the last term, so ties are told apart, unless the ordering `is_total` and has none. `cursor` comes from a
    neighbour's `next` or `previous`, or is "last" for the final page; anything else, and a cursor made for another ordering, gives the
    first page, or where `is_strict` raises StrangeCursor. `read`: `by_keys(parts)` or `in_turn(parts)`, where no one index gives all rows
    in order.
    """
    terms = _terms(queryset, ordering, is_total=is_total)
    queryset = queryset.annotate(**{term.alias: F(term.name) for term in terms if term.alias != term.name})
    codec = _CursorCodec(queryset, terms)
    start = codec.decode(cursor)
    if is_strict and start is None and cursor and cursor != LAST:
        raise StrangeCursor
    read = read or _read
    if cursor == LAST:
        return _backward(read, queryset, terms, codec, None, limit)
    if start is None:
        return _forward(read, queryset, terms, codec, None, limit)
    towards_end, values = start
    turn = _forward if towards_end else _backward
    page = turn(read, queryset, terms, codec, values, limit)
    return page if page.rows else _forward(read, queryset, terms, codec, None, limit)


def in_order(queryset: QuerySet[Any, Row], ordering: Sequence[str]) -> QuerySet[Any, Row]:
    """All rows in the order in which their pages show them."""
    return queryset.order_by(*(term.expression for term in _terms(queryset, ordering)))


def after(terms: Sequence[Term], values: Sequence[Any]) -> Q | None:
    """The rows behind `values` in the order of `terms`, as `a >= x AND (a > x OR (b >= y AND (b > y ...)))`; None where there are none."""
    term, value = terms[0], values[0]
    strictly = term.after(value)
    if len(terms) == 1:
        return strictly
    rest = after(terms[1:], values[1:])
    if strictly is None:
        return None if rest is None else term.at_or_after(value) & rest
    return strictly if rest is None else term.at_or_after(value) & (strictly | rest)


def _forward(
    read: "Read", queryset: QuerySet[Any, Row], terms: list[Term], codec: "_CursorCodec", values: list[Any] | None, limit: int
) -> KeysetPage[Row]:
    rows = read(queryset, terms, values, limit + 1)
    more = len(rows) > limit
    rows = rows[:limit]
    return KeysetPage(
        rows,
        next=codec.encode(rows[-1], towards_end=True) if more else None,
        previous=codec.encode(rows[0], towards_end=False) if rows and values is not None else None,
    )


def _backward(
    read: "Read", queryset: QuerySet[Any, Row], terms: list[Term], codec: "_CursorCodec", values: list[Any] | None, limit: int
) -> KeysetPage[Row]:
    rows = read(queryset, [term.reverse() for term in terms], values, limit + 1)
    more = len(rows) > limit
    rows = rows[:limit][::-1]
    return KeysetPage(
        rows,
        next=codec.encode(rows[-1], towards_end=True) if rows and values is not None else None,
        previous=codec.encode(rows[0], towards_end=False) if more else None,
    )


def _read(queryset: QuerySet[Any, Row], terms: list[Term], values: list[Any] | None, limit: int) -> list[Row]:
    if values is not None:
        condition = after(terms, values)
        if condition is None:
            return []
        queryset = queryset.filter(condition)
    return list(queryset.order_by(*(term.expression for term in terms))[:limit])


def by_keys(parts: "Sequence[QuerySet[Any]]") -> "Read":
    """For wide rows: in `parts` that share none of them the page's keys are looked for, and then its rows are read, so that only keys are
    sorted; one statement more than there are parts.
    """

    def read(queryset: QuerySet[Any], terms: list[Term], values: list[Any] | None, limit: int) -> list[Any]:
        keys = [key for part in parts for key in _read(part.values_list("pk", flat=True), terms, values, limit)]
        return list(queryset.filter(pk__in=keys).order_by(*(term.expression for term in terms))[:limit]) if keys else []

    return read


def in_turn(parts: "Sequence[QuerySet[Any]]") -> "Read":
    """For `parts` of one value each of the ordering's first column, ascending: the next is read where those before do not fill the page."""

    def read(_queryset: QuerySet[Any], terms: list[Term], values: list[Any] | None, limit: int) -> list[Any]:
        rows: list[Any] = []
        for part in reversed(parts) if terms[0].descending else parts:
            if len(rows) < limit:
                rows += _read(part, terms, values, limit - len(rows))
        return rows

    return read


Read = Callable[[QuerySet[Any], list[Term], list[Any] | None, int], list[Any]]


def _terms(queryset: QuerySet[Any, Any], ordering: Sequence[str], *, is_total: bool = False) -> list[Term]:
    """The ordering with its key: a primary key among the names ends it, else one is added in the direction of the last name."""
    key = queryset.model._meta.pk
    terms: list[Term] = []
    descending = False
    for position, name in enumerate(ordering):
        descending, name = name.startswith("-"), name.removeprefix("-")
        if name in ("pk", key.name):
            break
        field, nullable = _column(queryset, name)
        alias = f"keyset_{position}" if LOOKUP_SEP in name else name
        terms.append(Term(name, descending, nullable, field, alias))
    return terms if is_total else [*terms, Term(key.attname, descending, False, key, key.attname)]


def _column(queryset: QuerySet[Any, Any], name: str) -> "tuple[Field[Any, Any], bool]":
    """The field behind a name of an ordering, and whether it may be empty (an annotation always may)."""
    annotation = queryset.query.annotations.get(name)
    if annotation is not None:
        return annotation.output_field, True
    options, nullable = queryset.model._meta, False
    for part in name.split(LOOKUP_SEP):
        field = options.pk if part == "pk" else options.get_field(part)
        nullable = nullable or field.null
        if field.is_relation:
            options = field.related_model._meta
    return field, nullable


class _CursorCodec:
    """Cursors of one ordering of one model: the values of a row, signed, so that what comes back is what was handed out."""

    def __init__(self, queryset: QuerySet[Any, Any], terms: list[Term]) -> None:
        self.terms = terms
        ordering = ",".join(f"{'-' if term.descending else ''}{term.name}" for term in terms)
        self.signer = signing.Signer(salt=f"web.paging:{queryset.model._meta.label}:{ordering}")

    def encode(self, row: Any, *, towards_end: bool) -> str:
        """The cursor for the rows behind (or before) `row`."""
        values = [_plain(getattr(row, term.alias)) for term in self.terms]
        body = json.dumps([int(towards_end), *values], separators=(",", ":"), ensure_ascii=False)
        return self.signer.sign(base64.urlsafe_b64encode(body.encode()).decode().rstrip("="))

    def decode(self, cursor: str | None) -> tuple[bool, list[Any]] | None:
        """Direction and values of a cursor; None for none, for garbage, and for one of another ordering."""
        if not cursor or cursor == LAST:
            return None
        try:
            body = self.signer.unsign(cursor)
            towards_end, *stored = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
            return bool(towards_end), [
                None if value is None else term.field.to_python(value) for term, value in zip(self.terms, stored, strict=True)
            ]
        except (signing.BadSignature, ValueError, TypeError, ValidationError):
            return None


def _plain(value: Any) -> str | int | float | bool | None:
    """A column value as JSON holds it without loss; Django's own encoder would cut microseconds."""
    if value is None or isinstance(value, bool | int | float | str):
        return value
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
