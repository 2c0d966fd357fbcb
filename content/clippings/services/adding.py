"""New clippings: which of them are new, which were read before, which are copies; then who they name and which story they tell."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from content.clippings import rules
from content.clippings.choices import Class, MentionState
from content.clippings.models import Clipping, Copy, Mention, Source
from content.clippings.services.linking import link
from content.clippings.services.stories import join_stories
from content.clippings.services.telling import PUBLISHED, SEARCH_KIND, tell_timelines
from content.stories import text_hash
from crm.kernel.reactions import announce, reindex

TITLE_LENGTH, AUTHOR_LENGTH, URL_LENGTH = 300, 120, 1000
_CORRECTED = ("title", "body", "quote", "author", "language", "event", "read_minutes", "text_hash", "version", "updated_at")


@dataclass(frozen=True)
class Draft:
    """A clipping as it came: plain text, an aware time of publication."""

    title: str
    body: str
    published_at: dt.datetime
    url: str = ""
    author: str = ""
    language: str = ""
    page: str = ""
    event: str = ""
    sectors: tuple[str, ...] = ()
    quote: str = ""


@dataclass
class Added:
    """What became of drafts, by their place in the list given; clippings in `rows` by the same place (of a copy: the one held)."""

    created: list[int] = field(default_factory=list)
    updated: list[int] = field(default_factory=list)
    unchanged: list[int] = field(default_factory=list)
    duplicates: list[int] = field(default_factory=list)
    rows: dict[int, Clipping] = field(default_factory=dict)
    mentions: int = 0
    joined: int = 0

    @property
    def stories(self) -> int:
        """How many of the new clippings begin a story of their own."""
        return len(self.created) - self.joined


def source_named(name: str, *, actor: Any, now: dt.datetime) -> Source:
    """The source of this name, made where there is none: unlicensed, of usual weight, until an editor says otherwise."""
    tidy = " ".join(name.split())[:120]
    held = Source.objects.filter(name=tidy).first()
    if held is not None:
        return held
    source = Source(name=tidy)
    source.record(actor=actor, reason="named by a clipping")
    return source


@transaction.atomic
def add_clippings(
    *,
    source_id: int,
    drafts: Sequence[Draft],
    actor: Any,
    now: dt.datetime,
    publish: bool = True,
    klass: str = Class.PUBLIC,
    met: Counter[str] | None = None,
) -> Added:
    """Add what is new of at most 500 drafts, and link it. One transaction.

    A draft that was read before is unchanged, or updates its clipping where the text was corrected; an exact copy of another clipping
    of the same class is kept as a Copy. Two imports of one source wait for each other. `met` carries on from batch to batch of one archive
    which rows it held already, so that a row printed twice is a copy, and known as the same copy when the archive comes again.
    """
    source = Source.objects.select_for_update().get(pk=source_id)
    new = [_clipping(draft, source=source, actor=actor, now=now, publish=publish, klass=klass) for draft in drafts]
    _count_again(new, Counter() if met is None else met)
    added = Added()
    fresh = _sort_out(new, added, klass)
    Clipping.objects.bulk_create(row for _place, row in fresh)
    corrected = [added.rows[place] for place in added.updated]
    rows = [row for _place, row in fresh]
    # SQLite and PostgreSQL give the keys of what bulk_create made.
    Copy.objects.bulk_create(_copies(new, added))
    link([*rows, *corrected], now=now)
    added.joined = join_stories(rows)
    tell_timelines([row.pk for row in (*rows, *corrected)])
    added.mentions = Mention.objects.filter(clipping__in=[row.pk for row in rows]).exclude(state=MentionState.REFUSED).count()
    changed = {row.pk for row in (*rows, *corrected)} | {row.head_id for row in rows if row.head_id}
    if changed:
        reindex(SEARCH_KIND, sorted(changed), actor=actor)
    if live := sorted(row.pk for row in (*rows, *corrected) if row.live):
        announce(PUBLISHED, actor=actor, clipping_ids=live)
    return added


def _clipping(draft: Draft, *, source: Source, actor: Any, now: dt.datetime, publish: bool, klass: str) -> Clipping:
    title, body = " ".join(draft.title.split())[:TITLE_LENGTH], draft.body.strip()
    digest = text_hash(title, body)
    url = draft.url if len(draft.url) <= URL_LENGTH else ""
    return Clipping(
        source=source,
        title=title,
        body=body,
        quote=draft.quote or rules.quote_of(body),
        url=url,
        page=draft.page,
        author=draft.author[:AUTHOR_LENGTH],
        published_at=draft.published_at,
        language=draft.language or source.language,
        event=draft.event or rules.event_of(title),
        sectors=list(draft.sectors),
        klass=klass,
        read_minutes=rules.read_minutes(body or title),
        added_by=actor,
        live=publish,
        first_published_at=now if publish else None,
        last_published_at=now if publish else None,
        text_hash=digest,
        origin_key=rules.origin_key(source_id=source.pk, url=url, title=title, text_hash=digest, published_at=draft.published_at),
    )


def _count_again(new: Iterable[Clipping], met: Counter[str]) -> None:
    """A row that one archive prints a second time gets a key of its own."""
    for row in new:
        met[row.origin_key] += 1
        if met[row.origin_key] > 1:
            row.origin_key = rules.again(row.origin_key, met[row.origin_key])


def _sort_out(new: Sequence[Clipping], added: Added, klass: str) -> list[tuple[int, Clipping]]:
    """Say of each what it is; returns the truly new ones with their places. Corrected ones are saved."""
    keys, texts = {row.origin_key for row in new}, {row.text_hash for row in new}
    by_key = {row.origin_key: row for row in Clipping.objects.filter(origin_key__in=keys).select_related("source")}
    copied = dict(Copy.objects.filter(origin_key__in=keys).values_list("origin_key", "clipping_id"))
    by_text: dict[str, Clipping] = {}
    for row in Clipping.objects.filter(text_hash__in=texts, klass=klass).order_by("-pk"):
        by_text[row.text_hash] = row
    fresh: list[tuple[int, Clipping]] = []
    for place, row in enumerate(new):
        held, twin = by_key.get(row.origin_key), by_text.get(row.text_hash)
        if row.origin_key in copied or (held is not None and held.text_hash == row.text_hash):
            added.unchanged.append(place)
        elif held is not None:
            _correct(held, row)
            added.updated.append(place)
            added.rows[place] = held
        elif twin is not None:
            added.duplicates.append(place)
            added.rows[place] = twin
        else:
            fresh.append((place, row))
            added.created.append(place)
            added.rows[place] = row
            by_text[row.text_hash] = row
        if place not in added.rows and held is not None:
            added.rows[place] = held
    return fresh


def _correct(held: Clipping, row: Clipping) -> None:
    """The source corrected its text: take it over, unless an editor has worked on the clipping by hand."""
    if held.latest_revision_id is None:
        for name in _CORRECTED[:-2]:
            setattr(held, name, getattr(row, name))
    held.version += 1
    held.save(update_fields=list(_CORRECTED))


def _copies(new: Sequence[Clipping], added: Added) -> Iterable[Copy]:
    for place in added.duplicates:
        row = new[place]
        yield Copy(
            clipping=added.rows[place], source_id=row.source_id, origin_key=row.origin_key, url=row.url, published_at=row.published_at
        )
