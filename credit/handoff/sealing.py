"""What a seal says: the manifest of a version, made from all parts that features contribute. No writing."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from credit.handoff.archive import FORMAT, document_name
from credit.handoff.canonical import canonical, digest, digest_of
from credit.packs.models import Pack, PackEvent, PackVersion
from credit.packs.parts import PackPart, PartDocument
from crm.kernel.contributions import of
from crm.kernel.errors import RuleBroken

_STEP = ("pk", "version_id", "act", "source", "target", "reason", "actor_id", "post_id", "values")
_SHOWN_BESIDE = "name"
"""Names of companies stand beside their ids in the contents, and follow a company that is renamed."""


@dataclass(frozen=True)
class Sealing:
    """A manifest in its one form with its hash, the contents behind it, and the documents that it pins with their names in the archive."""

    manifest: str
    hash: str
    contents: str
    documents: list[tuple[str, PartDocument]]


def contents_of(version: PackVersion) -> dict[str, dict[str, Any]]:
    """Each part's values by its code. A part that gives no mapping stands under one key."""
    found = {}
    for part in of(PackPart):
        content = part.content(version)
        found[part.code] = content if isinstance(content, dict) else {"content": content}
    return found


def documents_of(version: PackVersion) -> list[tuple[str, PartDocument]]:
    """The files of all parts in their order, each with its name in the archive."""
    rows = [document for part in of(PackPart) for document in part.documents(version)]
    return [(document_name(place, row.code, row.file.name), row) for place, row in enumerate(rows, 1)]


def hashes(contents: dict[str, dict[str, Any]]) -> dict[str, dict[str, str]]:
    """The hash of each section of each part."""
    return {code: {str(key): digest_of(value) for key, value in content.items()} for code, content in contents.items()}


def steps_so_far(pack: Pack, *, upto: int | None = None) -> tuple[int, int, str]:
    """How many steps the pack has, the last one's id, and the hash of them all; `upto` an id."""
    rows = PackEvent.objects.filter(pack=pack).order_by("pk")
    if upto is not None:
        rows = rows.filter(pk__lte=upto)
    lines: list[list[Any]] = [[row.at.astimezone(dt.UTC).isoformat(), *(getattr(row, name) for name in _STEP)] for row in rows]
    return len(lines), lines[-1][1] if lines else 0, digest_of(lines)


def seal_for(version: PackVersion, *, previous: str, position: int, actor: Any, now: dt.datetime) -> Sealing:
    """The manifest of a version as it stands. RuleBroken where a document's content is not there."""
    pack = version.pack
    contents, documents = contents_of(version), documents_of(version)
    for _name, document in documents:
        if not document.file.path.exists() or document.file.path.stat().st_size != document.file.size:
            raise RuleBroken(_("The content of “%(name)s” is missing. Bring it again.") % {"name": document.title}, code="missing_file")
    count, last, steps = steps_so_far(pack)
    manifest = canonical(
        {
            "format": FORMAT,
            "pack": pack.number,
            "version": version.number,
            "company": {"id": pack.company_id, "name_en": pack.company.name_en, "name_zh": pack.company.name_zh},
            "authorship": pack.authorship,
            "segment": pack.segment,
            "kind": pack.kind,
            "jurisdiction": pack.jurisdiction,
            "currency": pack.currency,
            "requested": f"{pack.requested:.2f}",
            "owner": pack.owner.username,
            "sealed_at": now.astimezone(dt.UTC).isoformat(),
            "sealed_by": actor.username,
            "position": position,
            "previous": previous,
            "steps": {"count": count, "last": last, "sha256": steps},
            "content": hashes(contents),
            "documents": [
                {
                    "name": name,
                    "code": row.code,
                    "title": str(row.title),
                    "media_type": row.file.media_type,
                    "sha256": row.file.sha256,
                    "size": row.file.size,
                }
                for name, row in documents
            ],
        }
    )
    return Sealing(manifest.decode("utf-8"), digest(manifest), canonical(contents).decode("utf-8"), documents)


def stable(value: Any) -> Any:
    """Contents without the names that follow a renamed company, for holding what is sealed against what stands now."""
    if isinstance(value, dict):
        return {key: stable(inner) for key, inner in value.items() if key != _SHOWN_BESIDE}
    return [stable(inner) for inner in value] if isinstance(value, list) else value
