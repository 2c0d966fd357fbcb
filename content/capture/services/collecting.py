"""Feeds on their schedule: fetched outside any transaction, added, and their next time set; a failure waits longer each time."""

import datetime as dt

from django.db import transaction
from django.db.models import Q
from django.utils import translation

from content.capture.gateways import Allow, fetch
from content.capture.reading.guarded import read_file
from content.capture.services.importing import BATCH, HONG_KONG, Report, UnreadableFile, add_to, draft_of
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
    due = Source.objects.exclude(feed_url="").filter(Q(feed_next_at=None) | Q(feed_next_at__lte=now)).select_for_update()
    ids = list(due.values_list("pk", flat=True))
    Source.objects.filter(pk__in=ids).update(feed_next_at=now + _LEASE)
    for source_id in ids:
        enqueue(COLLECT, source_id=source_id)
    return len(ids)


def collect(source_id: int, *, now: dt.datetime, allow: Allow | None = None) -> Report | None:
    """Fetch a source's feed and add what is new; None where nothing changed or it failed, which is kept with the source for editors."""
    source = Source.objects.get(pk=source_id)
    try:
        fetched = fetch(source.feed_url, etag=source.feed_etag, last_modified=source.feed_modified, allow=allow)
        report = None if fetched.is_unchanged else _read(source, fetched.body, now=now)
    except DomainError as error:
        # Kept in English, since any editor may read it.
        with translation.override("en"):
            _put_off(source, str(error.message), now=now)
        return None
    told = {} if fetched.is_unchanged else {"feed_etag": fetched.etag[:200], "feed_modified": fetched.last_modified[:80]}
    again = now + dt.timedelta(minutes=source.feed_minutes)
    Source.objects.filter(pk=source.pk).update(feed_read_at=now, feed_next_at=again, feed_failures=0, feed_error="", **told)
    return report


def _put_off(source: Source, why: str, *, now: dt.datetime) -> None:
    failures = source.feed_failures + 1
    wait = min(dt.timedelta(minutes=source.feed_minutes) * 2 ** min(failures, _MOST_DOUBLINGS), LONGEST_WAIT)
    Source.objects.filter(pk=source.pk).update(feed_failures=failures, feed_error=why[:300], feed_next_at=now + wait)


def _read(source: Source, body: bytes, *, now: dt.datetime) -> Report:
    read = read_file(body, source.name, default_zone=HONG_KONG, now=now, feeds_only=True)
    whole = next((refusal for refusal in read.refusals if refusal.row is None), None)
    if whole is not None:
        raise UnreadableFile(whole.reason)
    report = Report(read=len(read.articles) + len(read.refusals), refused=len(read.refusals))
    for first in range(0, len(read.articles), BATCH):
        drafts = [draft_of(article, now=now) for article in read.articles[first : first + BATCH]]
        report.count(add_to(source, drafts, actor=None, now=now, met=report.met))
    return report
