"""Measures all pages on the databases named on the command line: `python -m tests.benchmarks.measure ROUNDS STORES` (JSON of stores)."""

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field

import django
from django.db import connections
from django.http import HttpResponse

from crm.kernel.rubbish import collect_seldom, keep_what_is_loaded
from tests.benchmarks.figures import Figure, as_json, rounded
from tests.benchmarks.measuring import Request, Series, Weight, take_round, weigh
from tests.benchmarks.settings import database
from tests.benchmarks.stores import Store

GROWTH_GOAL, DEPTH_GOAL = 1.3, 1.2
ALLOWED = (200, 302)


@dataclass
class Measured:
    """A page as one person reads it on one database, beside its floor."""

    store: Store
    name: str
    page: "Page"
    rows: int | None
    ask: Request
    floor_ask: Request
    weight: Weight
    series: Series = field(default_factory=Series)
    floor: Series = field(default_factory=Series)


class Desk:
    """One database in use, with its readers signed in. `take` makes it the one that Django talks to."""

    def __init__(self, store: Store) -> None:
        self.store = store
        connections.settings["default"] |= connections.configure_settings({"default": database(store.address)})["default"]
        self.connection = connections.create_connection("default")
        self.take()
        self.readers = {name: pages.sign_in(name) for name in (pages.MANAGER, pages.CENTRE_HEAD)}

    def take(self) -> None:
        """Use this database from now on."""
        connections["default"] = self.connection

    def measured(self) -> Iterator[Measured]:
        """Every page for every reader, asked twice to warm up and once to weigh."""
        for page in pages.PAGES:
            for who in page.readers:
                reader = self.readers[who]
                name = page.name if who == pages.MANAGER else f"{page.name}_{who}"
                ask = _asker(page, reader)
                _require(ask(), name)
                rows = pages.rows_of(page, ask())
                yield Measured(self.store, name, page, rows, ask, pages.floor_of(reader, rows), weigh(ask))


def _asker(page: "Page", reader: "Reader") -> Request:
    return lambda: page.ask(reader)


def _require(response: HttpResponse, name: str) -> None:
    if response.status_code not in ALLOWED:
        raise RuntimeError(f"{name} answered {response.status_code}: {response.content[:500]!r}")


def main(rounds: int, stores: list[Store]) -> list[Figure]:
    """All figures of the pages: rounds go over all databases in turn, each page right beside its floor."""
    collect_seldom()  # as a server does
    desks = [Desk(store) for store in stores]
    measured = []
    for desk in desks:
        desk.take()
        measured.append(list(desk.measured()))
    keep_what_is_loaded()
    for _ in range(rounds):
        for page_on_each in zip(*measured, strict=True):
            for desk, one in zip(desks, page_on_each, strict=True):
                desk.take()
                take_round(one.floor, one.floor_ask)
                take_round(one.series, one.ask)
    every = [one for found in measured for one in found]
    return [figure for one in every for figure in _own_figures(one)] + list(_growth(every)) + list(_depth(every))


def _own_figures(one: Measured) -> Iterator[Figure]:
    name, goal = f"pages.{one.store.vendor}.{one.store.size}.{one.name}", one.page.goal
    beside = "an ORM insert with an empty page" if one.rows is None else f"{one.rows} rows on the floor"
    yield Figure(f"{name}.p50_ms", rounded(one.series.p50()), "ms", f"{beside}: {rounded(one.floor.p50())} ms")
    yield Figure(f"{name}.p95_ms", rounded(one.series.p95()), "ms", f"floor: {rounded(one.floor.p95())} ms")
    yield Figure(f"{name}.times_floor", rounded(one.series.ratio(one.floor)), "x", f"goal: at most {goal.times_floor}")
    yield Figure(f"{name}.statements", one.weight.statements, "statements", f"goal: at most {goal.statements}")
    yield Figure(f"{name}.bytes", one.weight.bytes, "bytes", f"goal: at most {goal.bytes}" if goal.bytes else "")


def _growth(every: list[Measured]) -> Iterator[Figure]:
    """The largest size over the smallest, round by round."""
    sizes = sorted({one.store.size for one in every})
    by_key = {(one.store.vendor, one.store.size, one.name): one for one in every}
    for (vendor, size, name), large in by_key.items():
        if size == sizes[-1] and len(sizes) > 1:
            small = by_key[vendor, sizes[0], name]
            value = rounded(large.series.ratio(small.series))
            yield Figure(f"pages.{vendor}.growth.{name}", value, "x", f"{sizes[0]} to {size} companies, goal: at most {GROWTH_GOAL}")


def _depth(every: list[Measured]) -> Iterator[Figure]:
    """The deepest page over the first, round by round."""
    by_key = {(one.store, one.name): one for one in every}
    for one in every:
        if one.page.first:
            first = by_key[one.store, one.name.replace(one.page.name, one.page.first)]
            name = f"pages.{one.store.vendor}.{one.store.size}.{one.name}.times_first"
            yield Figure(name, rounded(one.series.ratio(first.series)), "x", f"page 1, goal: at most {DEPTH_GOAL}")


if __name__ == "__main__":
    django.setup()
    from tests.benchmarks import pages
    from tests.benchmarks.pages import Page, Reader

    print(as_json(main(int(sys.argv[1]), [Store(**store) for store in json.loads(sys.argv[2])])))
