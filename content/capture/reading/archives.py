"""Archives of articles: CSV and its like, JSON lines, and a JSON array of objects."""

import csv
import datetime as dt
import io
import itertools
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import IO, Any

from content.capture.reading.articles import Article, Draft, article
from content.capture.reading.columns import is_archive, propose_columns
from content.capture.reading.limits import Setting
from content.capture.reading.markup import line_of, text_of_cell
from content.capture.reading.moments import is_day_only, moment_of
from content.capture.reading.refusals import Refused

_DELIMITERS = (",", "\t", ";", "|")
_SAMPLE_CHARACTERS = 64 * 1024
_SAMPLE_RECORDS = 50
_MANY = 3

_BRACKETED_TITLE = re.compile(r"\s*【([^【】]{4,150})】\s*")
_TRAILING_SOURCE = re.compile(r"\s*[（(]([^（）()，。；：\d]{2,16})[）)]\s*$")
_NO_SOURCE = re.compile(r"^(?:完|记者|記者|编辑|編輯|责编|責編|作者|本文|未完|实习)|(?:摄|攝|译|譯)$")


def delimiter_of(text: str) -> str:
    """The delimiter of an archive whose headings we know; empty if the text is none. Refused: a table without such headings."""
    sample = text[:_SAMPLE_CHARACTERS]
    csv.field_size_limit(2**31 - 1)
    for delimiter in _DELIMITERS:
        head = next(csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter), [])
        if len(head) > 1 and is_archive(propose_columns(head)):
            return delimiter
    if any(_is_even(sample, delimiter) for delimiter in _DELIMITERS):
        raise Refused("no_headings")
    return ""


def _is_even(sample: str, delimiter: str) -> bool:
    """Whether every one of several records has the same number of cells, more than two, as no prose has."""
    records = itertools.islice(csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter), _SAMPLE_RECORDS)
    sizes = Counter(len(record) for record in records if any(record))
    return len(sizes) == 1 and min(sizes) >= _MANY and sizes.total() >= _MANY


def read_table(file: IO[str], delimiter: str, setting: Setting) -> Iterator[Article | Refused]:
    """The rows of a delimited archive; `row` is the record as a spreadsheet counts, the headings being 1."""
    csv.field_size_limit(2**31 - 1)
    records = csv.reader(file, delimiter=delimiter)
    try:
        headings = next(records)
        headings[0] = headings[0].removeprefix("\ufeff")
        columns = propose_columns(headings)
        for row, record in enumerate(records, start=2):
            if any(cell.strip() for cell in record):
                values = {field: record[index] for field, index in columns.items() if index < len(record)}
                yield _article(values, {field: headings[index] for field, index in columns.items()}, row, setting)
    except csv.Error as error:
        raise Refused("damaged") from error


def read_records(lines: Iterable[str], setting: Setting) -> Iterator[Article | Refused]:
    """The objects of JSON lines; `row` is the line."""
    for row, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            yield _of_object(json.loads(line.removeprefix("\ufeff")), row, setting)
        except (ValueError, RecursionError):
            yield Refused("bad_json", row=row, value=line_of(line[:200]))


def read_array(text: str, setting: Setting) -> Iterator[Article | Refused]:
    """The objects of a JSON array; `row` counts them from 1."""
    try:
        items = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Refused("json") from error
    for row, item in enumerate(items, start=1):
        yield _of_object(item, row, setting)


def _of_object(item: Any, row: int, setting: Setting) -> Article | Refused:
    if not isinstance(item, dict):
        return Refused("bad_json", row=row, value=line_of(str(item)[:200]))
    names = list(item)
    columns = propose_columns(names)
    found = {field: _scalar(item[names[index]]) for field, index in columns.items()}
    return _article(found, {field: names[index] for field, index in columns.items()}, row, setting)


def _scalar(value: Any) -> str:
    """A value as text; of a list its members (authors), of an object its name (a source)."""
    if isinstance(value, dict):
        return _scalar(next((value[key] for key in ("name", "title") if key in value), ""))
    if isinstance(value, list):
        return ", ".join(map(_scalar, value[:20]))
    return "" if value is None or isinstance(value, bool) else str(value)


def _article(values: Mapping[str, str], headings: Mapping[str, str], row: int, setting: Setting) -> Article | Refused:
    """The article of one row, `values` by field."""
    longest = max(map(len, values.values()), default=0)
    if longest > 2 * setting.limits.article_characters:
        return Refused("article_too_long", row=row, limit=setting.limits.article_characters)
    try:
        moment = _moment(values, headings, row, setting)
        body = text_of_cell(values.get("body", "")) or text_of_cell(values.get("summary", ""))
        source = line_of(values.get("source", ""))
        title = line_of(values.get("title", ""))
        if not title and (found := _BRACKETED_TITLE.match(body)):
            # As news flashes are written: 【title】 text （source）
            title, body = found[1], body[found.end() :]
        if not source and (found := _TRAILING_SOURCE.search(body)) and not _NO_SOURCE.search(found[1]):
            source, body = found[1].strip(), body[: found.start()]
        draft = Draft(
            title=title,
            body=body,
            published_at=moment,
            author=values.get("author", ""),
            url=values.get("url", ""),
            source_name=source,
            row=row,
        )
        return article(draft, setting)
    except Refused as refused:
        return refused


def _moment(values: Mapping[str, str], headings: Mapping[str, str], row: int, setting: Setting) -> dt.datetime | None:
    written = line_of(values.get("date", ""))
    if written and is_day_only(written) and values.get("time"):
        written = f"{written} {line_of(values['time'])}"
    if not written:
        return None
    moment = moment_of(written, setting.zone)
    if moment is None:
        raise Refused("bad_date", row=row, column=headings["date"], value=written)
    if setting.is_future(moment):
        raise Refused("future_date", row=row, column=headings["date"], value=written)
    return moment
