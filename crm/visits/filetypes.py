"""What a file is, by its content: the few types that may be attached, found by their first bytes and held against their name."""

import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePath

from django.utils.translation import gettext_lazy as _

from crm.kernel.errors import RuleBroken

_DIRECTORY_LIMIT = 256 * 1024
_HEIC_BRANDS = (b"heic", b"heix", b"hevc", b"mif1", b"msf1")
_END_OF_ZIP = b"PK\x05\x06"
_TEXT_CONTROLS = frozenset(range(32)) - {9, 10, 12, 13}


@dataclass(frozen=True)
class FileType:
    """A type that may be attached: its media type, the endings that fit it (the first is ours), and the test of its content."""

    media_type: str
    endings: tuple[str, ...]
    fits: Callable[[bytes], bool]


def _office(folder: str) -> Callable[[bytes], bool]:
    def fits(content: bytes) -> bool:
        names = _zip_names(content)
        macros = any(name.lower().endswith("vbaproject.bin") for name in names)
        return "[Content_Types].xml" in names and any(name.startswith(folder) for name in names) and not macros

    return fits


def _zip_names(content: bytes) -> list[str]:
    """The names in a zip's directory, read only where that directory is small: a bomb of names is no document."""
    end = content.rfind(_END_OF_ZIP, max(0, len(content) - 65_557))
    if not content.startswith(b"PK\x03\x04") or end < 0 or int.from_bytes(content[end + 12 : end + 16], "little") > _DIRECTORY_LIMIT:
        return []
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return archive.namelist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, UnicodeDecodeError):
        return []


def _is_text(content: bytes) -> bool:
    """UTF-8, or a Chinese encoding, without a single control character."""
    if not _TEXT_CONTROLS.isdisjoint(content):
        return False
    return any(_decodes(content, encoding) for encoding in ("utf-8", "gb18030", "big5hkscs"))


def _decodes(content: bytes, encoding: str) -> bool:
    try:
        content.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


TYPES = (
    FileType("image/jpeg", ("jpg", "jpeg"), lambda content: content.startswith(b"\xff\xd8\xff")),
    FileType("image/png", ("png",), lambda content: content.startswith(b"\x89PNG\r\n\x1a\n")),
    FileType("image/webp", ("webp",), lambda content: content[:4] == b"RIFF" and content[8:12] == b"WEBP"),
    FileType("image/heic", ("heic", "heif"), lambda content: content[4:8] == b"ftyp" and content[8:12] in _HEIC_BRANDS),
    FileType("application/pdf", ("pdf",), lambda content: content.startswith(b"%PDF-")),
    FileType("application/vnd.openxmlformats-officedocument.wordprocessingml.document", ("docx",), _office("word/")),
    FileType("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ("xlsx",), _office("xl/")),
    FileType("text/plain", ("txt",), _is_text),
)
ENDINGS = tuple(ending for kind in TYPES for ending in kind.endings)


def recognise(content: bytes, *, name: str) -> FileType:
    """The type of a file. RuleBroken where its ending is none of ours, or its content is not what the ending says."""
    ending = PurePath(name).suffix.lower().lstrip(".")
    kind = next((kind for kind in TYPES if ending in kind.endings), None)
    if kind is None:
        raise RuleBroken(
            _("Attach a photo (JPEG, PNG, WebP, HEIC), a PDF, a text, or a Word or Excel document without macros."), code="file_type"
        )
    if not kind.fits(content):
        raise RuleBroken(
            _("The content of %(name)s is not what its name says. Save it anew and attach that.") % {"name": name[:80]}, code="file_type"
        )
    return kind
