"""Writes the diary as visits with who was there, promises, tasks and timeline rows."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from crm.companies.choices import AddressKind
from crm.companies.models import Address, Company
from crm.demo.seeds import diary
from crm.demo.seeds.bank import Bank, insert, keep
from crm.demo.seeds.diary import Meeting
from crm.demo.seeds.notes import SCRIPTS, Stock
from crm.kernel.worklist import TimelineRow, WorkItem, WorkState
from crm.policy import selectors as policy
from crm.staff.choices import Role
from crm.staff.models import User
from crm.visits import rules
from crm.visits.choices import PlaceKind, Purpose, VisitKind, VisitState, WorkKindName
from crm.visits.models import Attendee, BankAttendee, Promise, Visit
from crm.visits.rules import Entry
from crm.visits.services.traces import PROMISE_SUBJECT, SUBJECT

_PLACES = {AddressKind.FACTORY: PlaceKind.FACTORY, AddressKind.WAREHOUSE: PlaceKind.WAREHOUSE, AddressKind.OFFICE: PlaceKind.OFFICE}
_MOODS = (2, 3, 3, 3, 4, 4, 4, 4, 5)
_HOURS = ((9, 45), (10, 0), (10, 30), (11, 0), (11, 30), (14, 15), (15, 0), (15, 30), (16, 0), (16, 30))

# When the next steps of everybody's newest meetings fall due, in working days from today: some late, some today.
_DUE = (-2, 0, 1, 3, 7)
_DUE_OF_RM = (-3, -1, 0, 0, 0, 1, 2, 5, 9)
_SIGNED_AFTER_DAYS = 16
_FRESH_DAYS = 12
_GIVEN_UP_AFTER_DAYS = 8
_LOGGED_LATE = 0.07


@dataclass
class _Written:
    """A visit to be, with what goes beside it."""

    meeting: Meeting
    visit: Visit
    colleague: User | None
    is_newest: bool


def plant(bank: Bank) -> None:
    """The past year's visits and calls, with all that they left."""
    stock = Stock(bank.dice)
    meetings = [*diary.of_clients(bank, stock), *diary.of_pursuits(bank, stock, bank.pursuits)]
    newest = {id(held[-1]) for held in diary.by_company(meetings).values()}
    meetings.sort(key=lambda meeting: meeting.day)
    addresses = {row.company_id: row for row in Address.objects.filter(company__in=bank.companies.values())}
    written = [_write(bank, stock, meeting, addresses, is_newest=id(meeting) in newest) for meeting in meetings]
    _set_next_steps(bank, stock, written)
    keep(Visit, (row.visit for row in written))
    insert(Attendee, (Attendee(visit=row.visit, contact=row.meeting.contact) for row in written if row.visit.met))
    insert(BankAttendee, (BankAttendee(visit=row.visit, user=row.colleague) for row in written if row.colleague))
    insert(WorkItem, [*_tasks(bank, written), *_sign_offs(bank, written), *_promises(bank, stock, written)])
    insert(TimelineRow, (_shown(row.visit) for row in written))
    _note_contacts(bank, written)


def _write(bank: Bank, stock: Stock, meeting: Meeting, addresses: dict[int, Address], *, is_newest: bool) -> _Written:
    company = bank.companies[meeting.company]
    script = SCRIPTS[bank.people[meeting.owner].language]
    words = stock.words(bank, company=meeting.company, contact=meeting.contact, script=script, day=meeting.day)
    note, address = meeting.note, addresses[company.pk]
    colleague = _colleague(bank, meeting)
    goes_there = note.kind in {VisitKind.VISIT, VisitKind.JOINT}
    entry = Entry(
        happened_at=bank.at(meeting.day, *bank.pick(_HOURS)),
        summary=note.text.format(**words),
        kind=note.kind,
        purpose=note.purpose,
        place=_place(meeting, address),
        two_way=meeting.two_way,
        mood=bank.pick(_MOODS) if meeting.two_way else None,
        texts={
            "objective": note.objective.format(**words),
            "place_text": (address.text_en if script == "en" else address.text_zh) if goes_there else "",
            **_facts(bank, stock, meeting, script),
        },
    )
    visit = Visit(company=company, state=VisitState.DONE, **entry.columns(), **bank.owned_by(meeting.owner))
    visit.met = meeting.contact.name_en if meeting.contact and meeting.two_way else ""
    visit.colleagues = colleague.name_en if colleague else ""
    _set_deadlines(bank, meeting, visit, entry.happened_at)
    return _Written(meeting, visit, colleague, is_newest)


def _facts(bank: Bank, stock: Stock, meeting: Meeting, script: str) -> dict[str, str]:
    """What else was learned, now and then: banks used, what a rival offers, what the client asks for."""
    chances = {"competitor_offers": ("rival", 0.12), "client_requests": ("request", 0.15), "banks_used": ("banks_used", 0.12)}
    if meeting.note.purpose == Purpose.PROSPECT:
        chances["banks_used"] = ("banks_used", 0.6)
    if not meeting.note.is_face_to_face:
        return {}
    return {column: stock.phrase(kind, script) for column, (kind, chance) in chances.items() if bank.dice.random() < chance}


def _place(meeting: Meeting, address: Address) -> str:
    if meeting.note.kind == VisitKind.MEETING:
        return PlaceKind.OURS
    return "" if meeting.note.kind == VisitKind.CALL else _PLACES[AddressKind(address.kind)]


def _colleague(bank: Bank, meeting: Meeting) -> User | None:
    """The team head on a joint visit, a team mate on a pre-loan visit: two go there (domain 3.3)."""
    if meeting.note.kind == VisitKind.JOINT:
        return bank.head_of(meeting.owner)
    if meeting.note.purpose != Purpose.PRE_LOAN:
        return None
    unit_id = bank.posts[meeting.owner].unit_id
    mates = [post.user for post in bank.posts.values() if post.unit_id == unit_id and post.role != Role.TH]
    return bank.pick([mate for mate in mates if mate.username != meeting.owner])


def _set_deadlines(bank: Bank, meeting: Meeting, visit: Visit, happened_at: dt.datetime) -> None:
    """When it was written down, until when it could have been, and whether the team head has signed."""
    figures = policy.table("visits.deadlines", jurisdiction=bank.centre_of(meeting.owner).jurisdiction, on=bank.today)
    due_at, visit.locked_at = rules.due_and_lock(happened_at=happened_at, calendar=bank.calendar(meeting.owner), figures=figures)
    took = dt.timedelta(hours=bank.dice.uniform(0.6, 6))
    if bank.dice.random() < _LOGGED_LATE:
        took = dt.timedelta(days=bank.dice.randint(3, 5), hours=2)
    logged_at = min(happened_at + took, bank.now)
    visit.due_at, visit.logged_at, visit.is_late = due_at, logged_at, logged_at >= due_at
    client = bank.clients.get(meeting.company)
    visit.needs_sign_off = rules.needs_sign_off(kind=visit.kind, purpose=visit.purpose, tier=client.tier if client else "")
    if visit.needs_sign_off and meeting.day < bank.days_ago(_SIGNED_AFTER_DAYS):
        visit.signed_off_by = bank.head_of(meeting.owner)
        visit.signed_off_at = logged_at + dt.timedelta(days=bank.dice.randint(1, 4))


def _set_next_steps(bank: Bank, stock: Stock, written: list[_Written]) -> None:
    """A next step for the newest meeting with each company and for most others; the newest of each person fall due around today."""
    newest_of: dict[str, list[_Written]] = defaultdict(list)
    for row in reversed(written):
        if row.is_newest or bank.dice.random() < 0.6:
            day = row.meeting.day + dt.timedelta(days=bank.dice.randint(2, 14))
            _set_next_step(bank, stock, row, bank.working_day(row.meeting.owner, max(day, row.meeting.day)))
        if row.is_newest:
            newest_of[row.meeting.owner].append(row)
    for owner, rows in newest_of.items():
        for row, offset in zip(rows, _DUE_OF_RM if owner == "rm" else _DUE, strict=False):
            day = bank.calendar(owner).add_working_days(bank.today, offset) if offset else bank.today
            _set_next_step(bank, stock, row, max(day, row.meeting.day))


def _set_next_step(bank: Bank, stock: Stock, row: _Written, day: dt.date) -> None:
    visit, owner = row.visit, bank.people[row.meeting.owner]
    if not visit.next_step:
        script, meeting = SCRIPTS[owner.language], row.meeting
        words = stock.words(bank, company=meeting.company, contact=meeting.contact, script=script, day=meeting.day)
        visit.next_step = meeting.note.next.format(**words)
    visit.next_step_on, visit.next_step_owner = day, owner


def _tasks(bank: Bank, written: list[_Written]) -> list[WorkItem]:
    """The task of each next step: open where it is the newest of the company's and not long past, else done."""
    items = []
    for row in written:
        visit = row.visit
        if not visit.next_step_on:
            continue
        still_open = row.is_newest and visit.next_step_on >= bank.days_ago(_GIVEN_UP_AFTER_DAYS)
        due_at = rules.closing_time(visit.next_step_on, bank.calendar(row.meeting.owner))
        item = _item(visit, WorkKindName.TASK, visit.next_step, due_at, assignee=visit.next_step_owner)
        items.append(item if still_open else _closed(bank, item))
    return items


def _sign_offs(bank: Bank, written: list[_Written]) -> list[WorkItem]:
    """What waits for the team head's signature, and what was signed."""
    items = []
    for row in written:
        visit = row.visit
        if visit.needs_sign_off:
            title = rules.first_line(visit.summary)
            item = _item(visit, WorkKindName.SIGN_OFF, title, visit.locked_at, unit=visit.team, role=Role.TH)
            if visit.signed_off_at:
                item.state, item.closed_at, item.closed_by = WorkState.DONE, visit.signed_off_at, visit.signed_off_by
            items.append(item)
    return items


def _promises(bank: Bank, stock: Stock, written: list[_Written]) -> list[WorkItem]:
    """What the bank promised at one meeting in five and most of the newest; kept where it is long ago. Each with its work item."""
    promises = []
    for row in written:
        fresh = row.is_newest and row.meeting.day >= bank.days_ago(_FRESH_DAYS)
        if row.meeting.note.is_face_to_face and bank.dice.random() < (0.7 if fresh else 0.2):
            owner, day = bank.people[row.meeting.owner], row.meeting.day + dt.timedelta(days=bank.dice.randint(4, 16))
            if fresh:
                day = bank.calendar(owner.username).add_working_days(bank.today, bank.pick((-1, 1, 2, 3, 5, 8)))
            due_on = max(bank.working_day(owner.username, day), row.meeting.day)
            text = stock.phrase("promise", SCRIPTS[owner.language])
            promise = Promise(visit=row.visit, company=row.visit.company, text=text, due_on=due_on, owner=owner)
            if due_on < bank.days_ago(_FRESH_DAYS):
                promise.kept_at, promise.kept_by = bank.at(due_on, 16), owner
            promises.append(promise)
    keep(Promise, promises)
    return [_promise_item(bank, promise) for promise in promises]


def _promise_item(bank: Bank, promise: Promise) -> WorkItem:
    due_at = rules.closing_time(promise.due_on, bank.calendar(promise.owner.username))
    item = _item(promise.visit, WorkKindName.PROMISE, promise.text, due_at, assignee=promise.owner)
    item.subject_type, item.subject_id = PROMISE_SUBJECT, promise.pk
    if promise.kept_at:
        item.state, item.closed_at, item.closed_by = WorkState.DONE, promise.kept_at, promise.kept_by
    return item


def _item(visit: Visit, kind: str, title: str, due_at: dt.datetime | None, **whose: Any) -> WorkItem:
    return WorkItem(
        kind=kind,
        title=title,
        company_id=visit.company_id,
        due_at=due_at,
        subject_type=SUBJECT,
        subject_id=visit.pk,
        created_by=visit.owner,
        **whose,
    )


def _closed(bank: Bank, item: WorkItem) -> WorkItem:
    took = dt.timedelta(hours=bank.dice.randint(-30, 4))
    item.state, item.closed_by = WorkState.DONE, item.assignee
    item.closed_at = min(item.due_at + took, bank.now) if item.due_at else bank.now
    return item


def _shown(visit: Visit) -> TimelineRow:
    return TimelineRow(
        company_id=visit.company_id,
        kind=visit.kind,
        at=visit.at,
        actor_id=visit.owner_id,
        owner_id=visit.owner_id,
        team_id=visit.team_id,
        centre_id=visit.centre_id,
        title=rules.first_line(visit.summary),
        facts={"met": visit.met} if visit.met else {},
        subject_type=SUBJECT,
        subject_id=visit.pk,
    )


def _note_contacts(bank: Bank, written: list[_Written]) -> None:
    """The companies' dates of last contact and last meeting."""
    for row in written:
        visit, company = row.visit, bank.companies[row.meeting.company]
        if rules.counts_as_contact(kind=visit.kind, two_way=visit.two_way):
            company.last_contact_at = max(visit.at, company.last_contact_at or visit.at)
        if rules.counts_as_meeting(kind=visit.kind, purpose=visit.purpose):
            company.last_met_at = max(visit.at, company.last_met_at or visit.at)
    Company.objects.bulk_update(bank.companies.values(), ["last_contact_at", "last_met_at"], batch_size=200)
