"""Reads a file of articles in a process of its own, which may crash, swell or hang without harm to ours."""

import datetime as dt
import json
import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.functional import Promise

from content.capture.reading.articles import Article
from content.capture.reading.limits import Limits
from content.capture.reading.sentences import sentence
from crm.kernel.clock import now as this_moment
from crm.kernel.confined import MEGABYTE, Ended, run

_ROOT = Path(__file__).resolve().parents[3]


@dataclass(frozen=True)
class Refusal:
    """A row that was not taken, or the whole file (`row` is None, `value` the file's name). `code` and `params` can be stored."""

    row: int | None
    column: str
    value: str
    code: str
    params: dict[str, Any] = field(default_factory=dict, hash=False)

    @property
    def reason(self) -> Promise:
        """Why, as a sentence in the language of whoever reads it."""
        return sentence(self.code, self.params)


@dataclass(frozen=True)
class Reading:
    """What a file gave: its articles, and what was refused, both in the order of the file."""

    articles: list[Article]
    refusals: list[Refusal]


def read_file(
    file: Path | bytes, name: str, *, default_zone: ZoneInfo, now: dt.datetime | None = None, feeds_only: bool = False
) -> Reading:
    """All that `iter_articles` finds, in two lists."""
    articles: list[Article] = []
    refusals: list[Refusal] = []
    for found in iter_articles(file, name, default_zone=default_zone, now=now, feeds_only=feeds_only):
        if isinstance(found, Article):
            articles.append(found)
        else:
            refusals.append(found)
    return Reading(articles, refusals)


def iter_articles(
    file: Path | bytes, name: str, *, default_zone: ZoneInfo, now: dt.datetime | None = None, feeds_only: bool = False
) -> Iterator[Article | Refusal]:
    """The articles of `file` (a path, or its bytes), called `name` by its owner, with refused rows in their places.

    Args:
        file: A saved page, feed, archive (CSV, TSV, JSON lines), wire (Reuters SGML), mail, PDF or text, also gzipped; told by content.
        name: How the owner calls the file; the refusal of the whole file names it.
        default_zone: The zone of published times that name none.
        now: Aware; what was published more than a day later is refused in archives and left empty for one page. By default this moment.
        feeds_only: Refuse whatever is no feed.

    A file refused as a whole gives one refusal and no article; nothing is raised for it. OSError: `file` cannot be read.
    """
    with tempfile.TemporaryDirectory(prefix="rapport-articles-") as folder:
        path, found_path = Path(folder) / "file", Path(folder) / "found.jsonl"
        if isinstance(file, bytes):
            path.write_bytes(file)
        else:
            path = file.resolve(strict=True)
        answer = _answer(path, [str(found_path), default_zone.key, (now or this_moment()).isoformat(), *(["feed"] if feeds_only else [])])
        if answer:
            yield _refusal({**answer, "value": answer["value"] or name})
            return
        with found_path.open(encoding="utf-8") as lines:
            for line in lines:
                found = json.loads(line)
                yield _refusal(found) if "refused" in found else _article(found)


def _answer(path: Path, arguments: list[str]) -> dict[str, Any]:
    limits = Limits()
    if path.stat().st_size > limits.file_bytes:
        return _whole("too_big", limits.file_bytes // MEGABYTE)
    if not os.access(path, os.R_OK):
        raise PermissionError(path)
    try:
        said = run("content.capture.reading.child", [str(path), *arguments], root=_ROOT, seconds=limits.seconds)
    except Ended as ended:
        limit = {"too_slow": limits.seconds, "too_much_memory": limits.memory_bytes // MEGABYTE}.get(ended.code)
        return _whole(ended.code, limit)
    answer: dict[str, Any] = json.loads(said)
    return answer


def _whole(code: str, limit: int | None) -> dict[str, Any]:
    return {"refused": code, "params": {} if limit is None else {"limit": limit}, "row": None, "column": "", "value": ""}


def _refusal(found: dict[str, Any]) -> Refusal:
    return Refusal(found["row"], found["column"], found["value"], found["refused"], found["params"])


def _article(found: dict[str, Any]) -> Article:
    published = found.pop("published_at")
    return Article(**found, published_at=dt.datetime.fromisoformat(published) if published else None)
