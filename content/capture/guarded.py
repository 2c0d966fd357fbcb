"""Reads a file in a process of its own, which may crash, swell or hang without harm to ours; and says why a file or row is refused."""

import json
import logging
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from django.utils.functional import Promise, lazystr
from django.utils.translation import gettext_lazy as _

from content.capture.reading.articles import LIMITS, MEGABYTE, Article, Refusal
from crm.kernel.errors import DomainError

log = logging.getLogger(__name__)

_ROOT = Path(__file__).resolve().parents[2]

SENTENCES: dict[str, Promise] = {
    "empty": _("The file is empty."),
    "too_big": _("The file is larger than %(limit)s MB."),
    "picture": _("The file is a picture. Give the page, the text or a PDF with text."),
    "packed": _("The file is an archive or an office document. Unpack it, or save it as PDF or text."),
    "binary": _("The file is no text that we know."),
    "damaged": _("The file is damaged and cannot be read."),
    "locked": _("The PDF is protected by a password."),
    "no_text": _("The PDF holds pictures of pages and no text."),
    "encoding": _("The text is in no encoding that we know. Save it as UTF-8."),
    "unpacks_too_big": _("The file unpacks to more than %(limit)s MB."),
    "page_too_big": _("The page is larger than %(limit)s MB."),
    "no_article": _("No article was found in it: it may be a teaser, a paywall or a list of links."),
    "not_a_feed": _("It is no feed that can be read (RSS or Atom)."),
    "no_columns": _("No column with headlines or text was found. The columns are: %(columns)s."),
    "too_many": _("The file holds more than %(limit)s articles. Divide it."),
    "too_slow": _("The file took longer than %(limit)s seconds to read and was given up."),
    "too_much_memory": _("The file needs more than %(limit)s MB of memory to read and was given up."),
    "crashed": _("The file made the reader stop, which damaged files do."),
    "no_date": _("This is no date that we can read."),
    "future": _("The date lies in the future."),
    "empty_row": _("There is neither a headline nor a text."),
    "not_an_object": _("The line is no object with names and values."),
}


class UnreadableFile(DomainError):
    """Nothing can be read of the file; the message says why."""

    code = "unreadable_file"


class _Deferred:
    def __init__(self, code: str, params: Mapping[str, object]) -> None:
        self._code, self._params = code, dict(params)

    def __str__(self) -> str:
        return str(SENTENCES[self._code]) % self._params


def sentence(code: str, params: Mapping[str, object] | None = None) -> Promise:
    """The sentence of a refusal, put together only when it is shown, so in the language of whoever reads it."""
    return lazystr(_Deferred(code, params or {}))


Items = Iterator[Article | Refusal]
_TOGETHER, _SMALL = 25, MEGABYTE


def read_articles(paths: Sequence[Path]) -> Iterator[tuple[Path, Items | UnreadableFile]]:
    """Each file with its articles and refused rows, to be read before the next is asked for; or with why nothing can be read of it.

    Small files share a process, since to start one takes longer than to read a page; where that breaks, each is read by itself.
    """
    for group in _groups(paths):
        outs = [_temporary() for _path in group]
        try:
            answers = _answers(group, outs)
            for path, out, answer in zip(group, outs, answers, strict=True):
                refused = answer.get("refused")
                yield path, UnreadableFile(sentence(refused, answer["params"])) if refused else _items(out)
        finally:
            for out in outs:
                out.unlink(missing_ok=True)


def _groups(paths: Sequence[Path]) -> Iterator[list[Path]]:
    group: list[Path] = []
    for path in paths:
        if path.stat().st_size > _SMALL:
            yield [path]
            continue
        group.append(path)
        if len(group) == _TOGETHER:
            yield group
            group = []
    if group:
        yield group


def _temporary() -> Path:
    handle, name = tempfile.mkstemp(prefix="rapport-articles-", suffix=".jsonl")
    os.close(handle)
    return Path(name)


def _items(out: Path) -> Items:
    with out.open(encoding="utf-8") as file:
        for line in file:
            values = json.loads(line)
            yield Refusal(**values) if "code" in values else Article(**values)


def _answers(paths: Sequence[Path], outs: Sequence[Path]) -> list[dict[str, Any]]:
    if len(paths) == 1 and paths[0].stat().st_size > LIMITS.file_bytes:
        return [_refused("too_big", LIMITS.file_bytes // MEGABYTE)]
    answers, why = _run(paths, outs)
    if why is None:
        return answers
    if len(paths) == 1:
        return [why]
    return [answer for path, out in zip(paths, outs, strict=True) for answer in _answers([path], [out])]


def _refused(code: str, limit: int = 0) -> dict[str, Any]:
    return {"refused": code, "params": {"limit": limit}}


def _run(paths: Sequence[Path], outs: Sequence[Path]) -> tuple[list[dict[str, Any]], dict[str, Any] | None]:
    """The answers of a process, and, where it broke, what for."""
    # Nothing of our environment goes along: the child needs neither database nor secrets.
    environment = {"PATH": os.environ.get("PATH", ""), "PYTHONUTF8": "1", "OPENBLAS_NUM_THREADS": "1"}
    named = [str(name) for path, out in zip(paths, outs, strict=True) for name in (path.resolve(), out)]
    try:
        done = subprocess.run(  # noqa: S603 - our own interpreter and module, no shell
            [sys.executable, "-m", "content.capture.reading.child", *named],
            cwd=_ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=LIMITS.seconds,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return [], _refused("too_slow", LIMITS.seconds)
    if b"MemoryError" in done.stderr or b"memory allocation" in done.stderr:
        return [], _refused("too_much_memory", LIMITS.memory_bytes // MEGABYTE)
    if done.returncode != 0:
        log.warning("The reader of a file ended with %s: %s", done.returncode, done.stderr[-500:].decode(errors="replace"))
        return [], _refused("crashed")
    return [json.loads(line) for line in done.stdout.splitlines()], None
