"""Which companies clippings name: the book of names is built once a process, follows the names as they come, and is asked of each text."""

import datetime as dt
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count, Max

from content.clippings.choices import RULED, STANDING, MentionState
from content.clippings.models import Clipping, Mention, Ruling
from content.clippings.services.telling import SEARCH_KIND, tell_timelines
from content.mentions import Found, MentionKind, NameBook, NameEntry
from content.mentions import NameKind as BookKind
from content.mentions.entries import patterns
from crm.companies.choices import SECTORS, IdentifierKind, NameKind
from crm.companies.models import CompanyName, Identifier
from crm.kernel.reactions import reindex

_KINDS = {
    NameKind.LEGAL: BookKind.FULL,
    NameKind.ALIAS: BookKind.ALIAS,
    NameKind.SHORT: BookKind.SHORT,
    NameKind.FORMER: BookKind.FORMER,
}
_BATCH = 200
_LONGEST = 200
_MOST_SECTORS = 3
_FEW = 20
_REBUILD_AFTER = dt.timedelta(minutes=5)
"""A book with some late names answers as well as a new one, a little slower; and one with names that are gone links too much."""

Rulings = dict[tuple[int, str], bool]


@dataclass(frozen=True)
class _State:
    """What changes whenever names do: rows of names and codes are added and removed, never changed in place."""

    names: int
    last_name: int
    codes: int
    last_code: int


@dataclass
class _Held:
    state: _State | None = None
    book: NameBook | None = None
    built_at: dt.datetime | None = None


_held = _Held()
_lock = threading.Lock()


def book_of_names(*, now: dt.datetime) -> NameBook:
    """The book of all names as they stand.

    To build it takes some seconds at 100,000 companies. Names that came since are added to the book at hand; it is built anew after five
    minutes, or at once where names went.
    """
    state = _state()
    with _lock:
        if _held.book is None or _held.state is None or _held.built_at is None:
            return _build(state, now)
        if _held.state == state:
            return _held.book
        late = list(_entries(names_after=_held.state.last_name, codes_after=_held.state.last_code))
        came = (state.names - _held.state.names) + (state.codes - _held.state.codes)
        if came != len(late) or now - _held.built_at > _REBUILD_AFTER:
            return _build(state, now)
        _held.book, _held.state = _held.book.extended(late), state
        return _held.book


def _build(state: _State, now: dt.datetime) -> NameBook:
    _held.book = NameBook.build(_entries(), counts=_frequent(), held=Clipping.objects.count())
    _held.state, _held.built_at = state, now
    return _held.book


def _state() -> _State:
    names = CompanyName.objects.aggregate(count=Count("pk"), last=Max("pk"))
    codes = Identifier.objects.filter(kind=IdentifierKind.STOCK).aggregate(count=Count("pk"), last=Max("pk"))
    return _State(names["count"], names["last"] or 0, codes["count"], codes["last"] or 0)


def _frequent() -> Mapping[str, int]:
    """How often names stand in the clippings held, of those that do more than a few times: shortened ones may be common words."""
    met = Mention.objects.order_by().values("name").annotate(count=Count("pk")).filter(count__gt=_FEW)
    return dict(met.values_list("name", "count"))


def _entries(company_ids: Iterable[int] | None = None, *, names_after: int = 0, codes_after: int = 0) -> Iterator[NameEntry]:
    names = CompanyName.objects.filter(pk__gt=names_after)
    codes = Identifier.objects.filter(kind=IdentifierKind.STOCK, pk__gt=codes_after)
    if company_ids is not None:
        names, codes = names.filter(company_id__in=company_ids), codes.filter(company_id__in=company_ids)
    for company_id, text, kind in names.values_list("company_id", "text", "kind").iterator(chunk_size=5_000):
        yield NameEntry(company_id, text, _KINDS.get(NameKind(kind), BookKind.ALIAS))
    for company_id, exchange, code in codes.values_list("company_id", "scope", "value").iterator(chunk_size=5_000):
        yield NameEntry(company_id, f"{exchange}:{code}" if exchange else code, BookKind.CODE)


def link(rows: Sequence[Clipping], *, now: dt.datetime) -> int:
    """Find anew whom these clippings name. A person's answer stands; what the machine had found and finds no more goes.

    Returns how many mentions are new.
    """
    if not rows:
        return 0
    book = book_of_names(now=now)
    found = {row.pk: _by_company(book.find(row.title, row.body)) for row in rows}
    asked = {(company, place.pattern) for places in found.values() for company, place in places.items()}
    ruled = _rulings(asked)
    if ruled:
        # Somebody has answered for some of these names, so the texts are read again with the answers in mind.
        found = {row.pk: _by_company(book.find(row.title, row.body, ruled=ruled)) for row in rows}
    return _write(rows, found, book.version)


def _by_company(found: Iterable[Found]) -> dict[int, Found]:
    """Of each company the best place: a link before a suggestion, then the headline, then what stands first."""
    best: dict[int, Found] = {}
    for place in found:
        held = best.get(place.company_id)
        if held is None or _rank(place) < _rank(held):
            best[place.company_id] = place
    return best


def _rank(place: Found) -> tuple[bool, bool, int]:
    return place.kind != MentionKind.LINK, not place.in_title, place.start


def _write(rows: Sequence[Clipping], found: dict[int, dict[int, Found]], version: str) -> int:
    held: dict[tuple[int, int], Mention] = {
        (mention.clipping_id, mention.company_id): mention for mention in Mention.objects.filter(clipping__in=[row.pk for row in rows])
    }
    new: list[Mention] = []
    changed: list[Mention] = []
    for row in rows:
        for company_id, place in found[row.pk].items():
            mention = held.pop((row.pk, company_id), None)
            if mention is None:
                mention = Mention(clipping=row, company_id=company_id, published_at=row.published_at)
                new.append(mention)
            elif mention.state in RULED:
                continue
            else:
                changed.append(mention)
            _fill(mention, place, version)
    Mention.objects.filter(pk__in=[mention.pk for mention in held.values() if mention.state not in RULED]).delete()
    Mention.objects.bulk_create(new)
    Mention.objects.bulk_update(changed, ["state", "in_title", "start", "end", "text", "name", "reason", "book"])
    return len(new)


def _fill(mention: Mention, place: Found, version: str) -> None:
    mention.state = MentionState.LINKED if place.kind == MentionKind.LINK else MentionState.SUGGESTED
    mention.in_title, mention.start, mention.end = place.in_title, place.start, place.end
    mention.text, mention.name, mention.reason, mention.book = place.text[:_LONGEST], place.pattern[:_LONGEST], place.reason, version


def _rulings(asked: set[tuple[int, str]]) -> Rulings:
    """What people said last of these companies and names."""
    companies, names = {company for company, _name in asked}, {name[:_LONGEST] for _company, name in asked}
    rulings = Ruling.objects.filter(company_id__in=companies, name__in=names).order_by("pk")
    return {(company, name): answer for company, name, answer in rulings.values_list("company_id", "name", "answer")}


def classify(rows: Sequence[Clipping]) -> None:
    """Give clippings without sectors those of the companies that they name for certain, the standard ones; editors correct them."""
    bare = {row.pk: row for row in rows if not row.sectors}
    named = Mention.objects.filter(clipping__in=bare, state__in=STANDING, company__sector__in=SECTORS).order_by("-in_title", "start")
    for clipping_id, sector in named.values_list("clipping_id", "company__sector"):
        if sector not in bare[clipping_id].sectors and len(bare[clipping_id].sectors) < _MOST_SECTORS:
            bare[clipping_id].sectors = [*bare[clipping_id].sectors, sector]
    Clipping.objects.bulk_update([row for row in bare.values() if row.sectors], ["sectors"])


def back_link(company_ids: Sequence[int], *, now: dt.datetime, find_text: Callable[[str], Sequence[int]]) -> int:
    """Ask the archive for the names of these companies and link what names them. Returns how many mentions are new.

    `find_text(phrase)` gives the ids of clippings that hold a phrase (the search engine, through the kernel's port).
    """
    if not Clipping.objects.exists():
        return 0
    asked: set[int] = set()
    for entry in _entries(company_ids):
        for phrase in phrases(entry):
            asked.update(find_text(phrase))
    new = 0
    ids = sorted(asked)
    for first in range(0, len(ids), _BATCH):
        new += relink(ids[first : first + _BATCH], now=now)
    return new


def phrases(entry: NameEntry) -> set[str]:
    """The shortest forms in which papers may write a name: whatever holds a longer one holds them too."""
    if entry.kind == BookKind.CODE:
        return {entry.name.partition(":")[2] or entry.name}
    written = [pattern.text for pattern in patterns(entry.name, BookKind(entry.kind))]
    return {text for text in written if not any(other != text and other in text for other in written)}


@transaction.atomic
def relink(clipping_ids: Sequence[int], *, now: dt.datetime) -> int:
    """Link these clippings anew, with all that follows. One transaction; at most some hundred."""
    rows = list(Clipping.objects.select_for_update().filter(pk__in=clipping_ids))
    new = link(rows, now=now)
    tell_timelines([row.pk for row in rows])
    _count_up(rows)
    if rows:
        reindex(SEARCH_KIND, [row.pk for row in rows])
    return new


def _count_up(rows: Sequence[Clipping]) -> None:
    for row in rows:
        row.version += 1
    Clipping.objects.bulk_update(rows, ["version"])
