"""tantivy, embedded: an index in a folder of its own, one writer at a time, readers that notice what was committed.

search/current          which folder is searched, and its stamp
search/lock             held by whoever writes
search/rebuild.lock     held by whoever rebuilds
search/<name>/          an index
"""

import fcntl
import json
import re
import shutil
import threading
import time
import uuid
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

import tantivy
from tantivy import FieldType, Occur, Order

from crm.kernel.query import And, Field, Leaf, Not, Or, Phrase, Prefix, Query, Term, languages
from search.engines.base import (
    FACET_READ,
    FACETS,
    FILTERS,
    NUMBERS,
    STAMP,
    Asked,
    Candidate,
    Engine,
    EngineDown,
    Index,
    Mend,
    Row,
    order_of,
    start_of,
)
from search.ranking import TITLE

FULL_STAMP = f"{STAMP}.tantivy-{version('tantivy')}"
WAIT_SECONDS = 30
WRITER_BYTES, BUILDER_BYTES = 30_000_000, 150_000_000
VERSIONS_READ = 20_000
_WORDS = ("scope", "source_key", "sector_key", "event_key")
_FAST_WORDS = ("kind", "source", "sector", "event", "language")
_FAILURES = (OSError, ValueError, KeyError)


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    for name in ("key", "order", "head", "month", "company", "suggested"):
        builder.add_unsigned_field(name, indexed=True, fast=True)
    builder.add_unsigned_field("version", fast=True)
    builder.add_float_field("weight", fast=True)
    for name in ("title", "body"):
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="position")
    for name in _WORDS:
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    for name in _FAST_WORDS:
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic", fast=True)
    return builder.build()


SCHEMA = _schema()


@contextmanager
def _locked(path: Path, *, seconds: float = WAIT_SECONDS) -> Iterator[None]:
    """Hold a file lock. EngineDown where another holds it for too long."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as handle:
        until = time.monotonic() + seconds
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > until:
                    raise EngineDown from None
                time.sleep(0.02)
        yield


class Folder(Index):
    """An index in a folder."""

    def __init__(self, path: Path, lock: Path, *, heap: int = WRITER_BYTES) -> None:
        self.path, self.lock, self.heap = path, lock, heap
        self.opened = tantivy.Index.open(str(path))
        self.opened.config_reader("manual")
        self._seen: tuple[int, int] = (0, 0)
        self._guard = threading.Lock()

    @classmethod
    def make(cls, path: Path, lock: Path) -> "Folder":
        """A new, empty one."""
        path.mkdir(parents=True)
        tantivy.Index(SCHEMA, path=str(path))
        return cls(path, lock, heap=BUILDER_BYTES)

    def write(self, rows: Sequence[Row], gone: Sequence[int] = ()) -> None:
        """In one commit."""
        with _locked(self.lock):
            self.add([rows], gone)

    def add(self, batches: Iterable[Sequence[Row]], gone: Sequence[int] = ()) -> None:
        """Write batches one after the other and commit at the end. The lock is held, or nobody knows the folder yet."""
        writer = self.opened.writer(heap_size=self.heap, num_threads=1)
        is_empty = self.searcher().num_docs == 0
        for key in gone:
            writer.delete_documents_by_query(_key(key))
        for rows in batches:
            known = {} if is_empty else self._versions_of([row["key"] for row in rows])
            for row in rows:
                held = known.get(row["key"])
                if held is not None:
                    if held > row["version"]:
                        continue  # somebody who read later was here first
                    writer.delete_documents_by_query(_key(row["key"]))
                writer.add_document(tantivy.Document.from_dict(row, SCHEMA))
        writer.commit()
        writer.wait_merging_threads()

    def _versions_of(self, keys: Sequence[int]) -> dict[int, int]:
        searcher = self.searcher()
        found = searcher.search(_terms("key", keys), limit=len(keys) or 1, count=False).hits
        addresses = [address for _score, address in found]
        return dict(zip(*(searcher.fast_field_values(name, addresses) for name in ("key", "version")), strict=True))

    def searcher(self) -> tantivy.Searcher:
        """Of what was committed last, by whichever process."""
        state = (self.path / "meta.json").stat()
        seen = (state.st_mtime_ns, state.st_ino)
        with self._guard:
            if seen != self._seen:
                self.opened.reload()
                self._seen = seen
        return self.opened.searcher()

    def versions(self) -> Iterator[tuple[int, int]]:
        """In pieces, so that a million fit."""
        searcher, last = self.searcher(), 0
        while True:
            above = tantivy.Query.range_query(SCHEMA, "key", FieldType.Unsigned, lower_bound=last, include_lower=False)
            found = searcher.search(above, limit=VERSIONS_READ, count=False, order_by_field="key", order=Order.Asc).hits
            if not found:
                return
            kept = searcher.fast_field_values("version", [address for _key, address in found])
            yield from ((int(key), int(held or 0)) for (key, _address), held in zip(found, kept, strict=True))
            last = int(found[-1][0])


class Tantivy(Engine):
    """The engine over a folder of indexes."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._open: Folder | None = None
        self._guard = threading.Lock()

    def is_ready(self) -> bool:
        """The folder that is searched has the stamp of this program."""
        named = self._named()
        return named is not None and named["stamp"] == FULL_STAMP and (self.root / named["folder"]).is_dir()

    def current(self) -> Folder:
        """Opened once a process, anew after a swap."""
        for _try in range(3):  # the folder may be swapped and removed between two looks
            named = self._named()
            if named is None or named["stamp"] != FULL_STAMP:
                raise EngineDown
            path = self.root / named["folder"]
            with self._guard:
                try:
                    if self._open is None or self._open.path != path:
                        self._open = Folder(path, self.root / "lock")
                    return self._open
                except _FAILURES:
                    self._open = None
        raise EngineDown

    def index(self, rows: Sequence[Row], gone: Sequence[int] = ()) -> None:
        """Under the lock, so that no swap comes between looking and writing."""
        with _locked(self.root / "lock"):
            self.current().add([rows], gone)

    def delete(self, keys: Sequence[int]) -> None:
        """As `index`."""
        self.index((), keys)

    def rebuild_and_swap(self, batches: Iterable[Sequence[Row]], mend: Mend) -> None:
        """In a new folder; the old one is removed after the swap."""
        with _locked(self.root / "rebuild.lock"):
            name = uuid.uuid4().hex
            new = Folder.make(self.root / name, self.root / f"{name}.lock")
            try:
                new.add(batches)
                mend(new)
            except BaseException:
                shutil.rmtree(new.path, ignore_errors=True)
                raise
            finally:
                new.lock.unlink(missing_ok=True)
            with _locked(self.root / "lock"):
                aside = self.root / f"{name}.current"
                aside.write_text(json.dumps({"folder": name, "stamp": FULL_STAMP}), encoding="ascii")
                aside.replace(self.root / "current")
            for path in self.root.iterdir():
                if path.is_dir() and path.name != name:
                    shutil.rmtree(path, ignore_errors=True)

    def best(self, asked: Asked, *, limit: int, months: Sequence[int] = ()) -> tuple[list[Candidate], int]:
        """By tantivy's bm25."""
        searcher = self._searcher()
        found = searcher.search(_whole(asked, [_terms("month", months)] if months else []), limit=limit, count=True)
        addresses = [address for _score, address in found.hits]
        orders, weights = (searcher.fast_field_values(name, addresses) for name in ("order", "weight"))
        return list(zip(orders, (score for score, _address in found.hits), weights, strict=True)), int(found.count)

    def newest(self, asked: Asked, *, limit: int, below: int | None) -> list[int]:
        """By the column of dates."""
        query = _whole(asked)
        if below is not None:
            query = _all_of([query, _orders(upper=below)])
        hits = self._searcher().search(query, limit=limit, count=False, order_by_field="order").hits
        return [int(order) for order, _address in hits]

    def count(self, asked: Asked, *, copies: bool = False) -> int:
        """In one pass that works out no score."""
        query = _whole(replace(asked, flat=True), [_headed(0)]) if copies else _whole(asked)
        found = self._searcher().aggregate(query, {"documents": {"value_count": {"field": "head"}}})
        return int(found["documents"]["value"] or 0)

    def facet_counts(self, asked: Asked) -> dict[str, list[tuple[Any, int]]]:
        """All in one pass over the columns."""
        # `segment_size`: each part of the index tells all its values, or the sum would be a guess.
        wanted = {name: {"terms": {"field": name, "size": FACET_READ, "segment_size": 1_000_000}} for name in FACETS}
        found = self._searcher().aggregate(_whole(asked), wanted)
        return {name: [(bucket["key"], bucket["doc_count"]) for bucket in found[name]["buckets"]] for name in FACETS}

    def _searcher(self) -> Any:
        try:
            return self.current().searcher()
        except _FAILURES:
            raise EngineDown from None

    def _named(self) -> dict[str, str] | None:
        try:
            named = json.loads((self.root / "current").read_text(encoding="ascii"))
            return {"folder": str(named["folder"]), "stamp": str(named["stamp"])}
        except _FAILURES:
            return None


def _whole(asked: Asked, within: Sequence[tantivy.Query] = ()) -> tantivy.Query:
    """The query within the reader's scope, the filters and what else it is asked `within`. What only narrows gives no score."""
    narrow = list(within)
    for name in FILTERS:
        if values := asked.filters.get(name):
            narrow.append(_terms(name, [int(value) if name in NUMBERS else value for value in values]))
    clauses = [_silent(_terms("scope", sorted(asked.scope)))] if asked.scope is not None else []
    if not asked.flat:
        clauses.append(_silent(_headed(1)))
    return _all_of([_query(asked.query, narrow, in_title=asked.in_title), *clauses, *map(_silent, narrow)])


def _query(query: Query, narrow: Sequence[tantivy.Query] = (), *, in_title: bool) -> tantivy.Query:
    """`narrow` is what a match must have besides. It is asked for where the words are looked up, beside title and beside text: words in
    title or text are gathered for whole stretches of the index before anything outside can leave documents out."""
    if isinstance(query, And):
        inner = [*narrow, *(_field(part) for part in query.parts if isinstance(part, Field))]
        return _all_of([_query(part, inner, in_title=in_title) for part in query.parts])
    if isinstance(query, Or):
        return _any_of([_query(part, narrow, in_title=in_title) for part in query.parts])
    if isinstance(query, Not):
        everything = _silent(tantivy.Query.all_query())
        return tantivy.Query.boolean_query([(Occur.Must, everything), (Occur.MustNot, _query(query.part, in_title=in_title))])
    if isinstance(query, Field):
        return _silent(_field(query))
    beside = [_silent(one) for one in narrow]
    title, body = (_all_of([_leaf(query, name), *beside]) for name in ("title", "body"))
    title = tantivy.Query.boost_query(title, TITLE)
    return title if in_title else _any_of([title, body])


def _leaf(leaf: Leaf, name: str) -> tantivy.Query:
    if isinstance(leaf, Term):
        return tantivy.Query.term_query(SCHEMA, name, leaf.token, "freq")
    if isinstance(leaf, Prefix):
        return tantivy.Query.const_score_query(tantivy.Query.regex_query(SCHEMA, name, f"{re.escape(leaf.start)}.*"), 1.0)
    return _phrase(leaf, name)


def _phrase(leaf: Phrase, name: str) -> tantivy.Query:
    if not leaf.open_end:
        return tantivy.Query.phrase_query(SCHEMA, name, list(leaf.tokens))
    *whole, last = (re.escape(token) for token in leaf.tokens)
    return tantivy.Query.regex_phrase_query(SCHEMA, name, [*whole, f"{last}.*"])


def _field(query: Field) -> tantivy.Query:
    if query.day is not None:
        edge = order_of(start_of(query.day))
        return _orders(lower=edge) if query.name == "after" else _orders(upper=edge)
    if query.name in ("company", "suggested"):
        return _terms(query.name, sorted(query.ids))
    if query.name == "lang":
        return _terms("language", sorted(languages(query.key)))
    return _terms(f"{query.name}_key", [query.key])


def _headed(value: int) -> tantivy.Query:
    """1: those that stand for their story; 0: their copies."""
    return tantivy.Query.term_query(SCHEMA, "head", value)


def _orders(*, lower: int | None = None, upper: int | None = None) -> tantivy.Query:
    """From `lower`, to before `upper`."""
    bounds: dict[str, Any] = {"lower_bound": lower, "upper_bound": upper, "include_upper": upper is None}
    return tantivy.Query.range_query(SCHEMA, "order", FieldType.Unsigned, **bounds)


def _key(key: int) -> tantivy.Query:
    """`delete_documents_by_term` takes a number for a signed one and finds nothing."""
    return tantivy.Query.term_query(SCHEMA, "key", key, "basic")


def _terms(name: str, values: Sequence[str | int]) -> tantivy.Query:
    return _any_of([tantivy.Query.term_query(SCHEMA, name, value, "basic") for value in values])


def _any_of(queries: Sequence[tantivy.Query]) -> tantivy.Query:
    if len(queries) == 1:
        return queries[0]
    return tantivy.Query.boolean_query([(Occur.Should, query) for query in queries]) if queries else tantivy.Query.empty_query()


def _all_of(queries: Sequence[tantivy.Query]) -> tantivy.Query:
    return queries[0] if len(queries) == 1 else tantivy.Query.boolean_query([(Occur.Must, query) for query in queries])


def _silent(query: tantivy.Query) -> tantivy.Query:
    return tantivy.Query.const_score_query(query, 0.0)
