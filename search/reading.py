"""The reading side of full-text search: a person's question, what of it they may see, and how it is shown. Knows no feature."""

import datetime as dt
import math
import re
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from crm.kernel.clock import now as this_moment
from crm.kernel.contributions import CompanyNames, ReaderTokens, SearchDocument, of
from crm.kernel.errors import DomainError, RuleBroken, Sentence
from crm.kernel.highlights import Marked, highlighted, snippet
from crm.kernel.query import And, Query, QueryError, bind, parse
from crm.kernel.searchable import Shown, reader_tokens
from search.engines.base import FILTERS, NUMBERS, Answer, Asked, Cursor, EngineDown, Hit, hit, published_at
from search.engines.chosen import engine

PAGE, MOST = 20, 1_000
MOST_PAGES = 20
SORTS = ("relevance", "date")
VALUES_A_FILTER = 20
LONGEST_VALUE = 100
_NOT_WORD = re.compile(r"[\W_]+")
_CURSOR = re.compile(r"([0-9.e+-]{1,30})_(\d{1,20})_(\d{1,7})")


@dataclass(frozen=True)
class Wanted:
    """What somebody asks for. `filters` map facets (and `kind`) to values of which any may stand; `after` is a page's `next`."""

    text: str
    filters: Mapping[str, Sequence[str]] = field(default_factory=dict)
    sort: str = "relevance"
    facets: bool = False
    flat: bool = False
    limit: int = PAGE
    after: str = ""


@dataclass(frozen=True)
class TextHit:
    """A document found, as its reader sees it."""

    kind: SearchDocument
    id: int
    score: float
    published_at: dt.datetime
    shown: Shown
    title: Marked
    snippet: Marked

    def to_json(self) -> dict[str, Any]:
        """As the command and the API give it; `marks` are the places in the snippet that were looked for."""
        return {
            "kind": self.kind.kind,
            "id": self.id,
            "title": self.shown.title,
            "score": round(self.score, 4),
            "snippet": self.snippet.text,
            "marks": [list(span) for span in self.snippet.spans],
            "published": self.published_at.isoformat(),
            "source": self.shown.source,
            "url": self.shown.url,
        }


@dataclass(frozen=True)
class Results:
    """A page of hits; `total` counts stories, `total_flat` documents; `facets` give value, name and count; `next` leads on."""

    hits: Sequence[TextHit]
    total: int
    total_flat: int
    facets: Mapping[str, Sequence[tuple[Any, str, int]]]
    next: str
    milliseconds: float

    def to_json(self, *, flat: bool) -> dict[str, Any]:
        """As the command and the API give it; with `flat` the total counts documents."""
        return {
            "total": self.total_flat if flat else self.total,
            "total_clippings": self.total_flat,
            "facets": {
                name: [{"value": value, "name": label, "count": count} for value, label, count in values]
                for name, values in self.facets.items()
            },
            "ms": self.milliseconds,
        }


def is_offered() -> bool:
    """Some feature has texts to be searched."""
    return bool(of(SearchDocument))


def find(user: Any, wanted: Wanted, *, now: dt.datetime) -> Results:
    """What this person finds. QueryError for a query that is not well formed, RuleBroken for other values, EngineDown.

    A user of None is the operator at the machine. Each hit is asked for once more before anything of it is shown.
    """
    began = time.perf_counter()
    query = bind(parse(wanted.text), lambda name: _company_ids(user, name))
    answer = engine().search(_asked(user, wanted, query, now))
    shown = _shown(user, answer.hits)
    hits = [_text_hit(query, hit, *shown[hit.code, hit.id]) for hit in answer.hits if (hit.code, hit.id) in shown]
    return Results(
        hits=hits,
        total=answer.total,
        total_flat=answer.total_flat,
        facets=_named(user, answer),
        next=_written(answer.next),
        milliseconds=round((time.perf_counter() - began) * 1000, 1),
    )


def total(user: Any, text: str, wanted: Wanted, *, now: dt.datetime) -> int:
    """How many stories this person would find by another text with the same filters. Errors as `find`."""
    query = bind(parse(text), lambda name: _company_ids(user, name))
    asked = _asked(user, replace(wanted, text=text, flat=False, after=""), query, now)
    return engine().count(asked) if asked.scope is None or asked.scope else 0


def ids_holding(kind: str, phrase: str) -> list[int]:
    """The ids of all documents of a kind that hold a phrase, whoever may see them; for features below, through the kernel's port.

    At most some thousand, the newest first. Nothing where the phrase has no word in it, or the engine is down.
    """
    found: list[int] = []
    after = ""
    text = '"' + phrase.replace('"', " ") + '"'
    try:
        for _page in range(MOST_PAGES):
            wanted = Wanted(text, {"kind": [kind]}, sort="date", flat=True, limit=MOST, after=after)
            answer = engine().search(_asked(None, wanted, bind(parse(text), lambda _name: ()), this_moment()))
            found += [hit.id for hit in answer.hits]
            if answer.next is None:
                break
            after = _written(answer.next)
    except DomainError:
        return found
    return found


def ids_titled(user: Any, kind: str, typed: str, limit: int) -> list[int]:
    """The newest stories of a kind that this person may find by words of their title, the last of which may be half typed.

    For features below, through the kernel's port. Nothing where the engine is down, or does not answer at once.
    """
    query, scope = _half_typed(typed), scope_of(user)
    if query is None or (scope is not None and not scope):
        return []
    asked = Asked(query, scope, this_moment().toordinal(), {"kind": [kind]}, sort="date", in_title=True, limit=limit)
    try:
        return [hit(order).id for order in engine().hurried().newest(asked, limit=limit, below=None)]
    except EngineDown:
        return []


def _half_typed(typed: str) -> Query | None:
    """Words of which nothing is an operator or a field; the last one is a beginning."""
    words = [word for word in _NOT_WORD.split(typed) if word]
    if len(words) > 1 and len(words[-1]) == 1 and words[-1].isascii():
        words.pop()
    if not words:
        return None
    try:
        return parse(" ".join([*(f'"{word}"' for word in words[:-1]), f"{words[-1]}*"]))
    except QueryError:
        return None


def published_since(user: Any, kind: str, text: str, since: dt.datetime, now: dt.datetime) -> tuple[int, list[dt.datetime]]:
    """How many stories of a kind that this person may find a query finds since a day, and when the newest thousand were published.

    For features below, through the kernel's port. QueryError, EngineDown.
    """
    day = parse(f"after:{since.astimezone(ZoneInfo(settings.TIME_ZONE)).date().isoformat()}")
    query = And((bind(parse(text), lambda name: _company_ids(user, name)), day))
    answer = engine().search(_asked(user, Wanted(text, {"kind": [kind]}, sort="date", limit=MOST), query, now))
    return answer.total, [published_at(hit.order) for hit in answer.hits]


def scope_of(user: Any) -> frozenset[str] | None:
    """The tokens that this person holds now; none without a post. None: the operator."""
    if user is None:
        return None
    held = reader_tokens(user.actor)
    return held.union(*(further.tokens(user) for further in of(ReaderTokens))) if held else held


def _asked(user: Any, wanted: Wanted, query: Query, now: dt.datetime) -> Asked:
    if wanted.sort not in SORTS:
        raise RuleBroken(_("Some fields cannot be read."), fields={"sort": _("Sort by relevance or date.")})
    if not 1 <= wanted.limit <= MOST:
        raise RuleBroken(_("Some fields cannot be read."), fields={"limit": _("From 1 to %(limit)s.") % {"limit": MOST}})
    return Asked(
        query=query,
        scope=scope_of(user),
        day=now.astimezone(ZoneInfo(settings.TIME_ZONE)).toordinal(),
        filters={name: _values(name, values) for name, values in wanted.filters.items() if name in FILTERS and values},
        sort=wanted.sort,
        facets=wanted.facets,
        flat=wanted.flat,
        limit=wanted.limit,
        after=_read(wanted.after),
    )


def _values(name: str, values: Sequence[str]) -> list[str]:
    """At most twenty; a number that is none finds nothing."""
    kept = [value[:LONGEST_VALUE] for value in values[:VALUES_A_FILTER]]
    return [value if re.fullmatch(r"[0-9]{1,9}", value) else "0" for value in kept] if name in NUMBERS else kept


def _company_ids(user: Any, name: str) -> Iterable[int]:
    return {found for names in of(CompanyNames) for found in names.ids(user, name)}


def _shown(user: Any, hits: Sequence[Hit]) -> dict[tuple[int, int], tuple[SearchDocument, Shown]]:
    """What this person may see of the hits, by kind and id."""
    found = {}
    for kind in of(SearchDocument):
        ids = [hit.id for hit in hits if hit.code == kind.code]
        if ids:
            found.update({(kind.code, key): (kind, shown) for key, shown in kind.visible(user, ids).items()})
    return found


def _text_hit(query: Query, hit: Hit, kind: SearchDocument, shown: Shown) -> TextHit:
    title, piece = highlighted(query, shown.title), snippet(query, shown.text)
    return TextHit(kind, hit.id, hit.score, published_at(hit.order), shown, title, piece)


def _named(user: Any, answer: Answer) -> dict[str, list[tuple[Any, str, int]]]:
    """The facets with the names of their values; a company whose name this person may not read is left out."""
    ids = [value for value, _count in answer.facets.get("company", ())]
    names: dict[Any, Sentence] = {}
    for contributed in of(CompanyNames) if ids else ():
        names.update(contributed.names(user, ids))
    named: dict[str, list[tuple[Any, str, int]]] = {}
    for facet, values in answer.facets.items():
        labels = names if facet == "company" else {value: _label(facet, value) for value, _count in values}
        named[facet] = [(value, str(labels[value]), count) for value, count in values if value in labels]
    return named


def _label(facet: str, value: Any) -> Sentence:
    for kind in of(SearchDocument):
        if facet == "kind" and kind.kind == value:
            return kind.label
        label = kind.labels.get(facet, {}).get(value)
        if label:
            return label
    if facet == "language":
        return dict(settings.LANGUAGES).get(value, value)
    return f"{value // 100}-{value % 100:02d}" if facet == "month" else value


def _written(cursor: Cursor | None) -> str:
    return f"{cursor.score!r}_{cursor.order}_{cursor.day}" if cursor else ""


def _read(text: str) -> Cursor | None:
    if not text:
        return None
    match = _CURSOR.fullmatch(text) or ("", "", "", "")
    try:
        score, order, day = float(match[1]), int(match[2]), int(match[3])
        if not math.isfinite(score) or order >= 1 << 63 or not 1_000 < day < dt.date.max.toordinal():
            raise ValueError(text)
    except ValueError:
        raise RuleBroken(_("This page's address is not complete. Search again."), code="invalid", fields={"after": text[:40]}) from None
    return Cursor(score, order, day)
