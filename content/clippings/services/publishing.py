"""After an editor published, corrected or withdrew a clipping by hand (Wagtail keeps the revisions): all that follows from it."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db import transaction

from content.clippings import rules
from content.clippings.models import Clipping, Mention
from content.clippings.services.linking import link
from content.clippings.services.stories import join_stories, leave_story
from content.clippings.services.telling import PUBLISHED, SEARCH_KIND, tell_timelines
from content.stories import text_hash
from crm.kernel.reactions import announce, reindex

SETTLE = "clippings.settle"
"""The outbox task that settles what an editor changed by hand."""

_DERIVED = ("text_hash", "read_minutes", "quote", "version")


@transaction.atomic
def settle(clipping_ids: Sequence[int], *, actor: Any, now: dt.datetime) -> None:
    """Bring what is derived of these clippings up to date: who they name, their story, timelines, search. Safe to run twice."""
    rows = list(Clipping.objects.select_for_update(of=("self",)).filter(pk__in=clipping_ids))
    changed: set[int] = set()
    for row in rows:
        changed |= leave_story(row)
        row.text_hash, row.read_minutes = text_hash(row.title, row.body), rules.read_minutes(row.body or row.title)
        row.quote = row.quote or rules.quote_of(row.body)
        row.version += 1
        Mention.objects.filter(clipping=row).update(published_at=row.published_at)
    Clipping.objects.bulk_update(rows, _DERIVED)
    link(rows, now=now)
    join_stories(rows)
    changed |= {row.pk for row in rows} | {row.head_id for row in rows if row.head_id}
    tell_timelines(changed)
    if changed:
        reindex(SEARCH_KIND, sorted(changed), actor=actor)
    if live := sorted(row.pk for row in rows if row.live):
        announce(PUBLISHED, actor=actor, clipping_ids=live)
