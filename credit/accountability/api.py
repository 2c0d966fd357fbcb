"""Accountability files through the API: the same services and visibility as the pages; each reading is noted."""

from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Router
from pydantic import ConfigDict, Field

from credit.accountability import parts, permissions, rules, selectors, services
from credit.accountability.choices import Way
from credit.accountability.models import Ballot, Case, Compilation, DutyFile, Entry, Statement
from crm.web.api import once, page
from crm.web.bodies import Body, Moment

router = Router(tags=["accountability files"])


class AccountabilityEntryIn(Body):
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
    said_at: Moment | None = None


class CommitteeWordsIn(Body):
    """An answer in writing, or the one objection to a decision. Kept for good."""

    model_config = ConfigDict(json_schema_extra={"example": {"words": "I objected to the drawing on 20 November, in writing."}})

    words: Annotated[str, Field(min_length=1, max_length=rules.WORDS)]


class CommitteeVoteIn(Body):
    """A member's vote: `full` (exempt), `partial`, `major` or `fraud`, with their own judgement."""

    model_config = ConfigDict(json_schema_extra={"example": {"outcome": "full", "judgement": "He objected in writing, and in time."}})

    outcome: Literal["full", "partial", "major", "fraud"]
    judgement: Annotated[str, Field(min_length=1, max_length=1000)]


class CommitteeCloseIn(Body):
    """Why it is decided so: who is judged reads it."""

    model_config = ConfigDict(json_schema_extra={"example": {"reason": "A clear objection in writing stands on the file."}})

    reason: Annotated[str, Field(min_length=1, max_length=1000)]


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


def _frozen(row: Compilation) -> dict[str, Any]:
    return {name: getattr(row, name) for name in ("id", "at", "loan_class", "due", "on_time", "score", "sha256")}


def _statement(row: Statement) -> dict[str, Any]:
    return {
        "id": row.pk,
        "words": row.words,
        "is_objection": row.is_objection,
        "at": row.at,
        "by": row.actor.username if row.actor else None,
    }


def _ballot(row: Ballot) -> dict[str, Any]:
    told = {name: getattr(row, name) for name in ("id", "bench", "outcome", "judgement", "at")}
    return told | {"by": row.actor.username if row.actor else None}


def _committee(case: Case, user: Any) -> dict[str, Any]:
    """A committee with what was said and what it decided; the ballots for those who may read them."""
    ruling = selectors.ruling_of(case)
    ballots = Ballot.objects.visible_to(user).filter(case=case).select_related("actor").order_by("at", "pk")
    told = ("outcome", "reason", "votes", "deferral_percent", "at")
    return {
        "id": case.pk,
        "frozen_id": case.compilation_id,
        "convened_by": case.actor.username if case.actor else None,
        "convened_at": case.at,
        "statement_until": case.statement_until,
        "statements": [_statement(one) for one in selectors.statements_of(case)],
        "ballots": [_ballot(one) for one in ballots],
        "decision": {name: getattr(ruling, name) for name in told} if ruling is not None else None,
    }


def _case(request: HttpRequest, pk: int) -> dict[str, Any]:
    """The committee after a step."""
    rows = Case.objects.visible_to(request.user).select_related("actor")
    return _committee(get_object_or_404(rows, pk=pk), request.user)


def _one(request: HttpRequest, row: DutyFile) -> dict[str, Any]:
    now = timezone.now()
    duties = parts.gathered(selectors.scope_of(row, now))
    counted = rules.tally(rules.standing(one.due_at, one.done_at) for one in duties if not one.is_hushed)
    services.note_reading(file_id=row.pk, way=Way.API, actor=request.user, now=now)
    frozen = selectors.last_frozen(row)
    case = selectors.case_of(frozen)
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
        "frozen": _frozen(frozen) if frozen is not None else None,
        "committee": _committee(case, request.user) if case is not None else None,
    }  # fmt: skip


@router.get("")
def accountability_files(request: HttpRequest, limit: int = 50, cursor: str = "") -> dict[str, Any]:
    """Files that the token's user may see, newest first; of those that were frozen the day and the score."""
    return page(_visible(request), request, serialise, ordering=("-at",))


@router.get("{int:duty_file_id}")
def accountability_file(request: HttpRequest, duty_file_id: int) -> dict[str, Any]:
    """One file with its duties as of now, its entries, what was frozen of it last, and the committee on that."""
    return _one(request, get_object_or_404(_visible(request), pk=duty_file_id))


@router.post("{int:duty_file_id}/entries", response={201: dict})
@once("accountability.write")
def write(request: HttpRequest, duty_file_id: int, body: AccountabilityEntryIn) -> tuple[int, dict[str, Any]]:
    """Write an instruction, an objection or a note, for good."""
    row = get_object_or_404(_visible(request), pk=duty_file_id)
    made = services.write_entry(file_id=row.pk, entry=rules.Written(**body.dict()), actor=request.user, now=timezone.now())
    return 201, _entry(made)


@router.post("frozen/{int:duty_frozen_id}/convene", response={201: dict})
@once("accountability.convene")
def convene(request: HttpRequest, duty_frozen_id: int) -> tuple[int, dict[str, Any]]:
    """Convene the committee on a frozen file, once. Who is judged may answer in writing until `statement_until`."""
    case = services.convene(compilation_id=duty_frozen_id, actor=request.user, now=timezone.now())
    return 201, _case(request, case.pk)


@router.post("committees/{int:duty_asked_id}/answer", response={201: dict})
@once("accountability.answer")
def answer(request: HttpRequest, duty_asked_id: int, body: CommitteeWordsIn) -> tuple[int, dict[str, Any]]:
    """Answer in writing as one who is judged, before the decision and once."""
    services.answer(case_id=duty_asked_id, words=body.words, actor=request.user, now=timezone.now())
    return 201, _case(request, duty_asked_id)


@router.post("committees/{int:duty_heard_id}/vote", response={201: dict})
@once("accountability.vote")
def vote(request: HttpRequest, duty_heard_id: int, body: CommitteeVoteIn) -> tuple[int, dict[str, Any]]:
    """Vote as a member, once, after who is judged was heard."""
    services.vote(case_id=duty_heard_id, actor=request.user, now=timezone.now(), **body.dict())
    return 201, _case(request, duty_heard_id)


@router.post("committees/{int:duty_voted_id}/close", response={201: dict})
@once("accountability.close")
def close_vote(request: HttpRequest, duty_voted_id: int, body: CommitteeCloseIn) -> tuple[int, dict[str, Any]]:
    """Close the vote as who convened it: what has the majority is decided for good. 422 without quorum, bench or majority."""
    services.close_vote(case_id=duty_voted_id, reason=body.reason, actor=request.user, now=timezone.now())
    return 201, _case(request, duty_voted_id)


@router.post("committees/{int:duty_decided_id}/object", response={201: dict})
@once("accountability.object")
def object_once(request: HttpRequest, duty_decided_id: int, body: CommitteeWordsIn) -> tuple[int, dict[str, Any]]:
    """Object to the decision as one who is judged, once."""
    services.object_once(case_id=duty_decided_id, words=body.words, actor=request.user, now=timezone.now())
    return 201, _case(request, duty_decided_id)
