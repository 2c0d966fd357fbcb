"""Which column of an archive holds what, proposed from its headings in English, traditional and simplified Chinese."""

import re
from collections.abc import Sequence

from crm.kernel.text import fold, has_han

# Folded: lower case, simplified. The better heading of a field stands first.
_WORDS: dict[str, tuple[str, ...]] = {
    "title": (
        "title",
        "headline",
        "heading",
        "news title",
        "article title",
        "subject",
        "标题",
        "新闻标题",
        "文章标题",
        "题目",
        "主题",
        "题名",
    ),
    "body": (
        "body",
        "content",
        "full text",
        "fulltext",
        "text",
        "article",
        "article body",
        "news content",
        "story",
        "正文",
        "全文",
        "内容",
        "内文",
        "新闻内容",
        "文章内容",
        "快讯",
        "文章",
    ),
    "summary": ("summary", "abstract", "description", "excerpt", "lead", "摘要", "简介", "概要", "导语", "描述"),
    "date": (
        "published at",
        "publishedat",
        "published",
        "publish date",
        "publish time",
        "publication date",
        "date published",
        "pub date",
        "pubdate",
        "datetime",
        "date time",
        "date",
        "timestamp",
        "created at",
        "发布时间",
        "发布日期",
        "发表时间",
        "发表日期",
        "发稿时间",
        "刊登日期",
        "见报日期",
        "新闻日期",
        "日期",
        "日期时间",
        "时间戳",
    ),
    "time": ("time", "publish hour", "时间"),
    "source": (
        "source",
        "source name",
        "publisher",
        "publication",
        "media",
        "outlet",
        "newspaper",
        "site",
        "来源",
        "新闻来源",
        "媒体",
        "出处",
        "报章",
        "报刊",
        "刊物",
        "网站",
    ),
    "url": (
        "url",
        "link",
        "href",
        "article url",
        "permalink",
        "web link",
        "链接",
        "连结",
        "网址",
        "网页",
        "原文链接",
        "新闻链接",
        "原文连结",
    ),
    "author": ("author", "authors", "byline", "writer", "reporter", "journalist", "作者", "记者", "撰文", "撰稿"),
}
_SHORTEST_PART = 2


def propose_columns(headings: Sequence[str]) -> dict[str, int]:
    """field -> index of its column. Fields: title, body, summary, date, time, source, url, author. One column serves one field.

    Without a date the time alone is the date. An exact heading wins; a Chinese one may also stand inside a longer heading.
    """
    keys = [re.sub(r"[\s_\-./:]+", " ", fold(heading)).strip() for heading in headings]
    found: dict[str, int] = {}
    for matches in (_is_exact, _is_inside):
        for field, words in _WORDS.items():
            if field not in found:
                free = (index for word in words for index, key in enumerate(keys) if index not in found.values() and matches(word, key))
                if (index := next(free, None)) is not None:
                    found[field] = index
    if "date" not in found and "time" in found:
        found["date"] = found.pop("time")
    return found


def is_archive(columns: dict[str, int]) -> bool:
    """Whether the headings are those of articles: a title or text, and something else that is known."""
    return bool(columns.keys() & {"title", "body"}) and len(columns) >= 2


def _is_exact(word: str, key: str) -> bool:
    return word == key


def _is_inside(word: str, key: str) -> bool:
    return has_han(word) and len(word) >= _SHORTEST_PART and word in key
