"""Packs in review through the API, for a credit system: what waits, the questions, asking and answering. The services of the pages."""

import datetime as dt
from decimal import Decimal
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Router, Schema
from pydantic import ConfigDict, Field

from credit.packs.models import Pack
from credit.reviews import permissions, selectors, services
from credit.reviews.models import Question
from crm.web.api import once, page
from crm.web.bodies import Body

router = Router(tags=["credit reviews"])

TopicName = Literal["request", "borrower", "group", "business", "accounts", "cash", "security", "adverse", "kyc", "papers"]


class CreditQuestionIn(Body):
    """One question of a list."""

    topic: TopicName
    severity: Literal["info", "material", "blocker"]
    text: Annotated[str, Field(min_length=1, max_length=2000)]


class CreditQuestionsIn(Body):
    """The complete list, which is sent at once: the pack waits for its relationship manager."""

    model_config = ConfigDict(
        json_schema_extra={"example": {"questions": [{"topic": "accounts", "severity": "blocker", "text": "Why did receivables double?"}]}}
    )

    questions: Annotated[list[CreditQuestionIn], Field(min_length=1, max_length=60)]


class CreditAnswerIn(Body):
    """An answer in words."""

    model_config = ConfigDict(json_schema_extra={"example": {"text": "One buyer pays at 120 days since May."}})

    text: Annotated[str, Field(min_length=1, max_length=4000)]


class CreditWord(Body):
    """A word said in the thread of a question."""

    model_config = ConfigDict(json_schema_extra={"example": {"text": "Name the buyer, with the invoices of May."}})

    text: Annotated[str, Field(min_length=1, max_length=2000)]


class CreditSayingOut(Schema):
    """A word in a thread."""

    act: str
    text: str
    at: dt.datetime
    by: str | None


class CreditQuestionOut(Schema):
    """A question with its thread."""

    id: int
    number: int
    topic: str
    severity: str
    state: str
    text: str
    sent_at: dt.datetime | None
    due_at: dt.datetime | None
    thread: list[CreditSayingOut]


class CreditQuestionsOut(Schema):
    """The questions of a pack."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "pack_id": 12,
                "state": "query",
                "questions": [
                    {
                        "id": 31, "number": 1, "topic": "accounts", "severity": "blocker", "state": "open",
                        "text": "Why did receivables double?", "sent_at": "2026-03-05T02:00:00Z", "due_at": "2026-03-09T09:30:00Z",
                        "thread": [{"act": "ask", "text": "Why did receivables double?", "at": "2026-03-05T02:00:00Z", "by": "analyst"}],
                    }
                ],
            }
        }
    )  # fmt: skip

    pack_id: int
    state: str
    questions: list[CreditQuestionOut]


class IntakeRow(Schema):
    """A pack with the credit department, and what stops it."""

    id: int
    number: str
    company_id: int
    state: str
    authorship: str
    segment: str
    requested: Decimal
    currency: str
    handed_off_at: dt.datetime | None
    analyst: str | None
    open_questions: int
    is_blocked: bool
    is_on_hold: bool


class IntakeOut(Schema):
    """A page of the intake."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "items": [
                    {
                        "id": 12, "number": "GH-2026-01", "company_id": 1201, "state": "in_review", "authorship": "A", "segment": "sme",
                        "requested": "8000000.00", "currency": "HKD", "handed_off_at": "2026-03-04T02:00:00Z", "analyst": "analyst",
                        "open_questions": 0, "is_blocked": False, "is_on_hold": False,
                    }
                ],
                "next": None,
            }
        }
    )  # fmt: skip

    items: list[IntakeRow]
    next: str | None


def _question(row: Question) -> dict[str, Any]:
    return {
        "id": row.pk,
        "number": row.number,
        "topic": row.topic,
        "severity": row.severity,
        "state": row.state,
        "text": row.text,
        "sent_at": row.sent_at,
        "due_at": row.due_at,
        "thread": [
            {"act": entry.act, "text": entry.text, "at": entry.at, "by": entry.actor.username if entry.actor else None}
            for entry in getattr(row, "entries", [])
        ],
    }


def _pack(request: HttpRequest, pack_id: int) -> Pack:
    return get_object_or_404(Pack.objects.visible_to(request.user).select_related("company", "centre", "owner"), pk=pack_id)


def _questions(request: HttpRequest, pack: Pack) -> dict[str, Any]:
    rows = selectors.questions_of(pack, user=request.user)
    return {"pack_id": pack.pk, "state": pack.state, "questions": [_question(row) for row in rows]}


@router.get("intake", response=IntakeOut, summary="Packs with the credit department")
def intake(request: HttpRequest, state: str = "", limit: int = 50, cursor: str = "") -> dict[str, Any]:
    """Packs with the credit department, those handed off first at the top, with their analyst and what stops them."""
    permissions.can_read_intake(user=request.user).require()
    rows = selectors.intake(request.user).select_related("company", "owner", "review__analyst")
    if state:
        rows = rows.filter(state=state)
    return page(rows, request, _waiting, ordering=("handed_off_at",))


def _waiting(pack: Any) -> dict[str, Any]:
    review = getattr(pack, "review", None)
    return {
        "id": pack.pk,
        "number": pack.number,
        "company_id": pack.company_id,
        "state": pack.state,
        "authorship": pack.authorship,
        "segment": pack.segment,
        "requested": pack.requested,
        "currency": pack.currency,
        "handed_off_at": pack.handed_off_at,
        "analyst": review.analyst.username if review else None,
        "open_questions": pack.open_questions,
        "is_blocked": pack.is_blocked,
        "is_on_hold": pack.is_held,
    }


@router.get("packs/{int:reviewed_id}/questions", response=CreditQuestionsOut, summary="The questions of a pack")
def questions(request: HttpRequest, reviewed_id: int) -> dict[str, Any]:
    """The questions of a pack with their threads."""
    return _questions(request, _pack(request, reviewed_id))


@router.post("packs/{int:reviewed_id}/questions", response={201: CreditQuestionsOut}, summary="Send a complete list of questions")
@once("credit.ask")
def ask(request: HttpRequest, reviewed_id: int, body: CreditQuestionsIn) -> tuple[int, dict[str, Any]]:
    """The pack waits for its manager. What a person gathered on the page goes with a person's list, and not with a system's."""
    now = timezone.now()
    pack = _pack(request, reviewed_id)
    for entry in body.questions:
        services.draft_question(pack_id=pack.pk, topic=entry.topic, severity=entry.severity, text=entry.text, actor=request.user, now=now)
    services.send_questions(pack_id=pack.pk, actor=request.user, now=now)
    return 201, _questions(request, _pack(request, reviewed_id))


@router.post("questions/{int:question_id}/answer", response={200: CreditQuestionsOut}, summary="Answer a question")
@once("credit.answer")
def answer(request: HttpRequest, question_id: int, body: CreditAnswerIn) -> tuple[int, dict[str, Any]]:
    """Answer a question as the pack's relationship manager."""
    get_object_or_404(Question.objects.visible_to(request.user), pk=question_id)
    found = services.answer(question_id=question_id, text=body.text, actor=request.user, now=timezone.now())
    return 200, _questions(request, _pack(request, found.pack_id))


@router.post("questions/{int:answered_id}/accept", response={200: CreditQuestionsOut}, summary="Accept an answer")
@once("credit.accept")
def accept(request: HttpRequest, answered_id: int) -> tuple[int, dict[str, Any]]:
    """Accept an answer as the analyst or an approver."""
    get_object_or_404(Question.objects.visible_to(request.user), pk=answered_id)
    found = services.accept(question_id=answered_id, actor=request.user, now=timezone.now())
    return 200, _questions(request, _pack(request, found.pack_id))


@router.post("questions/{int:answered_id}/reopen", response={200: CreditQuestionsOut}, summary="Ask again")
@once("credit.reopen")
def reopen(request: HttpRequest, answered_id: int, body: CreditWord) -> tuple[int, dict[str, Any]]:
    """The answer will not do: the pack waits for its manager anew."""
    found = services.reopen(question_id=answered_id, text=body.text, actor=request.user, now=timezone.now())
    return 200, _questions(request, _pack(request, found.pack_id))


@router.post("questions/{int:question_id}/withdraw", response={200: CreditQuestionsOut}, summary="Withdraw a question")
@once("credit.withdraw_question")
def withdraw(request: HttpRequest, question_id: int, body: CreditWord) -> tuple[int, dict[str, Any]]:
    """It need not be answered any more, and why. The review goes on where it was the last one open."""
    found = services.withdraw_question(question_id=question_id, text=body.text, actor=request.user, now=timezone.now())
    return 200, _questions(request, _pack(request, found.pack_id))


@router.post("packs/{int:asked_pack_id}/resume", response={200: CreditQuestionsOut}, summary="Give a pack back to the review")
@once("credit.resume")
def resume(request: HttpRequest, asked_pack_id: int) -> tuple[int, dict[str, Any]]:
    """By its relationship manager, once every blocker is answered."""
    services.resume(pack_id=asked_pack_id, actor=request.user, now=timezone.now())
    return 200, _questions(request, _pack(request, asked_pack_id))
