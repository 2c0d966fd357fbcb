"""Files into clippings: read in confined processes, added in batches, each row counted as what became of it."""

import datetime as dt
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from content.capture.reading.articles import Article
from content.capture.reading.guarded import Refusal, iter_articles
from content.clippings.choices import Class
from content.clippings.models import Source
from content.clippings.permissions import can_add_clipping, publishes_at_once
from content.clippings.services import Added, Draft, add_clippings, source_named
from crm.kernel.errors import DomainError, Sentence

BATCH = 200
AT_ONCE = 2
"""Files that are read at the same time, each in a process of its own."""

HONG_KONG = ZoneInfo("Asia/Hong_Kong")
"""The zone of a time that says none (contract.md, `import_clippings`)."""

MOST_ERRORS = 1_000
EARLIEST_YEAR = 1600


class UnreadableFile(DomainError):
    """Nothing can be read of the file; the message says why."""

    code = "unreadable_file"


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
    for name, found in _readings(files, now):
        whole = next((item for item in found if isinstance(item, Refusal) and item.row is None), None)
        if whole is not None and len(files) == 1:
            raise UnreadableFile(whole.reason)
        _take(found, report, name=name, source=source, actor=actor, now=now, klass=klass)
    return report


def _readings(files: Sequence[tuple[str, Path]], now: dt.datetime) -> Iterator[tuple[str, Iterable[Article | Refusal]]]:
    """Each file with what was read of it. To start a reader takes longer than to read a page, so the next ones are started meanwhile."""
    with ThreadPoolExecutor(AT_ONCE) as readers:
        waiting: deque[tuple[str, Any]] = deque()
        for name, path in files:
            waiting.append((name, readers.submit(_read, path, name, now)))
            if len(waiting) > AT_ONCE:
                first, reading = waiting.popleft()
                yield first, reading.result()
        for first, reading in waiting:
            yield first, reading.result()


def _read(path: Path, name: str, now: dt.datetime) -> list[Article | Refusal]:
    return list(iter_articles(path, name, default_zone=HONG_KONG, now=now))


def _take(items: Iterable[Article | Refusal], report: Report, *, name: str, source: str, actor: Any, now: dt.datetime, klass: str) -> None:
    waiting: dict[str, list[Draft]] = {}
    for item in items:
        if isinstance(item, Refusal):
            report.refuse(item.reason, file=name, row=item.row or 0, column=item.column, value=item.value)
            continue
        report.read += 1
        called = source or item.source_name or _stem(name)
        of_source = waiting.setdefault(called, [])
        of_source.append(draft_of(item, now=now))
        if len(of_source) >= BATCH:
            _add(called, of_source, report, actor=actor, now=now, klass=klass)
            of_source.clear()
    for called, drafts in waiting.items():
        if drafts:
            _add(called, drafts, report, actor=actor, now=now, klass=klass)


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


def draft_of(article: Article, *, now: dt.datetime) -> Draft:
    """An article as a draft. What says no time, one that is yet to come, or one before there were papers, was published now."""
    moment = article.published_at
    if moment is None or moment > now or moment.year < EARLIEST_YEAR:
        moment = now
    return Draft(
        title=article.title,
        body=article.body,
        published_at=moment,
        url=article.url,
        author=article.author,
        language=article.language,
    )


def _stem(name: str) -> str:
    """What an archive is called after where it says nothing of its source: its own name without endings."""
    return Path(name).name.split(".", 1)[0][:120] or "archive"
