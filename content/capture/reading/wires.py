"""The SGML of Reuters' wire, as in its collection of 1987: not well-formed XML, one story after another."""

import re
from collections.abc import Iterable, Iterator
from html import unescape

from content.capture.reading.articles import Article, Draft, article
from content.capture.reading.limits import Setting
from content.capture.reading.markup import line_of, paragraphs_of
from content.capture.reading.moments import moment_of
from content.capture.reading.refusals import Refused

_STORY_END = "</REUTERS>"
_TEXT = re.compile(r"<TEXT\b[^<>]*>(.*?)</TEXT>", re.DOTALL)
_CONTROL = re.compile(r"&#\d{1,2};")
_SIGN_OFF = re.compile(r"\s*\bReuters?\s*$", re.IGNORECASE)
_INDENT = re.compile(r"\n(?=[ \t]{2,}\S|\s*\n)")
_SOURCE = "Reuters"


def read_wire(lines: Iterable[str], setting: Setting) -> Iterator[Article | Refused]:
    """The stories of a wire file, `row` counting from 1. Lines of a paragraph are joined; an indented line begins the next."""
    story: list[str] = []
    row = size = 0
    for line in lines:
        size += len(line)
        if size <= setting.limits.article_characters * 2:
            story.append(line)
        if _STORY_END in line:
            row += 1
            yield _story("".join(story), row, setting, is_whole=size <= setting.limits.article_characters * 2)
            story, size = [], 0
    if row == 0:
        raise Refused("no_entries")


def _story(story: str, row: int, setting: Setting, *, is_whole: bool) -> Article | Refused:
    if not is_whole:
        return Refused("article_too_long", row=row, limit=setting.limits.article_characters)
    written = line_of(_element("DATE", story))
    moment = moment_of(written, setting.zone)
    if written and moment is None:
        return Refused("bad_date", row=row, column="DATE", value=written)
    if moment and setting.is_future(moment):
        return Refused("future_date", row=row, column="DATE", value=written)
    text = _TEXT.search(story)
    inner = text[1] if text else ""
    body = _element("BODY", inner) or re.sub(r"<(TITLE|DATELINE|AUTHOR)>.*?</\1>", "", inner, flags=re.DOTALL)
    try:
        return article(
            Draft(
                title=_plain(_element("TITLE", inner)),
                body=_body(_plain(_element("DATELINE", inner)), body),
                published_at=moment,
                author=re.sub(r"^\s*by\s+", "", _plain(_element("AUTHOR", inner)).split(",")[0], flags=re.IGNORECASE),
                source_name=_SOURCE,
                row=row,
            ),
            setting,
        )
    except Refused as refused:
        return refused


def _element(name: str, text: str) -> str:
    found = re.search(rf"<{name}>(.*?)</{name}>", text, re.DOTALL)
    return _CONTROL.sub("", found[1]) if found else ""


def _plain(text: str) -> str:
    return " ".join(unescape(text).split())


def _body(dateline: str, body: str) -> str:
    paragraphs = [_plain(part) for part in _INDENT.split(_SIGN_OFF.sub("", _CONTROL.sub("", body)))]
    paragraphs = [part for part in paragraphs if part]
    if dateline and paragraphs:
        paragraphs[0] = f"{dateline.rstrip(' -')} - {paragraphs[0]}"
    return paragraphs_of("\n\n".join(paragraphs))
