"""Which companies clippings name: the book of names is built once a process, kept while names stand still, and asked of each text."""

import datetime as dt
import logging
import threading
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Count, Max

from content.clippings.choices import RULED, MentionState
from content.clippings.models import Clipping, Mention, Ruling
from content.clippings.services.telling import SEARCH_KIND, tell_timelines
from content.mentions import Found, NameBook, NameEntry
from content.mentions.values import EntryKind
from crm.companies.choices import IdentifierKind, NameKind
from crm.companies.models import CompanyName, Identifier
from crm.kernel.reactions import reindex

log = logging.getLogger(__name__)

_KINDS: dict[str, EntryKind] = {NameKind.LEGAL: "full", NameKind.ALIAS: "alias", NameKind.SHORT: "alias", NameKind.FORMER: "former"}
_BATCH = 200
_LONGEST = 200
_FEW, _ONE_OF = 20, 500
Names = tuple[int, int, int, int]


@dataclass
class _Held:
    names: Names | None = None
    book: NameBook | None = None


_held = _Held()
_lock = threading.Lock()


def book_of_names() -> NameBook:
    """The book of all names as they stand. Built anew (some seconds at 100,000 companies) where a name came, went or changed."""
    names = _names_now()
    with _lock:
        if _held.book is None or _held.names != names:
            _held.book, _held.names = NameBook.build(_entries(), frequent=_frequent()), names
        return _held.book


def _names_now() -> Names:
    """Changes whenever names do: rows of names and codes are added and removed, never changed in place."""
    names = CompanyName.objects.aggregate(count=Count("pk"), last=Max("pk"))
    codes = Identifier.objects.filter(kind=IdentifierKind.STOCK).aggregate(count=Count("pk"), last=Max("pk"))
    return names["count"], names["last"] or 0, codes["count"], codes["last"] or 0


def _frequent() -> set[str]:
    """Names that stand in more than one clipping of 500, and in more than 20: shortened ones are then common words (search.md, 2)."""
    least = max(_FEW, Clipping.objects.count() // _ONE_OF)
    met = Mention.objects.order_by().values("name").annotate(count=Count("pk")).filter(count__gt=least)
    return set(met.values_list("name", flat=True))


def _entries(company_ids: Iterable[int] | None = None) -> Iterator[NameEntry]:
    names = CompanyName.objects.filter(company__merged_into=None)
    codes = Identifier.objects.filter(kind=IdentifierKind.STOCK, company__merged_into=None)
    if company_ids is not None:
        names, codes = names.filter(company_id__in=company_ids), codes.filter(company_id__in=company_ids)
    for company_id, text, kind in names.values_list("company_id", "text", "kind").iterator(chunk_size=5_000):
        yield NameEntry(company_id, text, _KINDS.get(kind, "alias"))
    for company_id, exchange, code in codes.values_list("company_id", "scope", "value").iterator(chunk_size=5_000):
        yield NameEntry(company_id, f"{exchange}:{code}" if exchange else code, "code")


def link(rows: Sequence[Clipping], *, now: dt.datetime) -> int:
    """Find anew whom these clippings name. A person's answer stands; what the machine had found and finds no more goes.

    Returns how many mentions are new.
    """
    if not rows:
        return 0
    book = book_of_names()
    found = {row.pk: _by_company(book.find(row.title, row.body)) for row in rows}
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
    return not place.is_link, not place.in_title, place.start


def _write(rows: Sequence[Clipping], found: dict[int, dict[int, Found]], version: str) -> int:
    held: dict[tuple[int, int], Mention] = {
        (mention.clipping_id, mention.company_id): mention for mention in Mention.objects.filter(clipping__in=[row.pk for row in rows])
    }
    answers = _answers({(company, place.name[:_LONGEST]) for places in found.values() for company, place in places.items()})
    new: list[Mention] = []
    changed: list[Mention] = []
    for row in rows:
        for company_id, place in found[row.pk].items():
            mention = held.pop((row.pk, company_id), None)
            if mention is None:
                new.append(_mention(row, company_id, place, answers, version))
            elif mention.state not in RULED:
                _fill(mention, place, answers, version)
                changed.append(mention)
    Mention.objects.filter(pk__in=[mention.pk for mention in held.values() if mention.state not in RULED]).delete()
    Mention.objects.bulk_create(new)
    Mention.objects.bulk_update(changed, ["state", "in_title", "start", "end", "text", "name", "reason", "book"])
    return len(new)


def _mention(row: Clipping, company_id: int, place: Found, answers: "_Answers", version: str) -> Mention:
    mention = Mention(clipping=row, company_id=company_id, published_at=row.published_at)
    _fill(mention, place, answers, version)
    return mention


def _fill(mention: Mention, place: Found, answers: "_Answers", version: str) -> None:
    name = place.name[:_LONGEST]
    mention.state = MentionState.LINKED if place.is_link else MentionState.SUGGESTED
    mention.reason = "" if place.is_link else place.reason
    answer = answers.get((mention.company_id, name))
    if answer is True:
        mention.state, mention.reason = MentionState.LINKED, ""
    elif answer is False:
        # A suggestion that was refused is not made again; what would have been a link becomes a question.
        mention.state = MentionState.SUGGESTED if place.is_link else MentionState.REFUSED
    mention.in_title, mention.start, mention.end = place.in_title, place.start, place.end
    mention.text, mention.name, mention.book = place.text[:_LONGEST], name, version


_Answers = dict[tuple[int, str], bool]


def _answers(asked: set[tuple[int, str]]) -> _Answers:
    """What people said last of these companies and names."""
    companies, names = {company for company, _name in asked}, {name for _company, name in asked}
    rulings = Ruling.objects.filter(company_id__in=companies, name__in=names).order_by("pk")
    return {(company, name): answer for company, name, answer in rulings.values_list("company_id", "name", "answer")}


def back_link(company_ids: Sequence[int], *, now: dt.datetime, find_text: Any) -> int:
    """Ask the archive for the names of these companies and link what names them. Returns how many mentions are new.

    `find_text(phrase)` gives the ids of clippings that hold a phrase (the search engine, through the kernel's port).
    """
    asked: set[int] = set()
    for entry in _entries(company_ids):
        if entry.kind != "code":
            asked.update(find_text(entry.name))
    new = 0
    ids = sorted(asked)
    for first in range(0, len(ids), _BATCH):
        new += relink(ids[first : first + _BATCH], now=now)
    return new


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
