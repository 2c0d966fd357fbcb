"""Elasticsearch, for a cluster: our own tokens under its `whitespace` analyser, so no plugin is needed and both engines agree.

An alias names the index that is searched; its name carries the stamp. A rebuild fills a new one and moves the alias in one request.
"""

import uuid
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from copy import copy
from dataclasses import replace
from typing import Any

from elasticsearch import ApiError, Elasticsearch, NotFoundError, TransportError, helpers
from elasticsearch.dsl import A, Q, Search
from elasticsearch.dsl.query import Query as DslQuery

from crm.kernel.query import And, Field, Leaf, Not, Or, Prefix, Query, Term, languages
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

TIMEOUT_SECONDS, HURRIED_SECONDS = 10, 1
BUILD_TIMEOUT_SECONDS = 120
CHUNK_ROWS, CHUNK_BYTES = 500, 8_000_000
VERSIONS_READ = 10_000
EXPANSIONS = 20_000
_TOKENS = {"type": "text", "analyzer": "whitespace", "index_options": "positions"}
_WORD = {"type": "keyword"}
MAPPING = {
    "dynamic": "strict",
    "_source": {"enabled": False},
    "properties": {
        **{name: {"type": "long"} for name in ("key", "order", "version", "company", "suggested")},
        **{name: {"type": "integer"} for name in ("head", "month")},
        "weight": {"type": "double"},
        **dict.fromkeys(("title", "body"), _TOKENS),
        **dict.fromkeys(("scope", "kind", "source", "source_key", "event", "event_key", "language", "sector", "sector_key"), _WORD),
    },
}
# Deleted rows are forgotten at once: the same version may come back.
SETTINGS = {"number_of_shards": 1, "number_of_replicas": 0, "gc_deletes": "0s", "refresh_interval": "1s"}


@contextmanager
def _answering() -> Iterator[None]:
    """Whatever goes wrong on the way or in the cluster is one thing to the reader. No host, no password is told."""
    try:
        yield
    except (ApiError, TransportError, helpers.BulkIndexError):
        raise EngineDown from None


class ClusterIndex(Index):
    """An index of the cluster, by its name or alias."""

    def __init__(self, client: Elasticsearch, name: str) -> None:
        self.client, self.name = client, name

    def write(self, rows: Sequence[Row], gone: Sequence[int] = ()) -> None:
        """In chunks, then made visible."""
        actions = [self._written(row) for row in rows]
        actions += [{"_op_type": "delete", "_index": self.name, "_id": str(key)} for key in gone]
        self.add(actions)
        with _answering():
            self.client.indices.refresh(index=self.name)

    def add(self, actions: Iterable[dict[str, Any]]) -> None:
        """Send what is to be done. A row that a newer one has overtaken, and one that is gone already, are in order."""
        client = self.client.options(request_timeout=BUILD_TIMEOUT_SECONDS)
        with _answering():
            sent = helpers.streaming_bulk(
                client, actions, chunk_size=CHUNK_ROWS, max_chunk_bytes=CHUNK_BYTES, raise_on_error=False, max_retries=3
            )
            for is_done, answer in sent:
                if not is_done and next(iter(answer.values())).get("status") not in (404, 409):
                    raise EngineDown

    def add_rows(self, batches: Iterable[Sequence[Row]]) -> None:
        """All rows of a rebuild."""
        self.add(self._written(row) for rows in batches for row in rows)

    def versions(self) -> Iterator[tuple[int, int]]:
        """By key, in pieces."""
        last = 0
        while True:
            search = Search(using=self.client, index=self.name).filter("range", key={"gt": last}).sort("key")
            search = search.update_from_dict(
                {"size": VERSIONS_READ, "stored_fields": "_none_", "docvalue_fields": ["key", "version"], "track_total_hits": False}
            )
            with _answering():
                found = search.execute().to_dict()["hits"]["hits"]
            if not found:
                return
            pairs = [(int(one["fields"]["key"][0]), int(one["fields"]["version"][0])) for one in found]
            yield from pairs
            last = pairs[-1][0]

    def _written(self, row: Row) -> dict[str, Any]:
        return {
            "_op_type": "index",
            "_index": self.name,
            "_id": str(row["key"]),
            "version": row["version"],
            "version_type": "external_gte",
            "_source": row,
        }


class Elastic(Engine):
    """The engine over a cluster."""

    def __init__(self, url: str, name: str) -> None:
        self.alias = name
        self.client = Elasticsearch(url, request_timeout=TIMEOUT_SECONDS, max_retries=1, retry_on_timeout=False)
        self.patient = self.client.options(request_timeout=BUILD_TIMEOUT_SECONDS)

    def hurried(self) -> "Elastic":
        """Gives up after a second."""
        hurried = copy(self)
        hurried.client = self.client.options(request_timeout=HURRIED_SECONDS, max_retries=0)
        return hurried

    def is_ready(self) -> bool:
        """The alias names an index of the present stamp."""
        return any(name.startswith(self._stamped()) for name in self._named())

    def current(self) -> ClusterIndex:
        """By the alias. An index of another stamp is none."""
        if not self.is_ready():
            raise EngineDown
        return ClusterIndex(self.client, self.alias)

    def rebuild_and_swap(self, batches: Iterable[Sequence[Row]], mend: Mend) -> None:
        """In a new index; the alias moves in one request, then the old ones go."""
        new = ClusterIndex(self.client, f"{self._stamped()}{uuid.uuid4().hex}")
        with _answering():
            self.patient.indices.create(index=new.name, mappings=MAPPING, settings={**SETTINGS, "refresh_interval": "-1"})
        try:
            new.add_rows(batches)
            with _answering():
                self.patient.indices.refresh(index=new.name)
            mend(new)
            old = self._named()
            with _answering():
                self.patient.indices.put_settings(index=new.name, settings={"refresh_interval": SETTINGS["refresh_interval"]})
                moves = [{"remove": {"index": name, "alias": self.alias}} for name in old]
                self.patient.indices.update_aliases(actions=[*moves, {"add": {"index": new.name, "alias": self.alias}}])
        except BaseException:
            self.patient.options(ignore_status=404).indices.delete(index=new.name)
            raise
        for name in old:
            with _answering():
                self.patient.options(ignore_status=404).indices.delete(index=name)

    def best(self, asked: Asked, *, limit: int, months: Sequence[int] = ()) -> tuple[list[Candidate], int]:
        """By Lucene's bm25."""
        search = self._search(asked)
        if months:
            search = search.filter("terms", month=list(months))
        search = search.sort("_score", "-order").update_from_dict(
            {"size": limit, "docvalue_fields": ["order", "weight"], "track_scores": True, "track_total_hits": True}
        )
        found = self._run(search)["hits"]
        told = ((one["fields"], float(one["_score"])) for one in found["hits"])
        return [(int(fields["order"][0]), score, float(fields["weight"][0])) for fields, score in told], int(found["total"]["value"])

    def newest(self, asked: Asked, *, limit: int, below: int | None) -> list[int]:
        """Sorted by the cluster."""
        after = {"search_after": [below]} if below is not None else {}
        search = self._search(asked).sort("-order").update_from_dict({"size": limit, **after})
        return [int(one["sort"][0]) for one in self._run(search)["hits"]["hits"]]

    def count(self, asked: Asked, *, copies: bool = False) -> int:
        """In one request that works out no score."""
        search = self._search(replace(asked, flat=True)).filter("term", head=0) if copies else self._search(asked)
        found = self._run(search.update_from_dict({"size": 0, "track_total_hits": True}))
        return int(found["hits"]["total"]["value"])

    def facet_counts(self, asked: Asked) -> dict[str, list[tuple[Any, int]]]:
        """In one request. `shard_size`: each part tells all its values, or the sum would be a guess."""
        search = self._search(asked).update_from_dict({"size": 0})
        for name in FACETS:
            search.aggs.bucket(name, A("terms", field=name, size=FACET_READ, shard_size=EXPANSIONS))
        found = self._run(search)["aggregations"]
        return {name: [(bucket["key"], bucket["doc_count"]) for bucket in found[name]["buckets"]] for name in FACETS}

    def _run(self, search: Search) -> dict[str, Any]:
        with _answering():
            return search.execute().to_dict()

    def _search(self, asked: Asked) -> Search:
        search = Search(using=self.client, index=self.current().name).query(_query(asked.query, in_title=asked.in_title))
        for clause in _narrowings(asked):
            search = search.filter(clause)
        return search.update_from_dict({"track_total_hits": False, "stored_fields": "_none_"})

    def _named(self) -> list[str]:
        try:
            with _answering():
                return sorted(self.client.indices.get_alias(name=self.alias).body)
        except EngineDown as error:
            if isinstance(error.__context__, NotFoundError):
                return []
            raise

    def _stamped(self) -> str:
        return f"{self.alias}-v{STAMP}-"


def _narrowings(asked: Asked) -> Iterator[DslQuery]:
    if asked.scope is not None:
        yield Q("terms", scope=sorted(asked.scope))
    if not asked.flat:
        yield Q("term", head=1)
    for name in FILTERS:
        if values := asked.filters.get(name):
            yield Q("terms", **{name: [int(value) if name in NUMBERS else value for value in values]})


def _query(query: Query, *, in_title: bool) -> DslQuery:
    if isinstance(query, And):
        return Q("bool", must=[_query(part, in_title=in_title) for part in query.parts])
    if isinstance(query, Or):
        return Q("bool", should=[_query(part, in_title=in_title) for part in query.parts], minimum_should_match=1)
    if isinstance(query, Not):
        return Q("bool", must_not=[_query(query.part, in_title=in_title)])
    if isinstance(query, Field):
        return Q("bool", filter=[_field(query)])
    title = _leaf(query, "title", TITLE)
    return title if in_title else Q("bool", should=[title, _leaf(query, "body", 1.0)], minimum_should_match=1)


def _leaf(leaf: Leaf, name: str, boost: float) -> DslQuery:
    if isinstance(leaf, Term):
        return Q("term", **{name: {"value": leaf.token, "boost": boost}})
    if isinstance(leaf, Prefix):
        return Q("prefix", **{name: {"value": leaf.start, "boost": boost}})
    value = {"query": " ".join(leaf.tokens), "boost": boost}
    if leaf.open_end:
        return Q("match_phrase_prefix", **{name: {**value, "max_expansions": EXPANSIONS}})
    return Q("match_phrase", **{name: value})


def _field(query: Field) -> DslQuery:
    if query.day is not None:
        return Q("range", order={"gte" if query.name == "after" else "lt": order_of(start_of(query.day))})
    if query.name in ("company", "suggested"):
        return Q("terms", **{query.name: sorted(query.ids)})
    if query.name == "lang":
        return Q("terms", language=sorted(languages(query.key)))
    return Q("term", **{f"{query.name}_key": query.key})
