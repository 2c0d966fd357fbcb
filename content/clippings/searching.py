"""Clippings as documents of full-text search: what is indexed of them, who may find them, and what a hit shows.

The index knows the whole text of every clipping, also of sources without a licence (domain 2.8); a hit shows no more than its page.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.db.models import Prefetch
from django.utils.formats import date_format
from django.utils.timezone import localtime

from content.clippings.choices import STANDING, Class, MentionState
from content.clippings.models import Clipping, Mention, Source
from content.clippings.querysets import INTERNAL_READERS, PUBLIC_READERS, READERS_OF_ALL
from content.clippings.services.telling import SEARCH_KIND
from crm.kernel.contributions import Found, NearName
from crm.kernel.names.spelling import likely
from crm.kernel.ports import find_titles
from crm.kernel.searchable import Document, Shown
from crm.staff.choices import Role

KIND, CODE = SEARCH_KIND, 1
SOURCES_COMPARED, PALETTE_ROWS = 500, 5
_PUBLIC, _INTERNAL, _DESK, _ALL = "news:public", "news:internal", "news:desk", "news:all"


def scope_of(clipping: Clipping) -> frozenset[str]:
    """Who may find it: as `ClippingQuerySet.visible_to`, token by token. All copies of a story have the same, since they are live."""
    if clipping.live and clipping.klass != Class.DEAL:
        return frozenset((_ALL, _PUBLIC if clipping.klass == Class.PUBLIC else _INTERNAL, _DESK))
    own = {f"news:by:{clipping.added_by_id}"} if clipping.added_by_id else set()
    return frozenset({_ALL, *own} | ({_DESK} if clipping.klass != Class.DEAL else set()))


def tokens_of(user: Any) -> Iterator[str]:
    """What the posts that somebody holds now open of the news."""
    actor = user.actor
    if actor.has_role(*READERS_OF_ALL):
        yield _ALL
    if actor.has_role(*PUBLIC_READERS):
        yield from (_PUBLIC, f"news:by:{user.pk}")
    if actor.has_role(*INTERNAL_READERS):
        yield _INTERNAL
    if actor.has_role(Role.EDIT):
        yield _DESK


def documents(ids: Sequence[int]) -> Iterator[Document]:
    """The clippings of these ids. Two statements."""
    named = Mention.objects.exclude(state=MentionState.REFUSED).only("clipping_id", "company_id", "state")
    rows = Clipping.objects.filter(pk__in=ids).select_related("source").prefetch_related(Prefetch("mentions", queryset=named))
    for row in rows:
        mentions = list(row.mentions.all())
        yield Document(
            kind=KIND,
            id=row.pk,
            version=row.version,
            title=row.title,
            body=row.body,
            published_at=row.published_at,
            scope=scope_of(row),
            story=str(row.story_id),
            is_head=row.head_id is None,
            source=row.source.name,
            source_weight=float(row.source.weight),
            language=row.language,
            event=row.event,
            sectors=tuple(row.sectors),
            companies=tuple(mention.company_id for mention in mentions if mention.state in STANDING),
            suggested=tuple(mention.company_id for mention in mentions if mention.state == MentionState.SUGGESTED),
        )


def versions() -> Iterable[tuple[int, int]]:
    """(id, version) of every clipping, by id."""
    return Clipping.objects.order_by("pk").values_list("pk", "version").iterator(chunk_size=10_000)


def visible(user: Any, ids: Sequence[int]) -> dict[int, Shown]:
    """What this person may see of these clippings; the operator sees all. One statement."""
    rows = Clipping.objects.all() if user is None else Clipping.objects.visible_to(user)
    rows = rows.filter(pk__in=ids).select_related("source")
    return {
        row.pk: Shown(
            row.title,
            row.get_absolute_url(),
            row.body if row.shows_text else row.quote,
            row.source.name,
            row.language,
            tuple(filter(None, (str(row.get_event_display()) if row.event else "",))),
            row.similar,
        )
        for row in rows
    }


def find_clippings(user: Any, query: str, limit: int) -> list[Found]:
    """Published stories by words of their headlines, the newest first; none while the engine is down. One statement, where any is found."""
    # An editor's tokens also open what waits: twice as many are asked for.
    ids = find_titles(user, KIND, query, limit=2 * PALETTE_ROWS)
    if not ids:
        return []
    rows = (
        Clipping.objects.visible_to(user).live().filter(pk__in=ids).select_related("source").only("title", "published_at", "source__name")
    )
    return [
        Found(
            row.title, row.get_absolute_url(), detail=f"{row.source.name} · {date_format(localtime(row.published_at), 'SHORT_DATE_FORMAT')}"
        )
        for row in rows.newest_first()[: min(limit, PALETTE_ROWS)]
    ]


def near_sources(user: Any, words: Sequence[str]) -> Iterator[NearName]:
    """Sources whose names may have been meant. There are few: each is compared. One statement."""
    rows = Source.objects.all() if user is None else Source.objects.visible_to(user)
    for name in rows.order_by("name").values_list("name", flat=True)[:SOURCES_COMPARED]:
        for word in words:
            near = likely(word, name)
            if near:
                yield NearName(word, near.text, name, near.distance)
