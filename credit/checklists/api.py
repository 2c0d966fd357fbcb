"""The papers of a pack through the API, as they stand today; those of a sealed version stand with its handoff."""

import datetime as dt
from typing import Any

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Router, Schema
from pydantic import ConfigDict

from credit.checklists import rules, selectors
from credit.checklists.models import ChecklistItem
from credit.packs import permissions as packs_permissions
from credit.packs import selectors as packs
from credit.packs.models import Pack

router = Router(tags=["credit packs"])

EXAMPLE: dict[str, Any] = {
    "id": 7, "code": "H10", "name": "Audited accounts, three years", "of": "", "need": "required", "state": "checked",
    "valid_until": "2026-08-31", "waived_until": None, "reason": "",
    "documents": [{"id": 3, "title": "Accounts 2025", "sha256": "9f" * 32, "size": 48_211}],
}  # fmt: skip


class PaperDocument(Schema):
    """A document that stands for a paper."""

    id: int
    title: str
    sha256: str
    size: int


class PaperOut(Schema):
    """One paper that the version needs; `of` is the guarantor's name where it is a guarantor's."""

    id: int
    code: str
    name: str
    of: str
    need: str
    state: str
    valid_until: dt.date | None
    waived_until: dt.date | None
    reason: str
    documents: list[PaperDocument]


class PackPapersOut(Schema):
    """The checklist of the version that is shown."""

    model_config = ConfigDict(json_schema_extra={"example": {"pack_id": 12, "version": 1, "papers": [EXAMPLE]}})

    pack_id: int
    version: int
    papers: list[PaperOut]


def _paper(item: ChecklistItem, on: dt.date) -> dict[str, Any]:
    files = [(use.document, use.document.file) for use in item.uses.all()]
    return {
        **{name: getattr(item, name) for name in ("code", "name", "need", "valid_until", "waived_until", "reason")},
        "id": item.pk,
        "of": str(item.party) if item.party else "",
        "state": rules.standing(item, on),
        "documents": [{"id": row.pk, "title": row.title, "sha256": file.sha256, "size": file.size} for row, file in files],
    }


@router.get("{int:pack_id}/papers", response=PackPapersOut, summary="The papers of a pack")
def papers(request: HttpRequest, pack_id: int) -> dict[str, Any]:
    """Of the newest version that the token's user may see, each as it stands today: one that is too old has expired."""
    packs_permissions.can_read_packs(user=request.user).require()
    pack = get_object_or_404(Pack.objects.visible_to(request.user).select_related("company", "centre"), pk=pack_id)
    version = packs.shown_version(packs.versions_of(pack, user=request.user))
    if version is None:
        raise Http404
    on = selectors.today_of(pack, timezone.now())
    return {"pack_id": pack.pk, "version": version.number, "papers": [_paper(item, on) for item in selectors.items_of(version)]}
