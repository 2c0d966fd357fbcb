"""Which kind of news a file holds, by its content, and its articles."""

import csv
import re
import zlib
from collections.abc import Iterator

from content.capture.reading import archives, pages, papers
from content.capture.reading.articles import LIMITS, Article, Refused
from content.capture.reading.texts import decode, language_of, one_line, tidy

_HEAD = 8_192
_FEED = re.compile(rb"<(?:rss|feed|rdf:RDF|channel)\b", re.IGNORECASE)
_PAGE = re.compile(rb"<(?:!doctype\s+html|html|head|body|article|main|div|p|meta)\b", re.IGNORECASE)
_MAIL = re.compile(rb"^(?:from|received|return-path|mime-version|subject|date|message-id|delivered-to|to|x-[\w-]+):\s", re.IGNORECASE)
_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"RIFF", b"BM", b"II*\0", b"MM\0*")
_PACKED = (b"PK\x03\x04", b"Rar!", b"7z\xbc\xaf", b"\xfd7zXZ", b"BZh", b"\xd0\xcf\x11\xe0")


def read(data: bytes) -> Iterator[archives.Item]:
    """The articles of a file, whatever its name says. Refused where it is nothing that can be read."""
    if data.startswith(b"\x1f\x8b"):
        data = _unpacked(data)
    if not data.strip():
        raise Refused("empty")
    if data.startswith(_PICTURES):
        raise Refused("picture")
    if data.startswith(_PACKED):
        raise Refused("packed")
    if data[:1024].lstrip().startswith(b"%PDF"):
        yield papers.read_pdf(data)
        return
    yield from _text(data)


def _unpacked(data: bytes) -> bytes:
    unpacker = zlib.decompressobj(wbits=31)
    try:
        unpacked = unpacker.decompress(data, LIMITS.unpacked_bytes + 1)
    except zlib.error as error:
        raise Refused("damaged") from error
    if len(unpacked) > LIMITS.unpacked_bytes:
        raise Refused("unpacks_too_big", limit=LIMITS.unpacked_bytes // 1024 // 1024)
    return unpacked


def _text(data: bytes) -> Iterator[archives.Item]:
    # Marks of kinds are ASCII; two bytes a letter are made one for looking.
    head = data[:_HEAD].replace(b"\0", b"")
    if b"<REUTERS" in head:
        yield from archives.read_sgml(decode(data, "latin-1")[0] if not data.isascii() else data.decode())
    elif _FEED.search(head) and not re.search(rb"<html\b", head, re.IGNORECASE):
        yield from archives.read_feed(data)
    elif _is_mail(data):
        yield papers.read_mail(data)
    elif _PAGE.search(head):
        yield pages.read_page(data)
    else:
        yield from _plain(decode(data)[0].replace("\r\n", "\n"))


def _is_mail(data: bytes) -> bool:
    lines = data[:4096].lstrip().split(b"\n")[:12]
    return bool(_MAIL.match(lines[0])) and sum(bool(_MAIL.match(line)) for line in lines) >= 2


def _plain(text: str) -> Iterator[archives.Item]:
    start = text.lstrip("\ufeff \n\t")
    if start.startswith(("{", "[{", "[ {", "[\n")):
        yield from archives.read_json(text)
        return
    first = start.split("\n", 1)[0]
    for delimiter in (",", "\t", ";"):
        cells = next(csv.reader([first], delimiter=delimiter), [])
        if len(cells) > 1 and {"title", "body"} & archives.columns(cells).keys():
            yield from archives.read_table(start, delimiter)
            return
    yield read_pasted(text)


def read_pasted(text: str, *, title: str = "") -> Article:
    """Pasted text: its first line is the headline unless one is given. Refused where nothing is left of it, or it is no text."""
    body = tidy(text, LIMITS.article_characters)
    if sum(c.isprintable() or c in "\n\t" for c in text[:10_000]) < len(text[:10_000]) * 0.95:
        raise Refused("binary")
    if not title:
        title, _newline, body = body.partition("\n")
    title = one_line(title)
    if not title:
        raise Refused("empty")
    if len(title) > 300:
        title, body = title[:299] + "…", f"{title}\n\n{body}"
    return Article(1, title, body.strip(), language=language_of(f"{title}\n{body}"))
