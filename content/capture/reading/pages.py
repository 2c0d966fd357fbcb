"""A saved web page into its article: text, headline, date and author, by trafilatura; nothing of the page's own code survives."""

import re
from typing import Any

import trafilatura
from lxml import etree, html

from content.capture.reading.articles import LIMITS, Article, Refused
from content.capture.reading.dates import iso
from content.capture.reading.texts import decode, language_of, one_line, tidy

SHORTEST = 120
"""Characters (of Chinese: half as many) below which a page holds no article but a teaser, a paywall or a menu."""

_DECLARED = re.compile(rb"""<meta[^>]+charset\s*=\s*["']?\s*([\w-]+)|<\?xml[^>]+encoding\s*=\s*["']([\w-]+)""", re.IGNORECASE)
_SITE_TAIL = re.compile(r"(?:\s*[|_»]\s*|\s+[·—–-]\s+|\s*-{1,2}(?=[\u4e00-\u9fff]))[^|_»—–]{2,30}$")
_STATED = ("//meta[@property='og:title']/@content", "//meta[@name='twitter:title']/@content")
_TAILS = 4


def read_page(data: bytes, *, row: int = 1, url: str = "") -> Article:
    """The article of a page. Refused: too large, in no known encoding, or without an article."""
    if len(data) > LIMITS.page_bytes:
        raise Refused("page_too_big", limit=LIMITS.page_bytes // 1024 // 1024)
    declared = _DECLARED.search(data[:4096])
    text, _encoding = decode(data, (declared[1] or declared[2] or b"").decode("ascii", "ignore") if declared else "")
    try:
        found: Any = trafilatura.bare_extraction(text, url=url or None, with_metadata=True, include_comments=False, include_tables=True)
    except (etree.LxmlError, ValueError, RecursionError) as error:
        raise Refused("no_article") from error
    body = tidy((found.text if found else "") or "", LIMITS.article_characters)
    if found is None or len(body.encode()) < SHORTEST:
        raise Refused("no_article")
    return Article(
        row=row,
        title=_headline(text, found) or one_line(body.split("\n", 1)[0])[:120],
        body=body,
        published=iso(found.date or ""),
        author=one_line(found.author or ""),
        url=url or _address(found.url),
        source=one_line(found.sitename or found.hostname or ""),
        language=language_of(body),
    )


def plain(markup: str) -> str:
    """The text of a piece of HTML, as feeds and mails carry it: blocks become paragraphs, scripts and styles go."""
    if "<" not in markup and "&" not in markup:
        return tidy(markup, LIMITS.article_characters)
    try:
        root = html.fragment_fromstring(f"<div>{markup}</div>")
    except (etree.LxmlError, ValueError):
        return tidy(re.sub(r"<[^>]*>", " ", markup), LIMITS.article_characters)
    for dropped in root.xpath(".//script|.//style|.//iframe|.//object|.//noscript|.//comment()"):
        dropped.drop_tree()
    for block in root.xpath(".//p|.//div|.//br|.//li|.//h1|.//h2|.//h3|.//blockquote|.//tr"):
        block.tail = f"\n\n{block.tail or ''}"
        if block.tag != "br":
            block.text = f"\n\n{block.text or ''}"
    return tidy(str(root.text_content()), LIMITS.article_characters)


def _headline(text: str, found: Any) -> str:
    """The headline that most of the page's own places agree on: what is said in the head, in the first headings, and by trafilatura."""
    stated = one_line(found.title or "")
    try:
        root = html.fromstring(text.encode("utf-8", "replace"), parser=html.HTMLParser(encoding="utf-8"))
    except (etree.LxmlError, ValueError):
        return stated
    headings = [one_line(str(heading.text_content())) for heading in root.xpath("//h1")[:3]]
    heads = [one_line(" ".join(root.xpath(path)[:1])) for path in (*_STATED, "//title/text()")]
    offered = [name for name in (*headings, *map(_without_site, heads), stated) if 4 <= len(name.encode()) <= 900]
    agreed = [name for name in offered if sum(_alike(name, other) for other in offered) > 1] or offered
    return _uncut(agreed[0], agreed)[:300] if agreed else ""


def _uncut(name: str, others: list[str]) -> str:
    """Saved pages cut an attribute at its first quotation mark: then the whole headline stands elsewhere in the page."""
    longer = (other for other in others if other.startswith(name) and other[len(name) : len(name) + 1] in ('"', "'"))
    return max(longer, key=len, default=name)


def _without_site(title: str) -> str:
    """Without the newspaper and section that pages hang behind their headline."""
    for _tail in range(_TAILS):
        shorter = _SITE_TAIL.sub("", title)
        if shorter == title or len(shorter.encode()) < 12:
            break
        title = shorter
    return title


def _alike(first: str, second: str) -> bool:
    a, b = (re.sub(r"\W+", "", name).lower() for name in (first, second))
    return a == b or (min(len(a), len(b)) >= 8 and (a in b or b in a))


def _address(url: str | None) -> str:
    return url if url and url.startswith(("http://", "https://")) else ""
