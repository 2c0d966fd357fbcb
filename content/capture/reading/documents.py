"""PDF documents that hold text. What was only scanned holds none and is refused."""

import io
import re

from pypdf import PdfReader
from pypdf.errors import PyPdfError

from content.capture.reading.articles import Article, Draft, article, heading_of
from content.capture.reading.limits import Setting
from content.capture.reading.markup import line_of, paragraphs_of
from content.capture.reading.refusals import Refused
from crm.kernel.text import CJK

_SENTENCE_END = re.compile(r"[.!?。！？：:;；”」』)）]$")
_WRAPPED = 30
_LESS = re.compile(rf"(?<=[{CJK}，。、；：]) (?=[{CJK}])")
_NO_TITLE = re.compile(r"^(?:untitled|microsoft word|document\d*|.*\.(?:docx?|indd|pdf|qxd|pptx?))\b", re.IGNORECASE)


def read_document(data: bytes, setting: Setting) -> Article:
    """The text of a PDF as one article; the date of the file says nothing about the article's and is not taken.

    Refused: a password, more than `pages` pages, damage, or no text.
    """
    try:
        reader = PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise Refused("password")
        if len(reader.pages) > setting.limits.pages:
            raise Refused("too_many_pages", limit=setting.limits.pages)
        pages, left = [], setting.limits.article_characters
        for page in reader.pages:
            pages.append(page.extract_text())
            left -= len(pages[-1])
            if left < 0:
                raise Refused("article_too_long", limit=setting.limits.article_characters)
        title = str(reader.metadata.title or "") if reader.metadata else ""
    except (
        PyPdfError,
        ValueError,
        TypeError,
        KeyError,
        IndexError,
        AttributeError,
        AssertionError,
        RecursionError,
        NotImplementedError,
    ) as error:
        # pypdf answers to damage with whatever Python raises where it stumbles.
        raise Refused("damaged") from error
    body = _unwrapped("\n".join(pages))
    if not body:
        raise Refused("scanned")
    title = line_of(title)
    if not title or _NO_TITLE.match(title):
        title = heading_of(body)
        body = body.removeprefix(title).strip() or body
    return article(Draft(title=title, body=body), setting)


def _unwrapped(text: str) -> str:
    """Lines joined to paragraphs: a paragraph ends at a blank line, at a short line, or where a line ends a sentence."""
    paragraphs: list[str] = []
    is_open = False
    for line in (" ".join(line.split()) for line in text.split("\n")):
        if is_open and line:
            paragraphs[-1] += f" {line}"
        elif line:
            paragraphs.append(line)
        is_open = bool(line) and len(line) >= _WRAPPED and not _SENTENCE_END.search(line)
    return _LESS.sub("", paragraphs_of("\n\n".join(paragraphs)))
