"""Opens a file of any kind that holds articles and reads them one by one."""

import io
from collections.abc import Iterator
from typing import IO

from content.capture.reading.archives import delimiter_of, read_array, read_records, read_table
from content.capture.reading.articles import Article, Draft, article
from content.capture.reading.documents import read_document
from content.capture.reading.encodings import declared_encoding, encoding_of
from content.capture.reading.feeds import read_feed
from content.capture.reading.kinds import Kind, kind_of_bytes, kind_of_text, unpacked
from content.capture.reading.limits import Setting
from content.capture.reading.mails import read_mail
from content.capture.reading.markup import paragraphs_of
from content.capture.reading.pages import read_page
from content.capture.reading.refusals import Refused
from content.capture.reading.wires import read_wire

_HEAD_BYTES = 256 * 1024
_LONGEST_TITLE = 200


def articles_in(data: bytes, setting: Setting) -> Iterator[Article | Refused]:
    """The articles of a file and, in their place, the rows that are refused. Raises Refused where the whole file is, if need be late."""
    count = 0
    for found in _found(unpacked(data, setting.limits), setting):
        count += isinstance(found, Article)
        if count > setting.limits.articles:
            raise Refused("too_many_articles", limit=setting.limits.articles)
        yield found


def _found(data: bytes, setting: Setting) -> Iterator[Article | Refused]:
    kind = kind_of_bytes(data)
    if kind is not None and setting.feeds_only:
        raise Refused("no_feed")
    if kind is Kind.PDF:
        return iter([read_document(data, setting)])
    if kind is Kind.MAIL:
        return iter([read_mail(data, setting)])
    encoding = encoding_of(data, declared_encoding(data) if _begins_with_markup(data) else "")
    head = data[:_HEAD_BYTES].decode(encoding, errors="replace").removeprefix("\ufeff")
    kind = kind_of_text(head)
    if kind is not Kind.FEED and setting.feeds_only:
        raise Refused("no_feed")
    if kind is Kind.WIRE:
        return read_wire(_stream(data, encoding), setting)
    if kind is Kind.RECORDS:
        return read_records(_stream(data, encoding), setting)
    if kind is Kind.TEXT and (delimiter := delimiter_of(head)):
        return read_table(_stream(data, encoding), delimiter, setting)
    text = data.decode(encoding, errors="replace").removeprefix("\ufeff")
    if kind is Kind.PAGE:
        return iter([read_page(text, setting)])
    if kind is Kind.FEED:
        return read_feed(text, setting)
    return read_array(text, setting) if kind is Kind.ARRAY else iter([_pasted(text, setting)])


def _begins_with_markup(data: bytes) -> bool:
    return data[:200].replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").startswith(b"<")


def _stream(data: bytes, encoding: str) -> IO[str]:
    return io.TextIOWrapper(io.BytesIO(data), encoding=encoding, errors="replace", newline="")


def _pasted(text: str, setting: Setting) -> Article:
    """Text that somebody copied: the first line is its title, unless it is a paragraph already."""
    body = paragraphs_of(text)
    first, _, rest = body.partition("\n")
    is_title = len(first) <= _LONGEST_TITLE
    return article(Draft(title=first if is_title else "", body=rest.strip() if is_title else body), setting)
