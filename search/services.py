"""The writing side of full-text search: feeds the index, builds it anew, compares it with the database and mends it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

from django.utils import timezone

from crm.kernel.contributions import SearchDocument, of
from crm.kernel.outbox import Outbox, lease, open_rows
from crm.kernel.reactions import INDEX_TASK, INDEXED_AT_ONCE
from search.engines.base import Index, Row, code_of, id_of, key_of, row_of
from search.engines.chosen import engine

TAKEN_ALONG = 100


@dataclass
class Differences:
    """Keys of documents that the index lacks, holds in an older version, or holds too much."""

    missing: list[int] = field(default_factory=list)
    stale: list[int] = field(default_factory=list)
    extra: list[int] = field(default_factory=list)

    @property
    def is_clean(self) -> bool:
        """Index and database say the same."""
        return not (self.missing or self.stale or self.extra)

    def to_json(self) -> dict[str, int]:
        """Counts, as the command prints them."""
        return {"missing": len(self.missing), "stale": len(self.stale), "extra": len(self.extra)}


def index_documents(kind: str, ids: Sequence[int]) -> None:
    """Bring documents in the index up to date, in one commit with those of other changes that wait. EngineDown where it cannot be.

    Where there is no index of the present stamp it is built, with these in it.
    """
    if not engine().is_ready():
        rebuild()
        return
    wanted = {kind: set(ids)}
    taken = _taken_along(wanted)
    try:
        _bring_up_to_date(None, wanted)
    except BaseException:
        Outbox.objects.filter(pk__in=taken).update(leased_until=None)
        raise
    Outbox.objects.filter(pk__in=taken).update(done_at=timezone.now(), failure="")


def rebuild() -> None:
    """Build the whole index beside the one that is searched, put it in its place, and catch up with what changed meanwhile."""
    engine().rebuild_and_swap(_all_rows(), lambda index: _mend(index, compare(index)))
    mend()


def mend() -> Differences:
    """Compare the index with the database and put it right. Returns what was wrong."""
    index = engine().current()
    found = compare(index)
    _mend(None, found)
    return found


def compare(index: Index) -> Differences:
    """Ids and versions of both sides."""
    held, found = dict(index.versions()), Differences()
    for kind in of(SearchDocument):
        for document_id, version in kind.versions():
            key = key_of(kind.code, document_id)
            known = held.pop(key, None)
            if known is None:
                found.missing.append(key)
            elif known != version:
                found.stale.append(key)
    found.extra = list(held)
    return found


def forget_attempts() -> None:
    """What waits for an engine that is down is tried until it is up again, however long that takes."""
    Outbox.objects.filter(task=INDEX_TASK, done_at=None).update(attempts=0)


def _taken_along(wanted: dict[str, set[int]]) -> list[int]:
    """Lease further rows that wait for the index and add their ids, up to what one commit takes."""
    taken = []
    for row in open_rows(now=timezone.now()).filter(task=INDEX_TASK)[:TAKEN_ALONG]:
        more = set(row.args["ids"])
        if sum(map(len, wanted.values())) + len(more) > INDEXED_AT_ONCE:
            break
        if lease(row.pk, now=timezone.now()):
            taken.append(row.pk)
            wanted.setdefault(row.args["kind"], set()).update(more)
    return taken


def _mend(index: Index | None, found: Differences) -> None:
    kinds = {kind.code: kind.kind for kind in of(SearchDocument)}
    wrong, unknown = [*found.missing, *found.stale, *found.extra], []
    for keys in _pieces(wrong):
        wanted: dict[str, set[int]] = {}
        for key in keys:
            name = kinds.get(code_of(key))
            if name is None:
                unknown.append(key)
            else:
                wanted.setdefault(name, set()).add(id_of(key))
        _bring_up_to_date(index, wanted)
    if unknown:
        (index.write if index else engine().index)((), unknown)


def _bring_up_to_date(index: Index | None, wanted: Mapping[str, set[int]]) -> None:
    """Write what exists, take out what does not, in one commit."""
    rows: list[Row] = []
    gone: list[int] = []
    for kind in of(SearchDocument):
        ids = sorted(wanted.get(kind.kind, ()))
        if ids:
            made = [row_of(document, kind.code) for document in kind.documents(ids)]
            rows += made
            gone += sorted({key_of(kind.code, document_id) for document_id in ids} - {row["key"] for row in made})
    if rows or gone:
        (index.write if index else engine().index)(rows, gone)


def _all_rows() -> Iterator[list[Row]]:
    for kind in of(SearchDocument):
        for ids in _pieces(document_id for document_id, _version in kind.versions()):
            yield [row_of(document, kind.code) for document in kind.documents(ids)]


def _pieces(items: Iterable[int]) -> Iterator[list[int]]:
    source = iter(items)
    while piece := list(islice(source, INDEXED_AT_ONCE)):
        yield piece
