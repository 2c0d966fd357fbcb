"""The days to come: visits and calls planned by everybody who looks after clients, and a few that were cancelled."""

import datetime as dt
from collections.abc import Iterator

from crm.clients.choices import ClientStatus
from crm.demo.seeds.bank import Bank, insert, keep
from crm.demo.seeds.notes import SCRIPTS, Note, Stock
from crm.kernel.worklist import WorkItem
from crm.staff.choices import RELATIONSHIP_ROLES
from crm.visits.choices import VisitState, WorkKindName
from crm.visits.models import Visit
from crm.visits.services.traces import SUBJECT
from prospects.deals.choices import OPEN_STAGES, Stage

# Working days from today, hour and minute, and whether they meet face to face.
_PLANNED = ((1, 10, 30, True), (2, 15, 0, False), (4, 11, 0, True))
_PLANNED_BY_RM = (
    (0, 11, 0, False),
    (0, 11, 30, True),
    (0, 15, 0, True),
    (0, 16, 30, False),
    (1, 10, 0, True),
    (2, 14, 30, True),
    (5, 10, 30, True),
)
_CANCELLED = 9


def plant(bank: Bank) -> None:
    """Planned visits with their work items, and some that did not take place."""
    stock = Stock(bank.dice)
    planned = keep(Visit, (visit for username in _visitors(bank) for visit in _plans_of(bank, stock, username)))
    insert(
        WorkItem,
        (
            WorkItem(
                kind=WorkKindName.VISIT,
                title=visit.objective,
                company_id=visit.company_id,
                due_at=visit.planned_at,
                assignee=visit.owner,
                subject_type=SUBJECT,
                subject_id=visit.pk,
                created_by=visit.owner,
            )
            for visit in planned
        ),
    )
    _cancel_some(bank, stock)


def _visitors(bank: Bank) -> list[str]:
    return [username for username, post in bank.posts.items() if post.role in RELATIONSHIP_ROLES]


def _plans_of(bank: Bank, stock: Stock, username: str) -> Iterator[Visit]:
    companies = _companies_of(bank, username)
    bank.dice.shuffle(companies)
    for company, (days, hour, minute, face_to_face) in zip(companies, _PLANNED_BY_RM if username == "rm" else _PLANNED, strict=False):
        day = bank.today if days == 0 else bank.calendar(username).add_working_days(bank.today, days)
        yield _planned(bank, stock, username, company, bank.at(day, hour, minute), face_to_face=face_to_face)


def _companies_of(bank: Bank, username: str) -> list[str]:
    """Whom this person may visit: own clients that are open, own prospects that have been spoken to."""
    clients = [key for key, client in bank.clients.items() if bank.is_of(username, client) and client.status != ClientStatus.CLOSED]
    spoken_to = set(OPEN_STAGES) - {Stage.SUSPECT, Stage.LEAD}
    prospects = [row.company for row in bank.pursuits if row.owner == username and row.is_new and row.stage in spoken_to]
    return [*dict.fromkeys([*clients, *prospects])]


def _planned(bank: Bank, stock: Stock, username: str, company: str, at: dt.datetime, *, face_to_face: bool) -> Visit:
    note = _note(bank, stock, username, company, face_to_face=face_to_face)
    words = stock.words(bank, company=company, contact=None, script=SCRIPTS[bank.people[username].language], day=at.date())
    return Visit(
        company=bank.companies[company],
        kind=note.kind,
        purpose=note.purpose,
        state=VisitState.PLANNED,
        planned_at=at,
        at=at,
        objective=note.objective.format(**words),
        **bank.owned_by(username),
    )


def _note(bank: Bank, stock: Stock, username: str, company: str, *, face_to_face: bool) -> Note:
    script, industry = SCRIPTS[bank.people[username].language], bank.industries[company]
    if company in bank.clients:
        return stock.draw(script, industry=industry, purposes=("review",) if face_to_face else ("courtesy",), face_to_face=face_to_face)
    stage = Stage.MET if face_to_face else Stage.CONTACTED
    return stock.draw(script, industry=industry, purposes=("prospect",), face_to_face=face_to_face, stage=str(stage))


def _cancel_some(bank: Bank, stock: Stock) -> None:
    people = bank.dice.sample(_visitors(bank), _CANCELLED)
    rows = []
    for username in people:
        companies = _companies_of(bank, username)
        if companies:
            day = bank.working_day(username, bank.days_ago(bank.dice.randint(3, 120)))
            rows.append(_planned(bank, stock, username, bank.pick(companies), bank.at(day, 10, 30), face_to_face=True))
    for visit in keep(Visit, rows):
        visit.state = VisitState.CANCELLED
        visit.record(actor=bank.owner_of(visit), reason=stock.phrase("cancelled", SCRIPTS[bank.owner_of(visit).language]), fields=["state"])
