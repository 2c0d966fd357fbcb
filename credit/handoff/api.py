"""The handoff through the API, for credit systems: what was handed off, each version as JSON, PDF and ZIP with its papers and sections,
the feed of a pack's steps; and submitting and endorsing, for those who may. Everything else of a pack stands with reviews and decisions.
"""  # fmt: skip

import datetime as dt
from typing import Annotated, Any, Literal

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from ninja import Query, Router, Schema
from pydantic import ConfigDict, Field

from credit.handoff import packing, pdf, selectors, services
from credit.handoff.choices import EVENT_NAMES
from credit.handoff.models import Seal, SealedDocument
from credit.handoff.telling import step_of
from credit.packs.api import PACK_EXAMPLE, PackOut
from credit.packs.api import serialise as pack_row
from credit.packs.models import Pack, PackEvent, PackVersion
from credit.packs.permissions import can_read_packs
from crm.kernel.errors import RuleBroken
from crm.web.api import file_answer, once, page
from crm.web.bodies import Body, Moment
from crm.web.downloads import as_download, attachment

router = Router(tags=["credit handoff"])
RELATED = tuple(f"pack__{name}" for name in ("company__group", "owner", "centre", "team"))
Language = Literal["en", "zh-hant", "zh-hans"]
StateName = Literal[
    "draft", "docs", "writing_a", "endorse", "handed_off", "in_review", "writing_b", "fact_check", "query", "returned", "for_decision",
    "approved", "appr_cond", "declined", "deferred", "offered", "accepted", "cp_pending", "available", "review_due", "suspended",
    "cancelled", "matured", "lapsed", "withdrawn",
]  # fmt: skip


class HandedQuery(Schema):
    """Which packs: those whose state changed at `since` or later."""

    since: Moment | None = None
    state: StateName | None = None
    limit: int = 50
    cursor: str = ""


class StepQuery(Schema):
    """Which steps: those at `since` or later."""

    since: Moment | None = None
    limit: int = 50
    cursor: str = ""


class HandedList(Schema):
    """A page of packs, those that moved longest ago first, so that the last one's `state_since` is the next `since`."""

    model_config = ConfigDict(json_schema_extra={"example": {"items": [PACK_EXAMPLE], "next": None}})

    items: list[PackOut]
    next: str | None


class VersionRow(Schema):
    """A version that was handed off, with the hash of its seal."""

    id: int
    number: int
    state: Literal["draft", "sealed", "on_hold", "superseded", "dropped"]
    sealed_at: dt.datetime | None
    seal: str | None
    endorsed_by: str | None
    endorsed_at: dt.datetime | None


class HandedOut(PackOut):
    """A pack with its versions."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": PACK_EXAMPLE
            | {
                "versions": [
                    {
                        "id": 88, "number": 1, "state": "sealed", "sealed_at": "2026-03-03T02:00:00Z", "seal": "9f" * 32,
                        "endorsed_by": "head", "endorsed_at": "2026-03-04T02:00:00Z",
                    }
                ]
            }
        }
    )  # fmt: skip

    versions: list[VersionRow]


class SealedPaper(Schema):
    """A document that the seal pins: fetch it by its id, or in the archive by its name."""

    id: int
    code: str
    title: str
    name: str
    media_type: str
    sha256: str
    size: int


class VersionOut(Schema):
    """A sealed version: the manifest byte by byte (its SHA-256 is the seal), the contents by part, and its documents."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "id": 88, "pack_id": 12, "pack": "GH-2026-01", "number": 1, "state": "sealed", "seal": "9f" * 32, "previous_seal": "",
                "position": 41, "manifest": "{}", "content": {"request": {"client_types": ["company"]}},
                "documents": [
                    {
                        "id": 7, "code": "H10", "title": "Audited accounts", "name": "documents/001-H10.pdf",
                        "media_type": "application/pdf", "sha256": "ab" * 32, "size": 120345,
                    }
                ],
            }
        }
    )  # fmt: skip

    id: int
    pack_id: int
    pack: str
    number: int
    state: str
    seal: str
    previous_seal: str
    position: int
    manifest: str
    content: dict[str, Any]
    documents: list[SealedPaper]


class PapersOut(Schema):
    """The checklist as it was sealed, by the key of each paper, and the documents behind it."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {"version_id": 88, "papers": {"H10": {"state": "checked", "need": "required"}}, "documents": []},
        }
    )

    version_id: int
    papers: dict[str, Any]
    documents: list[SealedPaper]


class SectionsOut(Schema):
    """The sections of the application (model A) or of the fact sheet (model B) as sealed, and their attestation."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "version_id": 88,
                "sections": {"section_01": {"title": "Summary", "text": "<p>A trust receipt line.</p>"}},
                "attestation": {"by": "rm", "at": "2026-03-03T01:50:00Z", "none_known": True},
            }
        }
    )

    version_id: int
    sections: dict[str, Any]
    attestation: dict[str, Any] | None


class StepOut(Schema):
    """One step of a pack's life: ids and states, never names or figures. The same as a webhook's payload."""

    id: int
    event: str
    at: dt.datetime
    pack_id: int
    number: str
    version: int | None
    state: str


class StepList(Schema):
    """A page of steps, the oldest first."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "items": [
                    {
                        "id": 501, "event": "pack.handed_off", "at": "2026-03-04T02:00:00Z", "pack_id": 12, "number": "GH-2026-01",
                        "version": 1, "state": "handed_off",
                    }
                ],
                "next": None,
            }
        }
    )  # fmt: skip

    items: list[StepOut]
    next: str | None


class EndorsementIn(Body):
    """The head's word, with their own view; passing up takes none."""

    model_config = ConfigDict(json_schema_extra={"example": {"act": "endorse", "view": "The trade is real; I saw the warehouse."}})

    act: Literal["endorse", "send_back", "pass_up"]
    view: Annotated[str, Field(max_length=1000)] = ""


def _handed(request: HttpRequest) -> Any:
    can_read_packs(user=request.user).require()
    return Pack.objects.visible_to(request.user).filter(handed_off_at__isnull=False).select_related("company", "owner")


def _one(request: HttpRequest, pack: Pack) -> dict[str, Any]:
    rows = PackVersion.objects.visible_to(request.user).filter(pack=pack, sealed_at__isnull=False).order_by("-number")
    seals = selectors.seals_of(pack)
    return {**pack_row(pack), "versions": [_version_row(row, seals.get(row.pk)) for row in rows]}


def _version_row(version: PackVersion, seal: Seal | None) -> dict[str, Any]:
    endorsement = getattr(seal.version, "endorsement", None) if seal else None
    return {
        "id": version.pk,
        "number": version.number,
        "state": version.state,
        "sealed_at": version.sealed_at,
        "seal": seal.hash if seal else None,
        "endorsed_by": endorsement.actor.username if endorsement and endorsement.actor else None,
        "endorsed_at": endorsement.at if endorsement else None,
    }


def _seal(request: HttpRequest, version_id: int) -> Seal:
    """The seal of a version that may be seen, with its pack. Http404 for one that was never sealed."""
    can_read_packs(user=request.user).require()
    version = get_object_or_404(PackVersion.objects.visible_to(request.user).select_related(*RELATED), pk=version_id)
    seal = selectors.seal_of(version)
    if seal is None:
        raise Http404
    seal.version = version
    return seal


def _documents(seal: Seal) -> list[dict[str, Any]]:
    rows = seal.documents.select_related("file").order_by("place")
    return [
        {
            "id": row.pk,
            "media_type": row.file.media_type,
            **{name: getattr(row, name) for name in ("code", "title", "name", "sha256", "size")},
        }
        for row in rows
    ]


@router.get("packs", response=HandedList, summary="Packs that were handed off")
def handed(request: HttpRequest, asked: Query[HandedQuery]) -> dict[str, Any]:
    """Those that the token's user sees, the ones that moved longest ago first. Ask again from the last `state_since`, or with `next`."""
    rows = _handed(request)
    if asked.since is not None:
        rows = rows.filter(state_since__gte=asked.since)
    if asked.state:
        rows = rows.filter(state=asked.state)
    return page(rows, request, pack_row, ordering=("state_since",))


@router.get("events", response=StepList, summary="The steps of packs since a moment")
def steps(request: HttpRequest, asked: Query[StepQuery]) -> dict[str, Any]:
    """What the webhooks send, to be asked for: from the handoff of each pack on, the oldest first."""
    can_read_packs(user=request.user).require()
    rows = PackEvent.objects.visible_to(request.user).filter(pack__handed_off_at__isnull=False, act__in=EVENT_NAMES)
    if asked.since is not None:
        rows = rows.filter(at__gte=asked.since)
    return page(rows.select_related("pack", "version"), request, step_of, ordering=("at",))


@router.get("packs/{int:handed_id}", response=HandedOut, summary="A pack that was handed off")
def one(request: HttpRequest, handed_id: int) -> dict[str, Any]:
    """With its sealed versions; each is fetched by its id as JSON, PDF or ZIP."""
    return _one(request, get_object_or_404(_handed(request), pk=handed_id))


@router.get("versions/{int:version_id}", response=VersionOut, summary="A sealed version as JSON")
def version(request: HttpRequest, version_id: int) -> dict[str, Any]:
    """The sealed manifest and contents as they are: the SHA-256 of `manifest` in UTF-8 is `seal`."""
    seal = _seal(request, version_id)
    return {
        "id": seal.version.pk,
        "pack_id": seal.version.pack_id,
        "pack": seal.version.pack.number,
        "number": seal.version.number,
        "state": seal.version.state,
        "seal": seal.hash,
        "previous_seal": seal.previous_hash,
        "position": seal.position,
        "manifest": seal.manifest,
        "content": seal.parts,
        "documents": _documents(seal),
    }


@router.get("versions/{int:version_id}/papers", response=PapersOut, summary="The papers of a sealed version")
def papers(request: HttpRequest, version_id: int) -> dict[str, Any]:
    """The checklist with the state of each paper at the seal, and the documents to fetch."""
    seal = _seal(request, version_id)
    return {"version_id": version_id, "papers": seal.parts.get("papers", {}).get("papers", {}), "documents": _documents(seal)}


@router.get("versions/{int:version_id}/sections", response=SectionsOut, summary="The written sections of a sealed version")
def sections(request: HttpRequest, version_id: int) -> dict[str, Any]:
    """Rich text is clean HTML of a short list of tags."""
    found = dict(_seal(request, version_id).parts.get("application", {}))
    attestation = found.pop("attestation", None)
    return {"version_id": version_id, "sections": found, "attestation": attestation}


@router.get("versions/{int:version_id}/pdf", summary="A sealed version as PDF", openapi_extra=file_answer("application/pdf"))
def version_pdf(request: HttpRequest, version_id: int, language: Language = "en") -> HttpResponse:
    """The whole pack with contents and page numbers, in the language asked for."""
    seal = _seal(request, version_id)
    response = HttpResponse(pdf.make(seal.version, language=language, seal=seal), content_type="application/pdf")
    return as_download(response, packing.name_of(seal, "pdf"))


@router.get("versions/{int:version_id}/zip", summary="A sealed version as ZIP", openapi_extra=file_answer("application/zip"))
def version_zip(request: HttpRequest, version_id: int, language: Language = "en") -> StreamingHttpResponse:
    """Index, manifest, contents, documents and PDF; `verify_pack FILE` checks it without the database."""
    seal = _seal(request, version_id)
    response = StreamingHttpResponse(packing.pieces(seal, language=language), content_type="application/zip")
    return as_download(response, packing.name_of(seal, "zip"))


@router.get("documents/{int:sealed_id}", summary="A document of a sealed version", openapi_extra=file_answer("*/*"))
def document(request: HttpRequest, sealed_id: int) -> FileResponse:
    """As it was sealed, always as a download."""
    can_read_packs(user=request.user).require()
    row = get_object_or_404(SealedDocument.objects.visible_to(request.user).select_related("file"), pk=sealed_id)
    if not row.file.path.exists():
        raise RuleBroken(_("The content of “%(name)s” is missing. Bring it again.") % {"name": row.title}, code="missing_file")
    return attachment(row.file, name=row.name.rpartition("/")[2])


class Submitted(Schema):
    """The pack after the step, and the seal of the version that stands."""

    model_config = ConfigDict(json_schema_extra={"example": {"pack_id": 12, "state": "endorse", "version": 1, "seal": "9f" * 32}})

    pack_id: int
    state: str
    version: int | None
    seal: str | None


def _standing(request: HttpRequest, pack_id: int) -> dict[str, Any]:
    pack = Pack.objects.visible_to(request.user).get(pk=pack_id)
    newest = Seal.objects.visible_to(request.user).filter(version__pack=pack).select_related("version").order_by("-version__number")
    seal = newest.first()
    return {"pack_id": pack.pk, "state": pack.state, "version": seal.version.number if seal else None, "seal": seal.hash if seal else None}


@router.post("packs/{int:submitted_id}/submit", response={201: Submitted}, summary="Submit a pack for endorsement")
@once("credit.submit")
def submit(request: HttpRequest, submitted_id: int) -> tuple[int, dict[str, Any]]:
    """By its relationship manager, behind the guard of the page: 422 `not_ready` says every reason that stands in the way."""
    services.submit_for_endorsement(pack_id=submitted_id, actor=request.user, now=timezone.now())
    return 201, _standing(request, submitted_id)


@router.post("packs/{int:endorsed_id}/endorse", response={200: Submitted}, summary="Endorse a pack, send it back, pass it up")
@once("credit.endorse")
def endorse(request: HttpRequest, endorsed_id: int, body: EndorsementIn) -> tuple[int, dict[str, Any]]:
    """By the head whom it waits for, who neither asked for it nor wrote in it. Endorsed, it is with the credit department."""
    services.decide(pack_id=endorsed_id, act=body.act, view=body.view, actor=request.user, now=timezone.now())
    return 200, _standing(request, endorsed_id)
