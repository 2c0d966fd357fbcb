"""An article as it is read: plain text and what is known about it."""

import datetime as dt
import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from content.capture.reading.language import language_of
from content.capture.reading.limits import Setting
from content.capture.reading.markup import line_of
from content.capture.reading.refusals import Refused

_LOST = "\ufffd"


@dataclass(frozen=True, kw_only=True)
class Article:
    """One article. All text is plain, paragraphs of the body are separated by a blank line; what is not known is empty.

    `published_at` is aware. `language` is `en`, `zh-hant`, `zh-hans` or empty. `row` is where it stood in its file: the record of an
    archive as a spreadsheet counts, the number of a feed's entry or of a wire's story, 1 for what holds a single article.
    """

    title: str
    body: str
    published_at: dt.datetime | None = None
    author: str = ""
    url: str = ""
    language: str = ""
    source_name: str = ""
    row: int = 1


@dataclass(frozen=True, kw_only=True)
class Draft:
    """What a reader found, before it is checked and made tidy. `body` is plain text with its paragraphs apart already."""

    title: str
    body: str
    published_at: dt.datetime | None = None
    author: str = ""
    url: str = ""
    source_name: str = ""
    row: int = 1


def article(draft: Draft, setting: Setting) -> Article:
    """The article of a draft. Refused: nothing to read in it, characters lost in it, or too long; `row` is that of the draft."""
    limits = setting.limits
    title, body = line_of(draft.title), draft.body.strip()
    if not title:
        title = heading_of(body)
    if not title and not body:
        raise Refused("no_text", row=draft.row)
    if len(body) > limits.article_characters:
        raise Refused("article_too_long", row=draft.row, limit=limits.article_characters)
    if _LOST in title or _LOST in body:
        at = (title + "\n" + body).index(_LOST)
        raise Refused("damaged_text", row=draft.row, value=line_of((title + "\n" + body)[max(0, at - 20) : at + 20]))
    return Article(
        title=shortened(title, limits.title_characters),
        body=body,
        published_at=draft.published_at,
        author=shortened(line_of(draft.author).replace(_LOST, ""), limits.name_characters),
        url=address(draft.url, limits.url_characters),
        language=language_of(f"{title}\n{body}"),
        source_name=shortened(line_of(draft.source_name).replace(_LOST, ""), limits.name_characters),
        row=draft.row,
    )


_SENTENCE = re.compile(r".{8,120}?(?:[。！？]|[.!?](?=\s|$))", re.DOTALL)
_HEADING_CHARACTERS = 100


def heading_of(body: str) -> str:
    """A title for a text that has none: its first line, or the first sentence of a long one."""
    first = body.strip().split("\n", 1)[0].strip()
    if len(first) <= _HEADING_CHARACTERS:
        return first.removesuffix("。")
    sentence = _SENTENCE.match(first)
    return sentence[0].rstrip("。") if sentence else shortened(first, _HEADING_CHARACTERS)


def shortened(text: str, length: int) -> str:
    """`text` in at most `length` characters, with an ellipsis where it was cut."""
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"


def address(url: str, length: int = 2_000) -> str:
    """`url` if it is a whole http or https address of at most `length` characters, else nothing."""
    url = line_of(url)
    try:
        parts = urlsplit(url)
        is_whole = parts.scheme.lower() in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return ""
    return url if is_whole and len(url) <= length and not re.search(r"[\s<>\"'\\]", url) else ""
