"""`uv run python -m tests.benchmarks [NAME... or --all] [--json] [--strict] [--sizes 10000,100000] [--rounds 5] [--documents N]`.

Names: `pages`, `serving`, `directories`, `monitoring`, `mentions`, `articles`, `alerts`, `search`, `money`, `inbox`,
`credit`, `demo`. Without one, and with --all, all of them. Databases are made, seeded and removed: SQLite as shipped, and PostgreSQL
where RAPPORT_TEST_DATABASE_URL names a server or one answers on loopback. The figures of a page are medians of rounds taken in turn with a
bare signed-in Django page of as many rows; read the ratios, not the milliseconds.
"""

import argparse
import json
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path

from tests.benchmarks import alerts, articles, credit, demo, importing, inbox, mentions, money, monitoring, serving
from tests.benchmarks.figures import Figure, as_json, as_table, from_json
from tests.benchmarks.stores import VENDORS, Store, environment, run, seeded

ON_DATABASES = ("pages", "serving", "directories", "monitoring")
NAMES = (*ON_DATABASES, "mentions", "articles", "alerts", "search", "money", "inbox", "credit", "demo")
SIZES, ROUNDS = "10000,100000", 5
DOCUMENTS = 100_000


def main() -> int:
    """Measure what was asked for and print it. 1: with --strict, a goal was missed. 2: an argument that makes no sense."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__.split("\n\n")[1])
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(NAMES))
    parser.add_argument("--all", action="store_true", help="the same as no name")
    parser.add_argument("--json", action="store_true", help="a list of name, value, unit, compared_with")
    parser.add_argument("--sizes", type=_sizes, default=SIZES, help="numbers of companies, smallest first")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="rounds of each page")
    parser.add_argument("--documents", type=int, default=DOCUMENTS, help="documents of the search benchmark")
    parser.add_argument("--strict", action="store_true", help="end with 1 where a goal was missed")
    parser.add_argument("--database", choices=VENDORS, help="only this one")
    asked = parser.parse_args()
    if unknown := set(asked.names) - set(NAMES):
        parser.error(f"there is no benchmark {', '.join(sorted(unknown))}")
    names = asked.names or NAMES
    figures = _searching(asked.documents) if "search" in names else []
    if set(names) - {"search"}:
        figures += measure(names, asked.sizes, asked.rounds, (asked.database,) if asked.database else VENDORS)
    print(as_json(figures) if asked.json else as_table(figures))
    missed = [figure for figure in figures if figure.misses_its_goal]
    _say(f"{len(missed)} of {len(figures)} figures miss their goal\n{as_table(missed)}".rstrip())
    return int(asked.strict and bool(missed))


def measure(names: list[str] | tuple[str, ...], sizes: list[int], rounds: int, vendors: tuple[str, ...]) -> list[Figure]:
    """The figures of some benchmarks, on databases made for them where they need any."""
    figures: list[Figure] = []
    if "mentions" in names:
        _say(f"A book of {mentions.COMPANIES} companies")
        figures += mentions.measure()
    if "articles" in names:
        _say("Articles on saved pages")
        figures += articles.measure()
    if "alerts" in names:
        _say(f"A book of {alerts.ALERTS} alerts")
        figures += alerts.measure()
    if "credit" in names:
        _say(f"A pack of {credit.PAGES} pages, and one with {credit.DOCUMENTS} documents")
        figures += credit.measure()
    if "demo" in names:
        _say("A demo bank from nothing")
        figures += demo.measure()
    if "money" in names:
        _say(f"Races for room under limits, {money.PROCESSES} processes at once")
        figures += money.measure(vendors=vendors)
    if "inbox" in names:
        _say(f"An inbox of {inbox.REQUESTS} requests")
        figures += inbox.measure(vendors=vendors)
    if set(names).isdisjoint(ON_DATABASES):
        return figures
    with seeded(sizes, vendors=vendors) as (folder, stores):
        if "pages" in names:
            _say(f"Pages on {len(stores)} databases")
            figures += _pages(folder, stores, rounds)
        largest = [store for store in stores if store.size == max(sizes)]
        for store in largest:
            if "serving" in names:
                _say(f"Eight at once on {store.vendor}")
                figures += serving.measure(folder, store)
        for store in largest:
            if "directories" in names:
                _say(f"A directory of {importing.ROWS} rows on {store.vendor}")
                figures += importing.measure(folder, store)
        for store in largest:
            if "monitoring" in names:
                _say(f"A night of monitoring on {store.vendor}")
                figures += monitoring.measure(folder, store)
        if "monitoring" in names:
            figures += monitoring.draw(folder, largest[0])
    return figures


def _pages(folder: Path, stores: list[Store], rounds: int) -> list[Figure]:
    """In a process of its own, on all databases at once."""
    command = ["-W", "ignore", "-m", "tests.benchmarks.measure", str(rounds), json.dumps([asdict(store) for store in stores])]
    return from_json(run(command, env=environment(folder, stores[0].address)))


def _searching(documents: int) -> list[Figure]:
    """In a process of its own; it needs no database."""
    _say(f"Full-text search in {documents} documents")
    with tempfile.TemporaryDirectory() as name:
        env = environment(Path(name), "", settings="crm.settings.test")
        return from_json(run(["-W", "ignore", "-m", "tests.benchmarks.searching", name, str(documents)], env=env))


def _sizes(text: str) -> list[int]:
    return sorted(int(part) for part in text.split(","))


def _say(what: str) -> None:
    print(what, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
