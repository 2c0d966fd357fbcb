"""What a file is, told from its bytes and never from its name."""

import json
import re
import zlib
from enum import StrEnum

from content.capture.reading.limits import Limits
from content.capture.reading.refusals import Refused
from crm.kernel.confined import MEGABYTE


class Kind(StrEnum):
    """The shapes in which articles come."""

    PAGE = "page"
    FEED = "feed"
    WIRE = "wire"
    MAIL = "mail"
    PDF = "pdf"
    RECORDS = "records"
    ARRAY = "array"
    TEXT = "text"


_KNOWN = (
    (b"\x89PNG\r\n\x1a\n", "picture"),
    (b"\xff\xd8\xff", "picture"),
    (b"GIF8", "picture"),
    (b"II*\x00", "picture"),
    (b"MM\x00*", "picture"),
    (b"BM", "binary"),
    (b"RIFF", "binary"),
    (b"{\\rtf", "document"),
    (b"PK\x03\x04", "document"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "document"),
    (b"7z\xbc\xaf\x27\x1c", "archive"),
    (b"Rar!\x1a\x07", "archive"),
    (b"BZh", "archive"),
    (b"\xfd7zXZ\x00", "archive"),
    (b"\x28\xb5\x2f\xfd", "archive"),
    (b"SQLite format 3\x00", "binary"),
    (b"\x7fELF", "binary"),
)
_GZIP = b"\x1f\x8b"
_MAIL_LINE = re.compile(rb"(?:[!-9;-~]+:[ \t]?.*|[ \t]+.*)")
_MAIL_NAMES = re.compile(rb"^(from|date|subject|mime-version|message-id|received|return-path|content-type):", re.IGNORECASE)
_FEED = re.compile(r"<(?:rss|feed|(?:\w+:)?RDF)\b", re.IGNORECASE)
_WIRE = re.compile(r"<!DOCTYPE\s+lewis\b|<REUTERS\s", re.IGNORECASE)
_LEAD = re.compile(r"(?:\s*(?:<\?[^<>]*\?>|<!--.*?-->|<!DOCTYPE[^<>\[]*(?:\[.*?\]\s*)?>))*\s*", re.IGNORECASE | re.DOTALL)
_PAGE = re.compile(
    r"<(?:html|head|body|title|meta|link|script|style|base|div|article|section|main|table|p|h[1-6]|span|a|center|header|nav)\b",
    re.IGNORECASE,
)
_HEAD = 20_000


def unpacked(data: bytes, limits: Limits) -> bytes:
    """`data`, unpacked if it is gzip. Refused: empty, damaged, or too large before or after."""
    if len(data) > limits.file_bytes:
        raise Refused("too_big", limit=limits.file_bytes // MEGABYTE)
    if not data.strip(b"\x00 \t\r\n\xef\xbb\xbf\xff\xfe"):
        raise Refused("empty")
    if not data.startswith(_GZIP):
        return data
    whole, rest = bytearray(), data
    try:
        while rest.startswith(_GZIP):
            stream = zlib.decompressobj(wbits=31)
            whole += stream.decompress(rest, limits.unpacked_bytes - len(whole) + 1)
            if len(whole) > limits.unpacked_bytes or stream.unconsumed_tail:
                raise Refused("unpacks_too_big", limit=limits.unpacked_bytes // MEGABYTE)
            if not stream.eof:
                raise Refused("damaged")
            rest = stream.unused_data
    except zlib.error as error:
        raise Refused("damaged") from error
    if not whole.strip():
        raise Refused("empty")
    return bytes(whole)


def kind_of_bytes(data: bytes) -> Kind | None:
    """A kind that is told before decoding; None: it is text of some kind. Refused: what is known to hold no article for us."""
    if data.lstrip()[:5] == b"%PDF-":
        return Kind.PDF
    for magic, code in _KNOWN:
        if data.startswith(magic) and (len(magic) > 2 or b"\x00" in data[:64]):
            raise Refused(code)
    if data.startswith(_GZIP):
        raise Refused("archive")
    return Kind.MAIL if _is_mail(data) else None


def kind_of_text(text: str) -> Kind:
    """The kind of a decoded text. Refused: XML or JSON that holds no articles."""
    head = text[:_HEAD]
    if _WIRE.search(head):
        return Kind.WIRE
    lead = _LEAD.match(head)
    after = head[lead.end() :] if lead else head
    if after.startswith("<"):
        return _kind_of_markup(head, after)
    if after.startswith("{"):
        return _kind_of_json(text)
    if re.match(r"\[\s*\{", after):
        return Kind.ARRAY
    return Kind.TEXT


def _kind_of_markup(head: str, after: str) -> Kind:
    if _FEED.match(after):
        return Kind.FEED
    if _PAGE.match(after) or re.match(r"\s*<!DOCTYPE\s+html", head, re.IGNORECASE) or "<html" in head.lower():
        return Kind.PAGE
    if head.lstrip().startswith(("<?xml", "<!DOCTYPE", "<!ENTITY")):
        raise Refused("xml")
    return Kind.TEXT


def _kind_of_json(text: str) -> Kind:
    first = text.lstrip().split("\n", 1)[0]
    try:
        is_record = isinstance(json.loads(first), dict)
    except (ValueError, RecursionError):
        is_record = False
    if not is_record:
        raise Refused("json")
    return Kind.RECORDS


def _is_mail(data: bytes) -> bool:
    """Whether the file begins with a block of headers, some of them those of mail."""
    names = set()
    for line in data[:_HEAD].splitlines():
        if not line.strip():
            break
        if not _MAIL_LINE.fullmatch(line):
            return False
        if found := _MAIL_NAMES.match(line):
            names.add(found[1].lower())
    return len(names) >= 2 and bool(names & {b"from", b"subject"}) and bool(names - {b"from", b"subject"})
