"""Feeds on their schedule: fetched outside any transaction, added, and their next time set; a failure waits longer each time."""

import datetime as dt
import tempfile
from pathlib import Path

from django.db import transaction
from django.utils import translation

from content.capture.gateways import Allow, FetchRefused, fetch, is_public
from content.capture.guarded import UnreadableFile, read_articles, sentence
from content.capture.reading.articles import Refusal
from content.capture.services.importing import BATCH, Report, add_to, drafts_of
from content.clippings.models import Source
from crm.kernel.errors import DomainError
from crm.kernel.outbox import enqueue

COLLECT = "capture.collect"
LONGEST_WAIT = dt.timedelta(hours=24)
_MOST_DOUBLINGS = 8
_LEASE = dt.timedelta(minutes=5)


@transaction.atomic
def ask_for_due_feeds(*, now: dt.datetime) -> int:
    """Enqueue each feed whose time has come. It is put off at once, so that a slow feed is not asked for twice. Returns how many."""
    due = Source.objects.exclude(feed_url="").select_for_update().filter(feed_next_at__lte=now) | Source.objects.exclude(
        feed_url=""
    ).select_for_update().filter(feed_next_at=None)
    ids = list(due.values_list("pk", flat=True))
    Source.objects.filter(pk__in=ids).update(feed_next_at=now + _LEASE)
    for source_id in ids:
        enqueue(COLLECT, source_id=source_id)
    return len(ids)


def collect(source_id: int, *, now: dt.datetime, allow: Allow = is_public) -> Report | None:
    """Fetch a source's feed and add what is new; None where nothing changed or it failed, which is kept with the source for editors."""
    source = Source.objects.get(pk=source_id)
    try:
        fetched = fetch(source.feed_url, etag=source.feed_etag, modified=source.feed_modified, allow=allow)
        report = _read(source, fetched.body, now=now) if fetched.body is not None else None
    except DomainError as error:
        # Kept in English, since any editor may read it.
        with translation.override("en"):
            _put_off(source, str(error.message), now=now)
        return None
    told = {"feed_etag": fetched.etag, "feed_modified": fetched.modified} if fetched.body is not None else {}
    again = now + dt.timedelta(minutes=source.feed_minutes)
    Source.objects.filter(pk=source.pk).update(feed_read_at=now, feed_next_at=again, feed_failures=0, feed_error="", **told)
    return report


def _put_off(source: Source, why: str, *, now: dt.datetime) -> None:
    failures = source.feed_failures + 1
    wait = min(dt.timedelta(minutes=source.feed_minutes) * 2 ** min(failures, _MOST_DOUBLINGS), LONGEST_WAIT)
    Source.objects.filter(pk=source.pk).update(feed_failures=failures, feed_error=why[:300], feed_next_at=now + wait)


def _read(source: Source, body: bytes, *, now: dt.datetime) -> Report:
    report = Report()
    with tempfile.NamedTemporaryFile(prefix="rapport-feed-") as file:
        file.write(body)
        file.flush()
        for _path, items in read_articles([Path(file.name)]):
            if isinstance(items, UnreadableFile):
                raise items
            held = list(items)
            if held and not any(isinstance(item, Refusal) or item.source for item in held):
                raise FetchRefused(sentence("not_a_feed"))
            articles = [item for item in held if not isinstance(item, Refusal)]
            report.read, report.refused = len(held), len(held) - len(articles)
            for first in range(0, len(articles), BATCH):
                drafts = drafts_of(articles[first : first + BATCH], now=now)
                report.count(add_to(source, drafts, actor=None, now=now, met=report.met))
    return report
