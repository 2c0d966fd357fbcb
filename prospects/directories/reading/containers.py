"""Looks into a zip container before any parser does: how much it unpacks to, and whether its XML defines entities."""

import re
import zipfile
import zlib
from pathlib import Path

from crm.kernel.confined import MEGABYTE
from prospects.directories.reading.limits import Limits
from prospects.directories.reading.refusals import Refused

_CHUNK = 256 * 1024
_DECLARATION = re.compile(rb"<\0?!\0?(?:D\0?O\0?C\0?T\0?Y\0?P\0?E|E\0?N\0?T\0?I\0?T\0?Y)", re.IGNORECASE)
_OVERLAP = 32
_ENCRYPTED = 0x1


def check_container(path: Path, limits: Limits) -> None:
    """Refuses what is no workbook, unpacks to too much, is damaged, or carries a document type or entities in an XML part.

    Every part is unpacked once to the end, in pieces, since the sizes that a zip declares may be false.
    """
    try:
        with zipfile.ZipFile(path) as container:
            parts = container.infolist()
            _check_declared(parts, path.stat().st_size, limits)
            _check_workbook(container)
            _check_parts(container, parts, limits)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, UnicodeDecodeError, ValueError, OSError) as error:
        raise Refused("damaged") from error


def _check_declared(parts: list[zipfile.ZipInfo], packed: int, limits: Limits) -> None:
    if len(parts) > limits.container_parts:
        raise Refused("too_many_parts", found=len(parts), limit=limits.container_parts)
    unpacked = sum(part.file_size for part in parts)
    if unpacked > limits.unpacked_bytes:
        raise Refused("unpacks_too_big", limit=limits.unpacked_bytes // MEGABYTE)
    if unpacked > limits.packing_ratio_from_bytes and unpacked > packed * limits.packing_ratio:
        raise Refused("packed_too_tight", limit=limits.packing_ratio)
    if any(part.flag_bits & _ENCRYPTED for part in parts):
        raise Refused("password")


def _check_workbook(container: zipfile.ZipFile) -> None:
    names = set(container.namelist())
    if names & {"xl/workbook.xml", "xl/workbook.bin"} or any(name.startswith("xl/worksheets/") for name in names):
        return
    if "mimetype" in names and "content.xml" in names:
        with container.open("mimetype") as part:
            if b"opendocument.spreadsheet" in part.read(200):
                return
        raise Refused("document")
    if any(name.startswith(("word/", "ppt/")) for name in names):
        raise Refused("document")
    raise Refused("archive")


def _check_parts(container: zipfile.ZipFile, parts: list[zipfile.ZipInfo], limits: Limits) -> None:
    left = limits.unpacked_bytes
    for part in parts:
        with container.open(part) as stream:
            tail = b""
            while chunk := stream.read(_CHUNK):
                left -= len(chunk)
                if left < 0:
                    raise Refused("unpacks_too_big", limit=limits.unpacked_bytes // MEGABYTE)
                if _is_xml(part.filename) and _DECLARATION.search(tail + chunk):
                    raise Refused("entities", part=part.filename[:80])
                tail = chunk[-_OVERLAP:]


def _is_xml(name: str) -> bool:
    return not name.lower().endswith((".png", ".jpg", ".jpeg", ".gif", ".emf", ".wmf", ".bin"))
