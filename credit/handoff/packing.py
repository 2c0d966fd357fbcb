"""The members of a sealed version's archive: manifest and contents as sealed, documents from the store, the PDF made anew."""

from collections.abc import Iterator
from typing import Any

from credit.handoff import pdf
from credit.handoff.archive import MANIFEST, PDF, Member, index_of, of_bytes, of_file, stream
from credit.handoff.canonical import canonical
from credit.handoff.models import Seal


def members_of(seal: Seal, *, language: str) -> list[Member]:
    """All files in their order, the index first. Contents of documents are read only as they are written out."""
    manifest = seal.manifest.encode("utf-8")
    members = [of_bytes(MANIFEST, manifest)]
    members += [of_bytes(f"content/{code}.json", canonical(content)) for code, content in sorted(seal.parts.items())]
    rows = seal.documents.select_related("file").order_by("place")
    members += [of_file(row.name, row.file.path, row.size, row.sha256) for row in rows]
    members.append(of_bytes(PDF, pdf.make(seal.version, language=language, seal=seal)))
    return [index_of(members, manifest), *members]


def pieces(seal: Seal, *, language: str) -> Iterator[bytes]:
    """The archive, a piece at a time. `archive.Torn` where a document is not what was sealed."""
    return stream(members_of(seal, language=language))


def name_of(seal: Seal, ending: str) -> str:
    """YT-2026-03-v1.zip."""
    told: dict[str, Any] = seal.told
    return f"{told['pack']}-v{told['version']}.{ending}"
