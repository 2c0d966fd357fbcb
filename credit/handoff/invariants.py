"""What must hold of seals: the chain, what each says against rows and files, and the four eyes before a handoff."""

import json
from collections.abc import Iterator
from hashlib import sha256

from django.db.models import F

from credit.handoff.archive import CHUNK
from credit.handoff.canonical import canonical, digest
from credit.handoff.choices import CHAIN, WHOLE_BANK, Verdict
from credit.handoff.models import Endorsement, Seal, SealedDocument
from credit.handoff.sealing import contents_of, hashes, stable, steps_so_far
from credit.memos.selectors import writers_of
from credit.packs.choices import VersionState
from credit.packs.models import PackVersion
from crm.kernel.contributions import Invariant
from crm.kernel.models import Sequence

_SEALED = (VersionState.SEALED, VersionState.ON_HOLD, VersionState.SUPERSEDED)


def chain() -> Iterator[str]:
    """Every seal has its own manifest's hash and names the one before; none is missing, the last one included."""
    previous, place = "", 0
    for seal in Seal.objects.order_by("position").defer("contents").iterator():
        place += 1
        if seal.position != place:
            yield f"Seal {seal.position}: the chain has a gap before it."
            place = seal.position
        if digest(seal.manifest.encode("utf-8")) != seal.hash:
            yield f"Seal {seal.position}: its manifest is not what was sealed."
        told = json.loads(seal.manifest)
        if told.get("previous") != previous or seal.previous_hash != previous or told.get("position") != seal.position:
            yield f"Seal {seal.position}: it does not follow the one before."
        previous = seal.hash
    given = Sequence.objects.filter(prefix=CHAIN, year=WHOLE_BANK).values_list("last", flat=True).first() or 0
    if given != place:
        yield f"The chain ends at {place}, but {given} seals were made."


def _whole(seal: Seal) -> bool:
    """Its manifest and contents can be read at all; the chain says where they cannot."""
    return digest(seal.manifest.encode("utf-8")) == seal.hash and {"content", "documents", "steps", "owner"} <= seal.told.keys()


def unreadable() -> Iterator[str]:
    """A manifest that holds none of what a seal says, though its hash was made to fit."""
    for seal in Seal.objects.defer("contents").order_by("position").iterator():
        if not _whole(seal):
            yield f"Seal {seal.position}: its manifest is none."


def contents() -> Iterator[str]:
    """What a seal holds fits its manifest, and the rows of the version still say the same (invariant 19)."""
    related = (f"version__pack__{name}" for name in ("company__group", "owner", "centre", "team"))
    seals = Seal.objects.select_related(*related)
    for seal in filter(_whole, seals.order_by("position").iterator()):
        told, parts, version = seal.told, seal.parts, seal.version
        if canonical(parts).decode("utf-8") != seal.contents or hashes(parts) != told["content"]:
            yield f"{version}: the sealed contents are not those of the manifest."
        live = contents_of(version)
        for code, sealed in parts.items():
            if stable(json.loads(canonical(live.get(code, {})))) != stable(sealed):
                yield f"{version}: {code} is not what was sealed."
        if (told["pack"], told["version"], told["company"]["id"]) != (version.pack.number, version.number, version.pack.company_id):
            yield f"{version}: the seal is of another version."
        if told["owner"] != version.pack.owner.username and not version.pack.history.exclude(owner_id=version.pack.owner_id).exists():
            yield f"{version}: the relationship manager is not who sealed it."
        fixed = (version.pack.authorship, version.pack.jurisdiction, version.pack.currency, version.pack.kind)
        if (told["authorship"], told["jurisdiction"], told["currency"], told["kind"]) != fixed:
            yield f"{version}: what was fixed with the pack is different."
        count, _last, steps = steps_so_far(version.pack, upto=told["steps"]["last"])
        if (count, steps) != (told["steps"]["count"], told["steps"]["sha256"]):
            yield f"{version}: the steps before the seal are not those that were sealed."


def documents() -> Iterator[str]:
    """Each pinned document is the one of the manifest, and its file still has the bytes that were sealed."""
    for seal in filter(_whole, Seal.objects.select_related("version__pack").order_by("position").iterator()):
        rows = [{"name": row.name, "code": row.code, "sha256": row.sha256, "size": row.size} for row in seal.documents.order_by("place")]
        told = [{key: row[key] for key in ("name", "code", "sha256", "size")} for row in seal.told["documents"]]
        if rows != told:
            yield f"{seal.version}: its documents are not those of the manifest."
    for document in SealedDocument.objects.select_related("file", "seal__version__pack").order_by("pk").iterator():
        if document.file.sha256 != document.sha256 or document.file.size != document.size:
            yield f"{document.seal.version}: the file of {document.name} was replaced."
        elif not document.file.path.exists() or _hash(document) != document.sha256:
            yield f"{document.seal.version}: the content of {document.name} was changed or is missing."


def _hash(document: SealedDocument) -> str:
    found = sha256()
    with document.file.open() as file:
        while piece := file.read(CHUNK):
            found.update(piece)
    return found.hexdigest()


def versions() -> Iterator[str]:
    """A version is sealed with a seal of that moment, and has none before."""
    for version in PackVersion.objects.filter(state__in=_SEALED, seal=None).select_related("pack").order_by("pk"):
        yield f"{version}: it counts as sealed without a seal."
    for seal in Seal.objects.exclude(version__state__in=_SEALED).select_related("version__pack").order_by("pk"):
        yield f"{seal.version}: it has a seal but counts as {seal.version.state}."
    for seal in Seal.objects.exclude(version__sealed_at=F("at")).select_related("version__pack").order_by("pk"):
        yield f"{seal.version}: it was not sealed when its seal says."


def four_eyes() -> Iterator[str]:
    """Whoever endorsed neither asked nor wrote, and stood within their authority (invariants 7 and 21)."""
    rows = Endorsement.objects.select_related("version__pack", "actor").order_by("pk")
    for row in rows.iterator():
        if row.actor_id == row.version.pack.owner_id:
            yield f"{row.version}: its relationship manager endorsed it."
        if row.actor_id in writers_of(row.version):
            yield f"{row.version}: who wrote it endorsed it."
        if row.verdict == Verdict.ENDORSE and row.authority is not None and row.total > row.authority:
            yield f"{row.version}: it was endorsed above the authority."


INVARIANTS = (
    Invariant("handoff.chain", "The seals of packs form one unbroken chain", chain),
    Invariant("handoff.manifests", "Every seal holds a manifest", unreadable),
    Invariant("handoff.contents", "What is sealed still stands as it was sealed", contents),
    Invariant("handoff.documents", "Sealed documents have the bytes that were sealed", documents),
    Invariant("handoff.versions", "Sealed versions have their seals", versions),
    Invariant("handoff.four_eyes", "Who endorses neither asked nor wrote", four_eyes),
)
