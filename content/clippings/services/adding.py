"""New clippings: which of them are new, which were read before, which are copies; then who they name and which story they tell."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import Q

from content.clippings import rules
from content.clippings.choices import Class, MentionState
from content.clippings.models import Clipping, Copy, Mention, Source
from content.clippings.permissions import is_editor
from content.clippings.querysets import ClippingQuerySet
from content.clippings.services.linking import classify, link
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

    A draft that was read before is unchanged, or updates its clipping where the text was corrected and no editor has worked on it by
    hand; an exact copy of another clipping that may stand for it is kept as a Copy. Two imports of one source wait for each other. `met`
    carries on from batch to batch of one archive which rows it held already, so that a row printed twice is a copy, and known as the same
    copy when the archive comes again.
    """
    source = Source.objects.select_for_update().get(pk=source_id)
    new = [_clipping(draft, source=source, actor=actor, now=now, publish=publish, klass=klass) for draft in drafts]
    owner_id = _owner_id(actor, klass)
    for row in new:
        row.origin_key = _key(row, within=rules.realm(klass=klass, owner_id=owner_id))
    _count_again(new, Counter() if met is None else met)
    added = Added()
    fresh = _sort_out(new, added, _standing_for(klass, publish=publish, owner_id=owner_id))
    Clipping.objects.bulk_create(row for _place, row in fresh)
    corrected = [added.rows[place] for place in added.updated]
    rows = [row for _place, row in fresh]
    # SQLite and PostgreSQL give the keys of what bulk_create made.
    # A line that led to what was withdrawn meanwhile stays as it is.
    Copy.objects.bulk_create(_copies(new, added), ignore_conflicts=True)
    link([*rows, *corrected], now=now)
    classify(rows)
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
        quote=rules.quote_of(draft.quote or body),
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
    )


def _count_again(new: Iterable[Clipping], met: Counter[str]) -> None:
    """A row that one archive prints a second time gets a key of its own."""
    for row in new:
        met[row.origin_key] += 1
        if met[row.origin_key] > 1:
            row.origin_key = rules.again(row.origin_key, met[row.origin_key])


def _owner_id(actor: Any, klass: str) -> int | None:
    """Whose own the clippings are until an editor publishes them; None where they come from a paper, the operator or an editor."""
    return None if actor is None or (klass != Class.DEAL and is_editor(actor)) else actor.pk


def _key(row: Clipping, *, within: str) -> str:
    return rules.origin_key(
        source_id=row.source_id, url=row.url, title=row.title, text_hash=row.text_hash, published_at=row.published_at, within=within
    )


def _standing_for(klass: str, *, publish: bool, owner_id: int | None) -> ClippingQuerySet:
    """The clippings that may stand for an exact copy: those that whoever reads the copy reads too.

    What was published and withdrawn stays withdrawn, from whichever paper it comes again.
    """
    rows = Clipping.objects.filter(klass=klass)
    if klass == Class.DEAL:
        return rows.filter(added_by_id=owner_id)
    if owner_id is not None:
        return rows.filter(Q(live=True) | Q(added_by_id=owner_id))
    published = Q(live=True) | Q(first_published_at__isnull=False)
    return rows.filter(published if publish else published | Q(added_by=None))


def _sort_out(new: Sequence[Clipping], added: Added, standing: ClippingQuerySet) -> list[tuple[int, Clipping]]:
    """Say of each what it is; returns the truly new ones with their places. Corrected ones are saved."""
    keys, texts = {row.origin_key for row in new}, {row.text_hash for row in new}
    by_key = {row.origin_key: row for row in Clipping.objects.filter(origin_key__in=keys).select_related("source")}
    lines = Copy.objects.filter(Q(clipping__live=True) | Q(clipping__in=standing), origin_key__in=keys).select_related("clipping__source")
    copied = {line.origin_key: line.clipping for line in lines}
    by_text = {row.text_hash: row for row in standing.filter(text_hash__in=texts).select_related("source").order_by("-pk")}
    fresh: list[tuple[int, Clipping]] = []
    for place, row in enumerate(new):
        held = by_key.get(row.origin_key) or copied.get(row.origin_key)
        twin = by_text.get(row.text_hash)
        if held is not None:
            added.rows[place] = held
            is_corrected = row.origin_key in by_key and held.text_hash != row.text_hash and held.latest_revision_id is None
            (added.updated if is_corrected else added.unchanged).append(place)
            if is_corrected:
                _correct(held, row)
        elif twin is not None:
            added.rows[place] = twin
            added.duplicates.append(place)
        else:
            added.rows[place] = by_text[row.text_hash] = row
            added.created.append(place)
            fresh.append((place, row))
    return fresh


def _correct(held: Clipping, row: Clipping) -> None:
    """The source corrected its text: take it over."""
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
