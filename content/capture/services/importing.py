"""Files, pasted text and addresses into clippings: in batches, each row counted as what became of it."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from content.capture.guarded import UnreadableFile, read_articles, sentence
from content.capture.reading.articles import Article, Refusal
from content.clippings.choices import Class
from content.clippings.models import Source
from content.clippings.permissions import can_add_clipping, publishes_at_once
from content.clippings.services import Added, Draft, add_clippings, source_named
from crm.kernel.errors import Sentence

BATCH = 200
HONG_KONG = ZoneInfo("Asia/Hong_Kong")
"""The zone of a time that says none (contract.md, `import_clippings`)."""

_FUTURE = dt.timedelta(days=1)
MOST_ERRORS = 1_000


@dataclass
class Report:
    """What became of the rows of some files (contract.md, "Import reports"). Each row read is counted in exactly one of the six."""

    read: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    duplicates: int = 0
    refused: int = 0
    skipped: int = 0
    mentions: int = 0
    stories: int = 0
    met: Counter[str] = field(default_factory=Counter)
    errors: list[dict[str, Any]] = field(default_factory=list)
    clipping_ids: list[int] = field(default_factory=list)

    def count(self, added: Added) -> None:
        """Add what became of one batch."""
        self.created += len(added.created)
        self.updated += len(added.updated)
        self.unchanged += len(added.unchanged)
        self.duplicates += len(added.duplicates)
        self.mentions += added.mentions
        self.stories += added.stories
        if len(self.clipping_ids) < BATCH:
            self.clipping_ids += [row.pk for _place, row in sorted(added.rows.items())]

    def refuse(self, reason: Sentence, *, file: str, row: int, column: str = "", value: str = "") -> None:
        """Count a row that is no clipping, and say why."""
        self.read += 1
        self.refused += 1
        if len(self.errors) < MOST_ERRORS:
            self.errors.append({"file": file, "row": row, "column": column, "value": value, "reason": str(reason)})


def import_files(files: Sequence[tuple[str, Path]], *, actor: Any, now: dt.datetime, source: str = "", klass: str = Class.PUBLIC) -> Report:
    """Bring in the articles of files given as (name, path). `source` replaces what the files say of theirs.

    `actor` None is the bank's operator. NotAllowed for those who may not add; UnreadableFile where the only file cannot be read; of several
    an unusable one is one refused row.
    """
    if actor is not None:
        can_add_clipping(user=actor).require()
    report = Report()
    names = {path: name for name, path in files}
    for path, items in read_articles([path for _name, path in files]):
        name = names[path]
        if isinstance(items, UnreadableFile):
            if len(files) == 1:
                raise items
            report.refuse(items.message, file=name, row=0)
            continue
        _take(items, report, name=name, source=source, actor=actor, now=now, klass=klass)
    return report


def _take(items: Iterator[Article | Refusal], report: Report, *, name: str, source: str, actor: Any, now: dt.datetime, klass: str) -> None:
    waiting: dict[str, list[Draft]] = {}
    for item in items:
        if isinstance(item, Refusal):
            report.refuse(sentence(item.code), file=name, row=item.row, column=item.column, value=item.value)
            continue
        moment = _moment(item.published, now)
        if moment > now + _FUTURE:
            report.refuse(sentence("future"), file=name, row=item.row, column="published", value=item.published)
            continue
        report.read += 1
        of_source = waiting.setdefault(source or item.source or _stem(name), [])
        of_source.append(_draft(item, moment))
        if len(of_source) >= BATCH:
            _add(source or item.source or _stem(name), of_source, report, actor=actor, now=now, klass=klass)
            of_source.clear()
    for source_name, drafts in waiting.items():
        if drafts:
            _add(source_name, drafts, report, actor=actor, now=now, klass=klass)


def _add(source_name: str, drafts: Sequence[Draft], report: Report, *, actor: Any, now: dt.datetime, klass: str) -> None:
    source = source_named(source_name, actor=actor, now=now)
    report.count(add_to(source, drafts, actor=actor, now=now, klass=klass, met=report.met))


def add_to(
    source: Source,
    drafts: Sequence[Draft],
    *,
    actor: Any,
    now: dt.datetime,
    klass: str = Class.PUBLIC,
    met: Counter[str] | None = None,
) -> Added:
    """Add drafts to a source: published at once where it comes from the source itself or an editor, else into the editors' inbox."""
    publish = publishes_at_once(actor, source.publishes_directly)
    return add_clippings(source_id=source.pk, drafts=list(drafts), actor=actor, now=now, publish=publish, klass=klass, met=met)


def drafts_of(articles: Iterable[Article], *, now: dt.datetime) -> list[Draft]:
    """Articles as drafts; what says no time, or one that is yet to come, was published now."""
    return [_draft(article, min(_moment(article.published, now), now)) for article in articles]


def _draft(article: Article, moment: dt.datetime) -> Draft:
    return Draft(
        title=article.title, body=article.body, published_at=moment, url=article.url, author=article.author, language=article.language
    )


def _moment(written: str, now: dt.datetime) -> dt.datetime:
    """A time of publication; without a zone it is Hong Kong's, without a time it is now."""
    if not written:
        return now
    moment = dt.datetime.fromisoformat(written)
    return moment if moment.tzinfo else moment.replace(tzinfo=HONG_KONG)


def _stem(name: str) -> str:
    """What an archive is called after where it says nothing of its source: its own name without endings."""
    return Path(name).name.split(".", 1)[0][:120] or "archive"
