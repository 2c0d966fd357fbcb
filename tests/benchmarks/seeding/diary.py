"""What the invented bank's people did and have to do: visits, timeline rows, work items."""

import datetime as dt
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from crm.clients.choices import ClientEvent
from crm.kernel.worklist import TimelineRow, WorkItem, WorkState
from crm.staff.choices import SERVE_THE_BANK, Role
from crm.visits.choices import Purpose, VisitKind, VisitState, WorkKindName
from crm.visits.models import Attendee, Visit
from tests.benchmarks.seeding.pursuits import CLIENT, PEOPLE_OF_CLIENT, Table

if TYPE_CHECKING:
    from tests.benchmarks.seeding.bank import Bank

VISIT = "visits.visit"
VISITS_OF_CLIENT = 10
VISITS_OF_BUSIEST = 120
OPEN_TASKS, DONE_TASKS, PLANNED_VISITS = 30, 120, 6
QUEUED = 20  # in each shared queue
_SUMMARY = "Spoke of the new production line and of how orders from the region develop.\nThey ask for longer terms. 談及新生產線。"
_KINDS = (VisitKind.VISIT, VisitKind.CALL, VisitKind.MEETING)

_VISIT_COLUMNS = (
    "id", "company_id", "kind", "purpose", "state", "at", "planned_at", "happened_at", "met", "objective", "summary", "business",
    "logged_at", "due_at", "locked_at", "owner_id", "team_id", "centre_id",
)  # fmt: skip
_TIMELINE_COLUMNS = (
    "company_id", "kind", "at", "actor_id", "owner_id", "team_id", "centre_id", "title", "facts", "subject_type", "subject_id",
)  # fmt: skip
_WORK_COLUMNS = (
    "kind", "title", "company_id", "assignee_id", "unit_id", "role", "due_at", "state", "subject_type", "subject_id", "created_by_id",
    "closed_at", "closed_by_id",
)  # fmt: skip


def tables(bank: "Bank") -> list[Table]:
    """In the order in which they are written."""
    return [
        (Visit, _VISIT_COLUMNS, _visits(bank)),
        (Attendee, ("visit_id", "contact_id"), _attendees(bank)),
        (TimelineRow, _TIMELINE_COLUMNS, _timeline(bank)),
        (WorkItem, _WORK_COLUMNS, _work(bank)),
    ]


def _done(bank: "Bank") -> Iterator[tuple[int, int, dt.datetime]]:
    """(visit id, company id, when): ten of each client, many more of the first one, one of each prospect."""
    number = 0
    for company_id in bank.clients:
        for turn in range(VISITS_OF_BUSIEST if company_id == bank.clients[0] else VISITS_OF_CLIENT):
            number += 1
            yield number, company_id, bank.now - dt.timedelta(days=turn * 36 + company_id % 36, hours=3 + number % 6, minutes=number % 60)
    for company_id in bank.pursued:
        number += 1
        yield number, company_id, bank.now - dt.timedelta(days=company_id % 90, hours=3 + number % 6, minutes=number % 60)


def _visits(bank: "Bank") -> Iterator[tuple[Any, ...]]:
    number = 0
    for number, company_id, at in _done(bank):
        written = at + dt.timedelta(hours=2)
        yield (
            number, company_id, _KINDS[number % 3], Purpose.REVIEW, VisitState.DONE, at, None, at, "Chan Ka Ming", "", _SUMMARY,
            "Makes parts for cars", written, at + dt.timedelta(days=1), at + dt.timedelta(days=7), *bank.manager_of(company_id).scope,
        )  # fmt: skip
    for manager_number, manager in enumerate(bank.managers):
        for turn in range(PLANNED_VISITS):
            number += 1
            at = bank.now + dt.timedelta(days=turn * 3 + 1, hours=manager_number % 5)
            company_id = bank.clients[manager_number]
            yield (
                number, company_id, VisitKind.VISIT, Purpose.REVIEW, VisitState.PLANNED, at, at, None, "", "Renew the lines", "", "", None,
                None, None, *manager.scope,
            )  # fmt: skip


def _attendees(bank: "Bank") -> Iterator[tuple[int, int]]:
    for number, company_id, _ in _done(bank):
        if company_id % 5 == 0:
            yield number, (company_id // 5 - 1) * PEOPLE_OF_CLIENT + 1


def _timeline(bank: "Bank") -> Iterator[tuple[Any, ...]]:
    for number, company_id, at in _done(bank):
        owner_id, team_id, centre_id = bank.manager_of(company_id).scope
        title = _SUMMARY.splitlines()[0]
        facts = {"met": "Chan Ka Ming"}
        yield company_id, _KINDS[number % 3], at, owner_id, owner_id, team_id, centre_id, title, facts, VISIT, number
    for company_id in bank.clients:
        owner_id, team_id, centre_id = bank.manager_of(company_id).scope
        opened = bank.now - dt.timedelta(days=900 + company_id % 300)
        yield company_id, ClientEvent.OPENED, opened, owner_id, owner_id, team_id, centre_id, "", {}, CLIENT, company_id // 5


def _work(bank: "Bank") -> Iterator[tuple[Any, ...]]:
    for number, manager in enumerate(bank.managers):
        for turn in range(OPEN_TASKS + DONE_TASKS):
            company_id = bank.clients[(number + turn * len(bank.managers)) % len(bank.clients)]
            due = bank.now + dt.timedelta(days=turn - 10 if turn < OPEN_TASKS else -turn, hours=number % 8)
            done = turn >= OPEN_TASKS
            yield (
                WorkKindName.TASK, "Send the offer that was asked for", company_id, manager.user_id, None, "", due,
                WorkState.DONE if done else WorkState.OPEN, VISIT, turn + 1, manager.user_id,
                due if done else None, manager.user_id if done else None,
            )  # fmt: skip
    for team_id in sorted({manager.team_id for manager in bank.managers}):
        for turn in range(QUEUED):
            yield _queued(bank, turn, team_id, Role.TH)
    for role in SERVE_THE_BANK:
        for turn in range(QUEUED):
            yield _queued(bank, turn, None, role)


def _queued(bank: "Bank", turn: int, unit_id: int | None, role: str) -> tuple[Any, ...]:
    due = bank.now + dt.timedelta(days=turn % 20 - 5, hours=turn % 8)
    company_id = bank.clients[turn % len(bank.clients)]
    return (
        WorkKindName.SIGN_OFF, "Read what was written", company_id, None, unit_id, role, due, WorkState.OPEN, VISIT, turn + 1,
        bank.managers[0].user_id, None, None,
    )  # fmt: skip
