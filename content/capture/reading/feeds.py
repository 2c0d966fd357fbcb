"""RSS and Atom, through feedparser, which never sees an address and so never fetches."""

import calendar
import datetime as dt
import io
import re
from collections.abc import Iterator
from typing import Any

import feedparser

from content.capture.reading.articles import Article, Draft, article
from content.capture.reading.limits import Setting
from content.capture.reading.markup import line_of, text_of_cell
from content.capture.reading.moments import moment_of
from content.capture.reading.refusals import Refused

_ENTITY = re.compile(r"<!ENTITY\b", re.IGNORECASE)
_HEADERS = {"content-type": "application/xml; charset=utf-8"}


def read_feed(text: str, setting: Setting) -> Iterator[Article | Refused]:
    """The entries of a feed. A time that cannot be read is left out, one that lies ahead refuses the entry. Refused: entities, no entry."""
    if _ENTITY.search(text):
        raise Refused("entities")
    feed = feedparser.parse(io.BytesIO(text.encode("utf-8", errors="replace")), response_headers=_HEADERS)
    if not feed.entries:
        raise Refused("no_entries")
    source = line_of(feed.feed.get("title", ""))
    for row, entry in enumerate(feed.entries, start=1):
        try:
            yield article(_draft(entry, row, source, setting), setting)
        except Refused as refused:
            yield refused


def _draft(entry: Any, row: int, source: str, setting: Setting) -> Draft:
    written = entry.get("published") or entry.get("updated") or ""
    moment = moment_of(written, setting.zone) or _parsed(entry)
    if moment and setting.is_future(moment):
        raise Refused("future_date", row=row, column="published", value=written)
    contents = [part.get("value", "") for part in entry.get("content", [])]
    return Draft(
        title=entry.get("title", ""),
        body=text_of_cell(max((*contents, entry.get("summary", "")), key=len)),
        published_at=moment,
        author=entry.get("author", ""),
        url=entry.get("link", ""),
        source_name=line_of(entry.get("source", {}).get("title", "")) or source,
        row=row,
    )


def _parsed(entry: Any) -> dt.datetime | None:
    """The moment as feedparser reads the odder spellings; it is in UTC."""
    parts = entry.get("published_parsed") or entry.get("updated_parsed")
    return dt.datetime.fromtimestamp(calendar.timegm(parts), tz=dt.UTC) if parts else None
