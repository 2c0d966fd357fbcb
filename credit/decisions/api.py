"""Decisions through the API, for a credit system: what was decided on a pack, and deciding with the authority of the token's user."""

import datetime as dt
from decimal import Decimal
from typing import Annotated, Any, Literal

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Router, Schema
from pydantic import ConfigDict, Field

from credit.decisions import permissions, selectors, services
from credit.decisions.models import Condition, Decision, FacilityLetter
from credit.decisions.rules import Ruling
from credit.packs.models import Pack
from crm.web.api import file_answer, once
from crm.web.bodies import Body, Day
from crm.web.downloads import as_download

router = Router(tags=["credit decisions"])


class CreditDecisionIn(Body):
    """A decision by an approver whose authority reaches."""

    model_config = ConfigDict(json_schema_extra={"example": {"word": "approve", "judgement": "Cash flow covers the debt twice."}})

    word: Literal["approve", "decline", "defer"]
    judgement: Annotated[str, Field(min_length=1, max_length=4000)]
    reason: Annotated[str, Field(max_length=1000)] = ""
    reapply_on: Day | None = None
    items: Annotated[list[Annotated[str, Field(max_length=300)]], Field(max_length=40)] = []
    due_on: Day | None = None


class CreditCaseOut(Schema):
    """At which level it is decided, and why; for the credit department."""

    level: str
    grounds: list[Any]
    total_hkd: Decimal
    rating: str


class CreditDecisionOut(Schema):
    """A decision; level, exposure, judgement and name for the credit department alone."""

    outcome: str
    decided_at: dt.datetime
    reason: str
    items: list[str]
    conditions: list[dict[str, Any]]
    valid_until: dt.date | None
    due_on: dt.date | None
    reapply_on: dt.date | None
    level: str | None = None
    total_hkd: Decimal | None = None
    judgement: str | None = None
    by: str | None = None


class CreditConditionOut(Schema):
    """A condition of a decision."""

    id: int
    number: int
    kind: str
    type: str
    text: str
    is_essential: bool
    due_on: dt.date | None
    state: str


class CreditDecisionsOut(Schema):
    """What was decided on a pack."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "pack_id": 12,
                "state": "appr_cond",
                "case": None,
                "decisions": [
                    {
                        "outcome": "appr_cond", "decided_at": "2026-03-10T02:00:00Z", "reason": "", "items": [], "conditions": [],
                        "valid_until": "2026-06-08", "due_on": None, "reapply_on": None,
                    }
                ],
                "conditions": [
                    {
                        "id": 5, "number": 1, "kind": "precedent", "type": "legal", "text": "Guarantee signed", "is_essential": True,
                        "due_on": None, "state": "open",
                    }
                ],
            }
        }
    )  # fmt: skip

    pack_id: int
    state: str
    case: CreditCaseOut | None
    decisions: list[CreditDecisionOut]
    conditions: list[CreditConditionOut]


class FacilityLetterOut(Schema):
    """A facility letter as it was drawn up from a decision, and whether it was sent. Its PDF is fetched by its id."""

    id: int
    subject: str
    language: str
    drawn_at: dt.datetime
    sent_at: dt.datetime | None
    sha256: str
    size: int


class FacilityLettersOut(Schema):
    """The facility letters of a pack, the newest first."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "pack_id": 12,
                "letters": [
                    {
                        "id": 4, "subject": "Facility letter YT-2026-03", "language": "en", "drawn_at": "2026-03-11T02:00:00Z",
                        "sent_at": None, "sha256": "9f" * 32, "size": 48_211,
                    }
                ],
            }
        }
    )  # fmt: skip

    pack_id: int
    letters: list[FacilityLetterOut]


def _letter(row: FacilityLetter) -> dict[str, Any]:
    issue = getattr(row, "issue", None)
    plain = {name: getattr(row, name) for name in ("subject", "language", "sha256")}
    return {**plain, "id": row.pk, "drawn_at": row.at, "sent_at": issue.at if issue else None, "size": row.file.size}


def _decision(row: Decision, *, with_level: bool) -> dict[str, Any]:
    found = {
        "outcome": row.outcome,
        "decided_at": row.at,
        "reason": row.reason,
        "items": row.items,
        "conditions": row.conditions,
        "valid_until": row.valid_until,
        "due_on": row.due_on,
        "reapply_on": row.reapply_on,
    }
    if with_level:
        found |= {
            "level": row.level,
            "total_hkd": str(row.total),
            "judgement": row.judgement,
            "by": row.actor.username if row.actor else None,
        }
    return found


def _condition(row: Condition) -> dict[str, Any]:
    return {"id": row.pk, **{name: getattr(row, name) for name in ("number", "kind", "type", "text", "is_essential", "due_on", "state")}}


def _one(request: HttpRequest, pack: Pack) -> dict[str, Any]:
    case = selectors.case_of(pack) if permissions.reads_level(request.user) else None
    decisions = Decision.objects.visible_to(request.user).filter(pack=pack).select_related("actor").order_by("pk")
    conditions = Condition.objects.visible_to(request.user).filter(pack=pack).order_by("case__number", "number")
    return {
        "pack_id": pack.pk,
        "state": pack.state,
        "case": {"level": case.level, "grounds": case.grounds, "total_hkd": str(case.total), "rating": case.rating} if case else None,
        "decisions": [_decision(row, with_level=permissions.reads_level(request.user)) for row in decisions],
        "conditions": [_condition(row) for row in conditions],
    }


def _pack(request: HttpRequest, pack_id: int) -> Pack:
    return get_object_or_404(Pack.objects.visible_to(request.user).select_related("company", "centre", "owner"), pk=pack_id)


@router.get("packs/{int:up_id}", response=CreditDecisionsOut, exclude_unset=True, summary="What was decided on a pack")
def decisions(request: HttpRequest, up_id: int) -> dict[str, Any]:
    """For the credit department with level, exposure and judgement."""
    return _one(request, _pack(request, up_id))


@router.post("packs/{int:up_id}", response={201: CreditDecisionsOut}, exclude_unset=True, summary="Decide on a pack")
@once("credit.decide")
def decide(request: HttpRequest, up_id: int, body: CreditDecisionIn) -> tuple[int, dict[str, Any]]:
    """With the approver's own token and the guard of the page: authority, no part in the pack, no open blocker, the group's headroom
    (422 `exceeds_headroom` where its exposure would pass the stop). A system account decides nothing: it passes on its user's token."""
    pack = _pack(request, up_id)
    ruling = Ruling(body.word, body.judgement, body.reason, "\n".join(body.items), body.due_on, body.reapply_on)
    services.decide(pack_id=pack.pk, ruling=ruling, actor=request.user, now=timezone.now())
    return 201, _one(request, _pack(request, up_id))


@router.get("packs/{int:up_id}/letters", response=FacilityLettersOut, summary="The facility letters of a pack")
def letters(request: HttpRequest, up_id: int) -> dict[str, Any]:
    """Those that the token's user sees: one that was not sent yet is the credit department's and credit administration's."""
    pack = _pack(request, up_id)
    return {"pack_id": pack.pk, "letters": [_letter(row) for row in selectors.letters_of(pack, user=request.user)]}


@router.get("letters/{int:facility_letter_id}/pdf", summary="A facility letter as PDF", openapi_extra=file_answer("application/pdf"))
def letter_pdf(request: HttpRequest, facility_letter_id: int) -> HttpResponse:
    """As it was kept, always as a download; 404 where the content is gone or is another now."""
    letter = get_object_or_404(FacilityLetter.objects.visible_to(request.user).select_related("file"), pk=facility_letter_id)
    content = selectors.content_of(letter)
    if content is None:
        raise Http404
    return as_download(HttpResponse(content, content_type="application/pdf"), letter.file.name)
