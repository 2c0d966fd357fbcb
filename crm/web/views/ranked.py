"""The list whose search gives the best match first, read straight from an index of keys, however many rows are found."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.functional import cached_property

from crm.kernel.querysets import AmongKeys, Ranked
from crm.web.choices import CURSOR
from crm.web.paging import BoundedCount, KeysetPage, bounded_count, in_turn, paginate
from crm.web.views.lists import ListView


@dataclass(frozen=True, slots=True)
class _Keys:
    all: QuerySet[Any]
    page: KeysetPage[Any]


class RankedListView(ListView):
    """A list of rows that are found by keys of theirs. Sorted by a column, a search is read as in any list."""

    def ranking(self, q: str) -> Iterator[Ranked]:
        """The keys that a search finds. In several ways: the first that finds any is taken. None is of a row that `get_queryset` hides."""
        raise NotImplementedError

    @property
    def is_ranked(self) -> bool:
        """The page shows what a search found, best match first."""
        return bool(self.query and self.search_hint and not self.sort)

    @cached_property
    def page(self) -> KeysetPage[Any]:
        """The page that the address asks for."""
        if not self.is_ranked:
            return super().page
        keys = self._found.page
        owners = list(dict.fromkeys(getattr(key, key.OWNER) for key in keys.rows))
        rows = {row.pk: row for row in self.completed(self.get_queryset()).filter(AmongKeys(owners))} if owners else {}
        return replace(keys, rows=[rows[owner] for owner in owners if owner in rows])

    @cached_property
    def count(self) -> BoundedCount:
        """How many rows were found."""
        if not self.is_ranked:
            return super().count
        keys = self._found
        if keys.page.is_whole:
            return BoundedCount(len(keys.page.rows), exact=True)
        return bounded_count(keys.all.distinct(), of=keys.all.model.OWNER)

    @cached_property
    def _found(self) -> _Keys:
        """By the first way that finds any, else by the last."""
        ways = self.ranking(self.query)
        found = self._read(next(ways))
        while not found.page.rows and (way := next(ways, None)) is not None:
            found = self._read(way)
        return found

    def _read(self, way: Ranked) -> _Keys:
        owner = way.found.model.OWNER
        narrowed: list[Exists] = []
        if self.filtering is not None:
            narrowed = [Exists(self.filtering.filter_queryset(self.get_queryset()).filter(pk=OuterRef(owner)))]
        firsts = [part.filter(*narrowed) for part in way.firsts]
        cursor, order = self.request.GET.get(CURSOR), ("rank", "key", owner)
        page = paginate(way.found, order, cursor=cursor, limit=self.page_size, read=in_turn(firsts), is_total=True)
        return _Keys(way.found.filter(*narrowed), page)
