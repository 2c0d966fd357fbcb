"""Accountability files through the API: the same services and visibility as the pages; each reading is noted."""

import datetime as dt
from typing import Annotated, Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Router, Schema
from pydantic import ConfigDict, Field

from credit.accountability import parts, permissions, rules, selectors, services
from credit.accountability.choices import Way
from credit.accountability.models import DutyFile, Entry
from crm.web.api import once, page

router = Router(tags=["accountability files"])


class AccountabilityEntryIn(Schema):
    """What is written into a file: kind `instruction`, `objection` or `note`; the first two with from or to whom, and when."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "kind": "objection", "party": "Head of the centre", "said_at": "2026-11-20T10:30:00+08:00",
                "words": "I object to drawing before the bill of lading is confirmed.",
            }
        }
    )  # fmt: skip

    kind: str
    words: Annotated[str, Field(min_length=1, max_length=rules.WORDS)]
    party: Annotated[str, Field(max_length=rules.PARTY)] = ""
    said_at: dt.datetime | None = None


def serialise(row: DutyFile) -> dict[str, Any]:
    """A file as lists give it."""
    company = row.client.company
    return {
        "id": row.pk,
        "name": str(row),
        "name_en": company.name_en,
        "name_zh": company.name_zh,
        "url": row.get_absolute_url(),
        "pack_id": row.pack_id,
        "client_id": row.client_id,
        "originator": row.originator.username,
        "since": row.since,
        "frozen_at": row.frozen_at,  # type: ignore[attr-defined]
        "frozen_score": row.frozen_score,  # type: ignore[attr-defined]
    }


def _visible(request: HttpRequest) -> Any:
    permissions.can_read_files(user=request.user).require()
    rows = DutyFile.objects.visible_to(request.user).select_related(
        "client__company", "client__owner", "client__centre", "pack", "originator"
    )
    return selectors.frozen_columns(rows)


def _entry(row: Entry) -> dict[str, Any]:
    names = ("id", "kind", "party", "said_at", "words", "at")
    return {name: getattr(row, name) for name in names} | {"by": row.actor.username if row.actor else None}


def _one(request: HttpRequest, row: DutyFile) -> dict[str, Any]:
    now = timezone.now()
    duties = parts.gathered(selectors.scope_of(row, now))
    counted = rules.tally(rules.standing(one.due_at, one.done_at) for one in duties if not one.is_hushed)
    services.note_reading(file_id=row.pk, way=Way.API, actor=request.user, now=now)
    return {
        **serialise(row),
        "due": counted.due,
        "on_time": counted.on_time,
        "score": counted.score,
        "duties": [
            {"kind": one.kind, "label": one.label, "due_at": one.due_at, "done_at": one.done_at,
             "standing": rules.standing(one.due_at, one.done_at)}
            for one in duties if not one.is_hushed
        ],
        "entries": [_entry(one) for one in selectors.entries_of(row, request.user)],
    }  # fmt: skip


@router.get("")
def accountability_files(request: HttpRequest, limit: int = 50, cursor: str = "") -> dict[str, Any]:
    """Files that the token's user may see, newest first; of those that were frozen the day and the score."""
    return page(_visible(request), request, serialise, ordering=("-at",))


@router.get("{int:duty_file_id}")
def accountability_file(request: HttpRequest, duty_file_id: int) -> dict[str, Any]:
    """One file with its duties as of now and its entries."""
    return _one(request, get_object_or_404(_visible(request), pk=duty_file_id))


@router.post("{int:duty_file_id}/entries", response={201: dict})
@once("accountability.write")
def write(request: HttpRequest, duty_file_id: int, body: AccountabilityEntryIn) -> tuple[int, dict[str, Any]]:
    """Write an instruction, an objection or a note, for good."""
    row = get_object_or_404(_visible(request), pk=duty_file_id)
    made = services.write_entry(file_id=row.pk, entry=rules.Written(**body.dict()), actor=request.user, now=timezone.now())
    return 201, _entry(made)
