"""What a file is, told from its first bytes and never from its name."""

import codecs
import re
from enum import StrEnum
from pathlib import Path

from prospects.directories.reading.limits import Limits
from prospects.directories.reading.refusals import Refused

_HEAD_BYTES = 4096


class Kind(StrEnum):
    """The shapes of file that can be read."""

    TEXT = "text"
    ZIP = "zip"
    OLE = "ole"


_KNOWN: tuple[tuple[bytes, str], ...] = (
    (b"\x89PNG\r\n\x1a\n", "picture"),
    (b"\xff\xd8\xff", "picture"),
    (b"GIF87a", "picture"),
    (b"GIF89a", "picture"),
    (b"II*\x00", "picture"),
    (b"MM\x00*", "picture"),
    (b"%PDF-", "pdf"),
    (b"{\\rtf", "document"),
    (b"\x1f\x8b", "archive"),
    (b"7z\xbc\xaf\x27\x1c", "archive"),
    (b"Rar!\x1a\x07", "archive"),
    (b"BZh", "archive"),
    (b"\xfd7zXZ\x00", "archive"),
    (b"\x28\xb5\x2f\xfd", "archive"),
    (b"SQLite format 3\x00", "binary"),
    (b"\x7fELF", "binary"),
)
_RIFF_PICTURE = re.compile(rb"RIFF....WEBP", re.DOTALL)
_BITMAP = re.compile(rb"BM.{4}\x00\x00\x00\x00", re.DOTALL)
_PHOTO = re.compile(rb"....ftyp(heic|heix|avif|mif1)", re.DOTALL)
_MARKUP = re.compile(r"\s*(<!--.*?-->\s*)*<(!doctype\s+html|html|head|body|table|script|style|meta|div)\b", re.IGNORECASE | re.DOTALL)
_XML = re.compile(r"\s*<(\?xml\b|!DOCTYPE|!ENTITY)", re.IGNORECASE)
_JSON = re.compile(r"\s*(\{\s*[\"}]|\[\s*[\[{\"])")


def kind_of(path: Path, limits: Limits) -> Kind:
    """The kind of the file at `path`. Refused: an empty or oversized file, and whatever is known not to be a table."""
    size = path.stat().st_size
    if size > limits.file_bytes:
        raise Refused("too_big", limit=limits.file_bytes // (1024 * 1024))
    with path.open("rb") as file:
        head = file.read(_HEAD_BYTES)
    if not head.strip(b"\x00 \t\r\n\xef\xbb\xbf\xff\xfe"):
        raise Refused("empty")
    for magic, code in _KNOWN:
        if head.startswith(magic):
            raise Refused(code)
    if _RIFF_PICTURE.match(head) or _BITMAP.match(head) or _PHOTO.match(head):
        raise Refused("picture")
    if head.startswith(b"PK\x03\x04"):
        return Kind.ZIP
    if head.startswith(b"PK"):
        raise Refused("archive")
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return Kind.OLE
    _refuse_markup(head)
    return Kind.TEXT


def _refuse_markup(head: bytes) -> None:
    encoding = "utf-16" if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "utf-8"
    text = head.decode(encoding, errors="replace").lstrip("\ufeff").replace("\x00", "")
    if _MARKUP.match(text):
        raise Refused("web_page")
    if _XML.match(text):
        raise Refused("web_page" if "<html" in text.lower() else "xml")
    if _JSON.match(text):
        raise Refused("json")
