"""A year of visits and calls: who met whom on what day and what was noted, decided before any row is written."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from crm.clients.choices import ClientStatus, Tier
from crm.companies.models import Contact
from crm.demo.seeds.bank import Bank
from crm.demo.seeds.notes import SCRIPTS, Note, Stock
from crm.demo.seeds.pursuits import Pursuit
from prospects.deals.choices import Stage

YEAR = 365

# Days between meetings and between calls as our people really keep them: about what domain 3.2 asks, with gaps.
_MEETS_EVERY = {Tier.A: 32, Tier.B: 62, Tier.C: 140, Tier.D: 260}
_CALLS_EVERY = {Tier.A: 16, Tier.B: 27, Tier.C: 66, Tier.D: 115}
_LAST_CALL_WITHIN = {Tier.A: 7, Tier.B: 14, Tier.C: 45, Tier.D: 90}
_KEEPS_CADENCE = 0.72

_MEETING_PURPOSES = ("review",) * 5 + ("service", "courtesy", "post_loan", "post_loan", "pre_loan")
_CALL_PURPOSES = ("service", "courtesy", "courtesy")
_NOTED_ON_ENTERING = {Stage.CONTACTED: 1.0, Stage.MET: 1.0, Stage.QUALIFIED: 0.6, Stage.PROPOSAL: 1.0, Stage.CREDIT: 0.5}
_CALLED = frozenset({Stage.LEAD, Stage.CONTACTED})


@dataclass
class Meeting:
    """One visit or call that took place."""

    company: str
    owner: str
    day: dt.date
    note: Note
    contact: Contact | None
    two_way: bool = True


def of_clients(bank: Bank, stock: Stock) -> Iterator[Meeting]:
    """Meetings and calls with clients over the last year, by tier, as long as they were clients and awake."""
    for key, client in bank.clients.items():
        since = max(bank.days_ago(YEAR), client.opened_on)
        until = bank.days_ago(1)
        if client.status == ClientStatus.CLOSED and client.closed_on:
            until = client.closed_on
        elif client.status == ClientStatus.DORMANT:
            until = bank.days_ago(190)
        tier, owner = Tier(client.tier), bank.owner_of(client).username
        within = _LAST_CALL_WITHIN[tier] if bank.dice.random() < _KEEPS_CADENCE else 2 * _LAST_CALL_WITHIN[tier]
        last_call = until - dt.timedelta(days=bank.dice.randint(0, within))
        last_meeting = until - dt.timedelta(days=bank.dice.randint(0, _MEETS_EVERY[tier]))
        for day in _days_back(bank, last_meeting, since, every=_MEETS_EVERY[tier]):
            yield _meeting(bank, stock, key, owner, day, face_to_face=True, purposes=(bank.pick(_MEETING_PURPOSES),))
        for day in _days_back(bank, last_call, since, every=_CALLS_EVERY[tier]):
            yield _meeting(bank, stock, key, owner, day, face_to_face=False, purposes=(bank.pick(_CALL_PURPOSES),))


def of_pursuits(bank: Bank, stock: Stock, pursuits: list[Pursuit]) -> Iterator[Meeting]:
    """What brought each pursuit of a new company from stage to stage, and the tries with those that nobody has reached yet."""
    for pursuit in pursuits:
        if not pursuit.is_new:
            continue
        for step in pursuit.steps:
            noted = bank.dice.random() < _NOTED_ON_ENTERING.get(step.stage, 0.0)
            if noted and step.day >= bank.days_ago(YEAR):
                yield _on_the_way(bank, stock, pursuit, step.stage, step.day)
        if pursuit.stage == Stage.LEAD and bank.dice.random() < 0.6:
            day = pursuit.steps[-1].day + dt.timedelta(days=bank.dice.randint(0, 4))
            if day < bank.today:
                yield _on_the_way(bank, stock, pursuit, Stage.LEAD, bank.working_day(pursuit.owner, day), two_way=False)


def by_company(meetings: list[Meeting]) -> dict[str, list[Meeting]]:
    """Each company's meetings, oldest first."""
    found: dict[str, list[Meeting]] = defaultdict(list)
    for meeting in sorted(meetings, key=lambda meeting: meeting.day):
        found[meeting.company].append(meeting)
    return found


def _days_back(bank: Bank, last: dt.date, since: dt.date, *, every: int) -> Iterator[dt.date]:
    day = last
    while day >= since:
        yield day
        day -= dt.timedelta(days=max(3, round(every * bank.dice.uniform(0.7, 1.35))))


def _on_the_way(bank: Bank, stock: Stock, pursuit: Pursuit, stage: Stage, day: dt.date, *, two_way: bool = True) -> Meeting:
    return _meeting(
        bank,
        stock,
        pursuit.company,
        pursuit.owner,
        day,
        face_to_face=stage not in _CALLED,
        purposes=("prospect",),
        stage=str(stage),
        two_way=two_way,
    )


def _meeting(
    bank: Bank,
    stock: Stock,
    company: str,
    owner: str,
    day: dt.date,
    *,
    face_to_face: bool,
    purposes: tuple[str, ...],
    stage: str = "",
    two_way: bool = True,
) -> Meeting:
    script = SCRIPTS[bank.people[owner].language]
    note = stock.draw(script, industry=bank.industries[company], purposes=purposes, face_to_face=face_to_face, stage=stage)
    people = bank.contacts[company]
    return Meeting(company, owner, bank.working_day(owner, day), note, bank.pick(people) if people else None, two_way)
