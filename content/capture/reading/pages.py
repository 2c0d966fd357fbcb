"""Saved web pages: trafilatura finds the text; title and time are told from all that the page says of itself."""

import datetime as dt
import re
from typing import Any

from rapidfuzz import fuzz
from trafilatura import bare_extraction
from trafilatura.settings import Document
from trafilatura.utils import load_html

from content.capture.reading.articles import Article, Draft, article
from content.capture.reading.limits import Setting
from content.capture.reading.markup import line_of, paragraphs_of
from content.capture.reading.moments import is_day_only, moment_of
from content.capture.reading.refusals import Refused
from crm.kernel.text import HAN, fold

_DECLARATION = re.compile(r"^\s*<\?xml[^<>]*\?>")
_HAN = re.compile(f"[{HAN}]")
_ALIKE = 75
_SHORTEST_TITLE = 4

_TAIL = re.compile(r"(?:\s+[-–—|·»]+\s+|\s*[_|]\s*|\s*--\s*|\s+::\s+)(?=[^-–—|_]+$)")
_CHINESE_TAIL = re.compile(r"[-－—]\s*[^-－—]{0,12}(?:网|網|新闻|新聞|频道|頻道|财经|財經|在线|日报|日報|报|報|客户端)$")
_LONGEST_TAIL = 40

_DAY_METAS = (
    "article:published_time",
    "og:published_time",
    "datepublished",
    "publishdate",
    "pubdate",
    "publish_date",
    "publication_date",
    "weibo:article:create_at",
    "parsely-pub-date",
    "sailthru.date",
    "dc.date.issued",
    "dcterms.created",
    "date",
    "og:time",
    "og:release_date",
    "og:pubdate",
)
_LD_DAY = re.compile(r'"datePublished"\s*:\s*"([^"]{8,40})"')
_LD_HEADLINE = re.compile(r'"headline"\s*:\s*"((?:[^"\\]|\\.){4,400})"')
_ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})")
_CLOCKED = r"[\s　]*(?:日|号|號)?[\s　]*\d{1,2}[:：]\d{2}(?:[:：]\d{2})?"


def read_page(text: str, setting: Setting, url: str = "") -> Article:
    """The article of the page in `text`, saved from `url` if that is known.

    Refused: a page that is too large, holds no article, or only the first lines of one (`shortest_article` characters of English; a
    Chinese character counts two and a half times, since it says as much).
    """
    if len(text) > setting.limits.page_characters:
        raise Refused("page_too_big", limit=setting.limits.page_characters // 1_000_000)
    text = _DECLARATION.sub("", text)
    tree = load_html(text)
    found = bare_extraction(text, include_comments=False, with_metadata=True) if tree is not None else None
    if not isinstance(found, Document) or not found.text:
        raise Refused("no_article")
    body = "\n\n".join(line for line in paragraphs_of(found.text).split("\n") if line)
    if len(body) + 1.5 * len(_HAN.findall(body)) < setting.limits.shortest_article:
        raise Refused("stub", found=len(body))
    site = line_of(found.sitename or "")
    title = title_of(tree, text, site) or found.title or ""
    first, _, rest = body.partition("\n\n")
    draft = Draft(
        title=title,
        body=rest if rest and _is_same(first, title) else body,
        published_at=_published_at(tree, text, found.date or "", setting),
        author=(found.author or "").replace("; ", ", "),
        url=url or found.url or "",
        source_name=site,
    )
    return article(draft, setting)


def title_of(tree: Any, text: str, site: str = "") -> str:
    """The headline of a page: the heading that agrees with what the page calls itself, else that name without the site's.

    `tree` is the page as trafilatura parsed it. Headings alone mislead (sites put their own name in the first), and so do the names
    for sharing (cut off at a quotation mark, or written to be clicked).
    """
    headings = [line for line in (line_of(found.text_content()) for found in tree.xpath("//h1")) if len(line) >= _SHORTEST_TITLE]
    shared = [line_of(value) for value in tree.xpath("//meta[@property='og:title' or @name='og:title']/@content") if value.strip()]
    window = [
        line_of(value) for value in tree.xpath("//head/title/text() | //title[not(ancestor::*[name()='svg'])]/text()") if value.strip()
    ]
    said = [line_of(_ESCAPE.sub(lambda found: chr(int(found[1], 16)), value)) for value in _LD_HEADLINE.findall(text)]
    bare = [_without_site(name, site) for name in (*shared[:1], *window[:1])]
    for agrees in (_is_same, _is_like):
        for heading in headings:
            if any(agrees(heading, name) for name in (*said, *bare)):
                return heading
    return next(iter((*bare, *said, *headings)), "")


def _is_same(heading: str, name: str) -> bool:
    return _key(heading) == _key(name)


def _is_like(heading: str, name: str) -> bool:
    one, other = _key(heading), _key(name)
    if not one or not other:
        return False
    return other.startswith(one) or (one.startswith(other) and len(other) * 4 >= len(one)) or fuzz.ratio(one, other) >= _ALIKE


def _key(name: str) -> str:
    return "".join(character for character in fold(name) if character.isalnum())


def _without_site(name: str, site: str) -> str:
    """A page's name without the name of its site behind it, which stands behind a bar or a dash."""
    while True:
        tails = list(_TAIL.finditer(name)) or list(_CHINESE_TAIL.finditer(name))
        if not tails or tails[-1].start() < _SHORTEST_TITLE * 2:
            return name
        tail = name[tails[-1].start() :].strip(" -–—－|·»_:")
        is_site = bool(site) and (_key(tail) in _key(site) or _key(site) in _key(tail))
        if not is_site and (len(tail) > _LONGEST_TAIL or len(tail) > len(name) / 2):
            return name
        name = name[: tails[-1].start()].strip()


def _published_at(tree: Any, text: str, day: str, setting: Setting) -> dt.datetime | None:
    """When the page says that it was published; empty where it says nothing, or a day that has not come yet."""
    named: dict[str, str] = {}
    for meta in tree.xpath("//meta[@content]"):
        for attribute in ("property", "name", "itemprop"):
            named.setdefault((meta.get(attribute) or "").lower(), meta.get("content"))
    written = [named[name] for name in _DAY_METAS if name in named]
    written += [*tree.xpath("//time[@itemprop='datePublished' or @pubdate]/@datetime"), *_LD_DAY.findall(text)[:1], day]
    moments = [(value, moment) for value in written if (moment := moment_of(value, setting.zone)) and not setting.is_future(moment)]
    if not moments:
        return None
    value, moment = next(((value, moment) for value, moment in moments if not is_day_only(value)), moments[0])
    return (_with_clock(tree, moment, setting) or moment) if is_day_only(value) else moment


def _with_clock(tree: Any, moment: dt.datetime, setting: Setting) -> dt.datetime | None:
    """The same day with the time that stands beside it on the page ("2019-11-20 08:35")."""
    day = rf"{moment.year}\s*[-/.年]\s*0?{moment.month}\s*[-/.月]\s*0?{moment.day}{_CLOCKED}"
    found = re.search(day, tree.text_content()[:200_000])
    return moment_of(re.sub(r"[\s　]+", " ", found[0]), setting.zone) if found else None
