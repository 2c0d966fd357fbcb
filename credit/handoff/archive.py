"""A pack as a ZIP: written in one pass at constant memory, and checked without the database. Pure; no Django.

The archive holds `index.json` (size and SHA-256 of every other member, and the seal), `manifest.json` (the sealed manifest byte by byte),
`content/<part>.json`, `documents/001-H10.pdf` …, `pack.pdf`. All names are made here; nothing is ever unpacked to a disk. Members are
stored as they are, with one date, so that the same members make the same bytes: whatever is changed, a byte of a header included, shows.
"""

import json
import re
import struct
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, BinaryIO

from credit.handoff.canonical import canonical, digest, digest_of

FORMAT = "rapport-pack/1"
INDEX, MANIFEST, PDF = "index.json", "manifest.json", "pack.pdf"
CHUNK = 256 * 1024
MOST_MEMBERS = 5_000
_LARGEST_TEXT = 64 * 1024 * 1024
_ZIP64_FROM = 1 << 30
_DATE = (1980, 1, 1, 0, 0, 0)
_NAME = re.compile(
    r"index\.json|manifest\.json|pack\.pdf|content/[a-z0-9_]{1,40}\.json|documents/\d{3,4}-[A-Za-z0-9-]{1,20}\.[a-z0-9]{1,5}"
)


_UNREADABLE = (
    *(zipfile.BadZipFile, EOFError, OSError, NotImplementedError, RuntimeError, struct.error),
    *(ValueError, KeyError, TypeError, AttributeError, OverflowError),
)
"""What Python's reader and our own look-ups raise over records that make no sense."""


class Torn(Exception):
    """A member's content is not what the index says: the archive must not be used."""


@dataclass(frozen=True)
class Member:
    """One file of the archive: `read` gives its content anew each time, in pieces."""

    name: str
    size: int
    sha256: str
    read: Callable[[], Iterable[bytes]]


def of_bytes(name: str, content: bytes) -> Member:
    """A member that is at hand."""
    return Member(name, len(content), digest(content), lambda: (content,))


def of_file(name: str, path: Path, size: int, sha: str) -> Member:
    """A member on the disk, read piece by piece."""
    return Member(name, size, sha, lambda: _pieces(path))


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(CHUNK):
            yield piece


def document_name(place: int, code: str, file_name: str) -> str:
    """`documents/001-H10.pdf`: our own name; of the given one only a plain ending is kept."""
    ending = re.sub(r"[^a-z0-9]", "", file_name.rpartition(".")[2].lower())[:5] or "bin"
    return f"documents/{place:03d}-{re.sub(r'[^A-Za-z0-9-]', '', code)[:20] or 'X'}.{ending}"


def index_of(members: Iterable[Member], manifest: bytes) -> Member:
    """The index of all other members."""
    files = {member.name: {"sha256": member.sha256, "size": member.size} for member in members}
    return of_bytes(INDEX, canonical({"format": FORMAT, "seal": digest(manifest), "files": files}))


class _Pipe:
    """A file that cannot be sought: what was written is taken out between two writes."""

    def __init__(self) -> None:
        self.held = bytearray()

    def write(self, data: bytes) -> int:
        self.held += data
        return len(data)

    def flush(self) -> None:
        """Nothing is held back."""

    def take(self) -> bytes:
        data = bytes(self.held)
        self.held.clear()
        return data


def stream(members: Iterable[Member]) -> Iterator[bytes]:
    """The archive's bytes, a piece at a time. Torn where a content has another size or hash than its member says."""
    pipe = _Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_STORED) as archive:  # type: ignore[call-overload]
        for member in members:
            info = zipfile.ZipInfo(member.name, _DATE)
            info.create_system, info.external_attr = 3, 0o644 << 16
            found, size = sha256(), 0
            with archive.open(info, "w", force_zip64=member.size >= _ZIP64_FROM) as target:
                for piece in member.read():
                    found.update(piece)
                    size += len(piece)
                    target.write(piece)
                    yield pipe.take()
            if size != member.size or found.hexdigest() != member.sha256:
                raise Torn(member.name)
            yield pipe.take()
    yield pipe.take()


def verify(path: Path) -> dict[str, Any]:
    """{"ok", "documents", "problems"}: whether the archive is whole and unchanged. OSError where the file cannot be read."""
    problems: list[str] = []
    documents = 0
    with path.open("rb") as file:
        try:
            with zipfile.ZipFile(file) as archive:
                documents = _look(archive, path, problems)
        except _UNREADABLE as error:
            problems.append(f"this is not a whole archive ({error})" if str(error) else "this is not a whole archive")
    return {"ok": not problems, "documents": documents, "problems": problems}


def _look(archive: zipfile.ZipFile, path: Path, problems: list[str]) -> int:
    infos = archive.infolist()
    if not _shape(infos, path.stat().st_size, problems):
        return 0
    index = json.loads(_text(archive, INDEX))
    manifest_bytes = _text(archive, MANIFEST)
    if index["format"] != FORMAT or digest(manifest_bytes) != index["seal"]:
        problems.append("manifest.json: the seal does not fit")
        return 0
    listed, held = set(index["files"]), {info.filename for info in infos} - {INDEX}
    problems += [f"{name}: missing" for name in sorted(listed - held)]
    problems += [f"{name}: not in the index" for name in sorted(held - listed)]
    for name in sorted(listed & held):
        _member(archive, name, index["files"][name], problems)
    if not problems:
        _against_manifest(archive, json.loads(manifest_bytes), index["files"], problems)
    if not problems and not _same_bytes(archive, path):
        problems.append("the archive's own records were changed")
    return sum(name.startswith("documents/") for name in held)


def _shape(infos: list[zipfile.ZipInfo], size: int, problems: list[str]) -> bool:
    """Names are ours and stand once, nothing is packed or locked, and all together is no larger than the file."""
    names = [info.filename for info in infos]
    if len(names) > MOST_MEMBERS:
        problems.append(f"more than {MOST_MEMBERS} members")
    elif len(names) != len(set(names)):
        problems.append("a name stands there twice")
    problems += [f"{name[:80]!r}: not a name of a pack" for name in names if not _NAME.fullmatch(name)][:20]
    if any(info.compress_type != zipfile.ZIP_STORED or info.flag_bits & 1 or info.file_size != info.compress_size for info in infos):
        problems.append("a member is packed or locked")
    elif sum(info.file_size for info in infos) > size:
        problems.append("the members are larger than the archive")
    problems += [f"{name}: missing" for name in (INDEX, MANIFEST) if name not in names]
    return not problems


def _text(archive: zipfile.ZipFile, name: str) -> bytes:
    if archive.getinfo(name).file_size > _LARGEST_TEXT:
        raise ValueError(f"{name} is too large")
    return archive.read(name)


def _read(archive: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    with archive.open(name) as member:
        while piece := member.read(CHUNK):
            yield piece


def _member(archive: zipfile.ZipFile, name: str, said: dict[str, Any], problems: list[str]) -> None:
    found, size = sha256(), 0
    try:
        for piece in _read(archive, name):
            found.update(piece)
            size += len(piece)
    except (zipfile.BadZipFile, EOFError) as error:
        problems.append(f"{name}: changed ({error})")
        return
    if found.hexdigest() != said["sha256"] or size != said["size"]:
        problems.append(f"{name}: changed")


def _against_manifest(archive: zipfile.ZipFile, manifest: dict[str, Any], files: dict[str, Any], problems: list[str]) -> None:
    """Each document and each piece of content is the one that was sealed."""
    sealed = {row["name"]: row for row in manifest["documents"]}
    held = {name for name in files if name.startswith("documents/")}
    problems += [f"{name}: sealed, but missing" for name in sorted(set(sealed) - held)]
    problems += [f"{name}: not sealed" for name in sorted(held - set(sealed))]
    for name in sorted(held & set(sealed)):
        if files[name] != {"sha256": sealed[name]["sha256"], "size": sealed[name]["size"]}:
            problems.append(f"{name}: not the document that was sealed")
    parts = {f"content/{code}.json": pieces for code, pieces in manifest["content"].items()}
    given = {name for name in files if name.startswith("content/")}
    problems += [f"{name}: does not fit what was sealed" for name in sorted(given ^ set(parts))]
    for name in sorted(given & set(parts)):
        content = json.loads(_text(archive, name))
        if {key: digest_of(value) for key, value in content.items()} != parts[name]:
            problems.append(f"{name}: not the content that was sealed")


def _same_bytes(archive: zipfile.ZipFile, path: Path) -> bool:
    """The members, written anew, make this very file."""
    members = []
    for info in archive.infolist():
        found = sha256()
        for piece in _read(archive, info.filename):
            found.update(piece)
        members.append(Member(info.filename, info.file_size, found.hexdigest(), lambda name=info.filename: _read(archive, name)))  # type: ignore[misc]
    with path.open("rb") as file:
        for piece in stream(members):
            if piece and file.read(len(piece)) != piece:
                return False
        return not file.read(1)


def write(members: Iterable[Member], target: BinaryIO) -> int:
    """The archive into an open file; returns its size."""
    size = 0
    for piece in stream(members):
        size += target.write(piece)
    return size
