"""Archives of many articles: tables (CSV, TSV), JSON lines, Reuters SGML; and feeds."""

import csv
import html
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import feedparser

from content.capture.reading.articles import LIMITS, Article, Refusal, Refused
from content.capture.reading.dates import iso
from content.capture.reading.pages import plain
from content.capture.reading.texts import language_of, one_line, tidy

Item = Article | Refusal

_COLUMNS = {
    "title": "title headline subject 標題 标题 題目 题目 新聞標題 新闻标题 主題",
    "body": "content body text article summary description 內容 内容 正文 內文 内文 摘要 全文",
    "published": "published published_at datetime date time pubdate pub_date 時間 时间 日期 發佈時間 发布时间 發布時間 刊登日期",
    "url": "url link href address 連結 链接 鏈接 網址 网址 原文連結",
    "author": "author byline writer 作者 記者 记者",
    "source": "source publisher media paper site 來源 来源 媒體 媒体 報章 报纸",
}
_FIELD_OF = {name: field for field, names in _COLUMNS.items() for name in names.split()}
# A wire writes headline and text as one: 【headline】text.
_BRACKETED = re.compile(r"^\s*【([^】]{4,120})】\s*(.*)$", re.DOTALL)
_STORY = re.compile(r"<REUTERS\b(.*?)</REUTERS>", re.DOTALL)
_LONGEST_HEADLINE = 120


def read_table(text: str, delimiter: str) -> Iterator[Item]:
    """The rows of a table with a header row that names a headline or a text. Refused where there is none."""
    csv.field_size_limit(LIMITS.article_characters)
    rows = csv.reader(io.StringIO(text), delimiter=delimiter)
    try:
        header = [name.strip().lstrip("\ufeff") for name in next(rows, [])]
        fields = columns(header)
        if not {"title", "body"} & fields.keys():
            raise Refused("no_columns", columns=", ".join(filter(None, header))[:200])
        for cells in rows:
            if any(cell.strip() for cell in cells):
                yield _row(rows.line_num, {field: cells[at] for field, at in fields.items() if at < len(cells)}, header, fields)
    except csv.Error as error:
        raise Refused("damaged") from error


def columns(header: Iterable[str]) -> dict[str, int]:
    """Which column holds which field, by the headers of English, traditional and simplified archives."""
    found: dict[str, int] = {}
    for at, name in enumerate(header):
        field = _FIELD_OF.get(name.strip().lower().replace(" ", "_"))
        if field and field not in found:
            found[field] = at
    return found


def _row(number: int, values: Mapping[str, str], header: list[str], fields: Mapping[str, int]) -> Item:
    """An article, or why the row is none. A date that cannot be read is refused: guessing would put it into the wrong week."""
    written = values.get("published", "").strip()
    published = iso(written)
    if written and not published:
        return Refusal(number, "no_date", header[fields["published"]] if header else "published", written[:100])
    return _article(number, values, published)


def _article(number: int, values: Mapping[str, str], published: str) -> Item:
    title, body = one_line(values.get("title", "")), plain(values.get("body", ""))
    if not title:
        bracketed = _BRACKETED.match(body)
        title, body = (one_line(bracketed[1]), bracketed[2].strip()) if bracketed else (_first_sentence(body), body)
    if not title:
        return Refusal(number, "empty_row")
    url = values.get("url", "").strip()
    return Article(
        row=number,
        title=title,
        body=body,
        published=published,
        author=one_line(values.get("author", "")),
        url=url if url.startswith(("http://", "https://")) else "",
        source=one_line(values.get("source", "")),
        language=language_of(f"{title}\n{body}"),
    )


def _first_sentence(body: str) -> str:
    """What stands for a missing headline: the text to its first full stop, cut where that is far."""
    line = body.split("\n", 1)[0]
    end = re.search(r"[。！？]|[.!?](?=\s|$)", line)
    short = line[: end.end()] if end else line
    return short if len(short) <= _LONGEST_HEADLINE else short[: _LONGEST_HEADLINE - 1] + "…"


def read_json(text: str) -> Iterator[Item]:
    """JSON lines, or one list of objects, with the same names as the columns of a table."""
    stripped = text.lstrip()
    try:
        records: Iterable[tuple[int, Any]]
        if stripped.startswith("["):
            records = enumerate(json.loads(stripped), 1)
        else:
            records = ((number, json.loads(line)) for number, line in enumerate(text.split("\n"), 1) if line.strip())
        for number, record in records:
            if not isinstance(record, dict):
                yield Refusal(number, "not_an_object")
                continue
            names = [str(name) for name in record]
            fields = columns(names)
            texts = {field: str(record[names[at]] or "") for field, at in fields.items()}
            yield _row(number, texts, names, fields)
    except (ValueError, RecursionError) as error:
        raise Refused("damaged") from error


def read_sgml(text: str) -> Iterator[Item]:
    """The stories of a Reuters-21578 file, which is no well-formed XML. Its times say no zone."""
    for number, match in enumerate(_STORY.finditer(text), 1):
        story = match[1]
        title, body = one_line(html.unescape(_element(story, "TITLE"))), _element(story, "BODY") or _element(story, "TEXT")
        body = re.sub(r"\n {3,}(?=\S)", "\n\n", html.unescape(re.sub(r"<[^>]*>", " ", body)))
        body = re.sub(r"\s*\bReuter\s*$", "", tidy(body, LIMITS.article_characters), flags=re.IGNORECASE)
        body = "\n\n".join(" ".join(paragraph.split()) for paragraph in body.split("\n\n"))
        if not title and not body:
            yield Refusal(number, "empty_row")
            continue
        written = _element(story, "DATE").strip()
        published = iso(written.split(".")[0])
        if not published:
            yield Refusal(number, "no_date", "DATE", written[:100])
            continue
        yield Article(number, title or _first_sentence(body), body, published, source="Reuters", language="en")


def _element(story: str, name: str) -> str:
    match = re.search(rf"<{name}>(.*?)</{name}>", story, re.DOTALL)
    return match[1] if match else ""


def read_feed(data: bytes) -> Iterator[Item]:
    """The entries of an RSS or Atom feed. Refused where it is none, or none that can be read."""
    feed = feedparser.parse(data, sanitize_html=True, resolve_relative_uris=False)
    if not feed.get("version"):
        raise Refused("not_a_feed")
    source = one_line(plain(feed.feed.get("title", "")))
    for number, entry in enumerate(feed.entries, 1):
        body = max((plain(part.get("value", "")) for part in (*entry.get("content", ()), {"value": entry.get("summary", "")})), key=len)
        title = one_line(plain(entry.get("title", ""))) or _first_sentence(body)
        if not title:
            yield Refusal(number, "empty_row")
            continue
        link = entry.get("link", "")
        moment = entry.get("published_parsed") or entry.get("updated_parsed")
        yield Article(
            row=number,
            title=title,
            body=body,
            published=iso("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}+00:00".format(*moment[:6])) if moment else "",
            author=one_line(entry.get("author", "")),
            url=link if link.startswith(("http://", "https://")) else "",
            source=source,
            language=language_of(f"{title}\n{body}"),
        )
