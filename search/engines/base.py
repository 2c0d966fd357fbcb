"""What both engines share: the row that is indexed, the question, the answer, and the order of hits. An engine finds and counts."""

import datetime as dt
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from heapq import nlargest
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from crm.kernel.errors import DomainError
from crm.kernel.query import Query, index_tokens, keyword
from crm.kernel.searchable import Document
from crm.kernel.text import ANALYSER_VERSION
from search.ranking import NEWER_DAYS, RESCORED, relevance

FORMAT = 2
STAMP = f"{FORMAT}.{ANALYSER_VERSION}"
"""Of what rows look like. An index with another one is built anew."""

FACETS = ("kind", "source", "sector", "event", "language", "month", "company")
FACET_VALUES = 10
FACET_READ = 64
NUMBERS = ("month", "company")
FILTERS = FACETS

KIND_BITS, ID_BITS = 3, 30
_EPOCH = dt.datetime(1900, 1, 1, tzinfo=dt.UTC)
_LAST_SECOND = (1 << 33) - 1


class EngineDown(DomainError):
    """The engine does not answer, or has no index yet. Nothing is lost: what changed waits in the outbox."""

    code = "search_down"

    def __init__(self) -> None:
        super().__init__(_("Full-text search does not answer at the moment. Names are still found; nothing is lost."))


@dataclass(frozen=True)
class Cursor:
    """The last hit of a page. `day` is the one by which its age was counted, so that later pages are cut from the same order."""

    score: float
    order: int
    day: int


@dataclass(frozen=True)
class Asked:
    """A question to the engine. `query` is bound. An empty `scope` finds nothing; None is the operator at the machine, who finds all.

    `filters` map a facet to the values of which any may stand; `day` is today's ordinal; `flat` counts copies of a story too; `in_title`
    looks for words in titles alone.
    """

    query: Query
    scope: frozenset[str] | None
    day: int
    filters: Mapping[str, Sequence[str | int]] = field(default_factory=dict)
    sort: str = "relevance"
    facets: bool = False
    flat: bool = False
    in_title: bool = False
    limit: int = 20
    after: Cursor | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """A document found. `code` and `id` say which; `order` grows with the time of publication and differs between any two."""

    code: int
    id: int
    score: float
    order: int


@dataclass(frozen=True)
class Answer:
    """What was found. `total` counts stories, `total_flat` documents; `facets` give values with their exact counts, most first."""

    total: int = 0
    total_flat: int = 0
    hits: Sequence[Hit] = ()
    facets: Mapping[str, Sequence[tuple[Any, int]]] = field(default_factory=dict)
    next: Cursor | None = None


Row = dict[str, Any]
Candidate = tuple[int, float, float]
"""A hit before it is ranked: its order, the engine's score, the weight of its source."""


def key_of(code: int, document_id: int) -> int:
    """The number of a document among all kinds."""
    if not (0 <= code < 1 << KIND_BITS and 0 < document_id < 1 << (ID_BITS - KIND_BITS)):
        raise ValueError(f"No document of kind {code} can have the id {document_id}")
    return document_id << KIND_BITS | code


def code_of(key: int) -> int:
    """The kind in a key."""
    return key & ((1 << KIND_BITS) - 1)


def id_of(key: int) -> int:
    """The document's id in a key."""
    return key >> KIND_BITS


def order_of(moment: dt.datetime, key: int = 0) -> int:
    """A number by which documents sort: by the second of publication, then by kind and id. Fits 63 bits from 1900 to 2172."""
    seconds = int((moment - _EPOCH).total_seconds())
    return min(max(seconds, 0), _LAST_SECOND) << ID_BITS | key


def start_of(day: dt.date) -> dt.datetime:
    """The bank's midnight at which a day begins."""
    return dt.datetime.combine(day, dt.time(), ZoneInfo(settings.TIME_ZONE))


def published_at(order: int) -> dt.datetime:
    """The second of publication that an `order` holds."""
    return _EPOCH + dt.timedelta(seconds=order >> ID_BITS)


def hit(order: int, score: float = 0.0) -> Hit:
    """The document that has this place in the order."""
    key = order & ((1 << ID_BITS) - 1)
    return Hit(code_of(key), id_of(key), score, order)


def row_of(document: Document, code: int) -> Row:
    """The columns of a document in an index. Texts are tokens of our own analyser with blanks between them."""
    key = key_of(code, document.id)
    local = document.published_at.astimezone(ZoneInfo(settings.TIME_ZONE))
    return {
        "key": key,
        "order": order_of(document.published_at, key),
        "version": document.version,
        "head": int(document.is_head),
        "weight": float(document.source_weight),
        "month": local.year * 100 + local.month,
        "title": " ".join(index_tokens(document.title)),
        "body": " ".join(index_tokens(document.body)),
        "scope": sorted(document.scope),
        "kind": document.kind,
        "source": document.source,
        "source_key": keyword(document.source),
        "event": document.event,
        "event_key": keyword(document.event),
        "language": document.language,
        "sector": list(dict.fromkeys(document.sectors)),
        "sector_key": sorted({keyword(name) for name in document.sectors}),
        "company": sorted(set(document.companies)),
        "suggested": sorted(set(document.suggested)),
    }


def ranked(values: Iterable[tuple[Any, int]], facet: str) -> list[tuple[Any, int]]:
    """A facet's values as they are shown: months newest first, others by count, then by value."""
    listed = [(int(value) if facet in NUMBERS else value, int(count)) for value, count in values if value not in ("", None)]
    if facet == "month":
        return sorted(listed, reverse=True)[:FACET_READ]
    return sorted(listed, key=lambda pair: (-pair[1], pair[0]))[:FACET_VALUES]


def newer_months(day: int) -> list[int]:
    """The months of which the best are ranked beside the best of all times: back to 60 days before a day, and the one after it.

    Whole months, since an index finds them like words, while comparing a date with every match takes as long as finding them.
    """
    first = dt.date.fromordinal(day) - dt.timedelta(days=NEWER_DAYS)
    last = dt.date.fromordinal(day) + dt.timedelta(days=31)
    count = (last.year - first.year) * 12 + last.month - first.month + 1
    return [(first.year + (first.month - 1 + step) // 12) * 100 + (first.month - 1 + step) % 12 + 1 for step in range(count)]


class Index(ABC):
    """One index: a folder, or an index of the cluster."""

    @abstractmethod
    def write(self, rows: Sequence[Row], gone: Sequence[int] = ()) -> None:
        """Put rows in the place of what has their keys, take the keys `gone` out; all found, or gone, when it returns."""

    @abstractmethod
    def versions(self) -> Iterator[tuple[int, int]]:
        """(key, version) of all documents, in order of key."""


Mend = Callable[[Index], None]


class Engine(ABC):
    """Finds and counts. All methods raise EngineDown where the engine does not answer."""

    @abstractmethod
    def is_ready(self) -> bool:
        """Whether there is an index of the present stamp."""

    @abstractmethod
    def current(self) -> Index:
        """The index that is searched. EngineDown where there is none."""

    @abstractmethod
    def rebuild_and_swap(self, batches: Iterable[Sequence[Row]], mend: Mend) -> None:
        """Build a new index beside the one that is searched, let `mend` bring it up to date, then put it in its place at one stroke."""

    @abstractmethod
    def best(self, asked: Asked, *, limit: int, months: Sequence[int] = ()) -> tuple[list[Candidate], int]:
        """Those of the highest score, and how many match; where `months` (202603) are given, among those printed in them."""

    @abstractmethod
    def newest(self, asked: Asked, *, limit: int, below: int | None) -> list[int]:
        """The orders of the newest ones that are below `below`, falling."""

    @abstractmethod
    def count(self, asked: Asked, *, copies: bool = False) -> int:
        """How many match; with `copies`, how many copies of stories do, whatever `asked.flat` says."""

    @abstractmethod
    def facet_counts(self, asked: Asked) -> dict[str, list[tuple[Any, int]]]:
        """The values of each facet with their counts."""

    def hurried(self) -> "Engine":
        """The same engine for what must not keep anybody waiting."""
        return self

    def index(self, rows: Sequence[Row], gone: Sequence[int] = ()) -> None:
        """Write to the index that is searched."""
        self.current().write(rows, gone)

    def delete(self, keys: Sequence[int]) -> None:
        """Take documents out of the index that is searched."""
        self.current().write((), keys)

    def versions(self) -> Iterator[tuple[int, int]]:
        """(key, version) of all documents that are searched, in order of key."""
        return self.current().versions()

    def search(self, asked: Asked) -> Answer:
        """The answer: a page of hits, exact totals, and facets where asked for."""
        if asked.scope is not None and not asked.scope:
            return Answer(facets=dict.fromkeys(FACETS, ()) if asked.facets else {})
        hits, matching = self._by_date(asked) if asked.sort == "date" else self._by_relevance(asked)
        copies = self.count(asked, copies=True)
        page = hits[: asked.limit]
        last = page[-1] if len(hits) > asked.limit else None
        return Answer(
            total=matching - copies if asked.flat else matching,
            total_flat=matching if asked.flat else matching + copies,
            hits=page,
            facets={name: ranked(values, name) for name, values in self.facet_counts(asked).items()} if asked.facets else {},
            next=Cursor(last.score, last.order, asked.after.day if asked.after else asked.day) if last else None,
        )

    def _by_date(self, asked: Asked) -> tuple[list[Hit], int]:
        below = asked.after.order if asked.after else None
        return [hit(order) for order in self.newest(asked, limit=asked.limit + 1, below=below)], self.count(asked)

    def _by_relevance(self, asked: Asked) -> tuple[list[Hit], int]:
        """The best ones by the engine and the best of the newer ones, by our own score; and how many match."""
        day = asked.after.day if asked.after else asked.day
        found, matching = self.best(asked, limit=RESCORED)
        if matching > RESCORED:
            newer, _count = self.best(asked, limit=RESCORED // 2, months=newer_months(day))
            found = [*found[: RESCORED // 2], *newer]
        midnight = order_of(start_of(dt.date.fromordinal(day))) >> ID_BITS
        ranks = {(relevance(score, weight, (midnight - (order >> ID_BITS)) / 86_400), order) for order, score, weight in found}
        after = (asked.after.score, asked.after.order) if asked.after else None
        left = [rank for rank in ranks if rank < after] if after else ranks
        return [hit(order, score) for score, order in nlargest(asked.limit + 1, left)], matching
