"""After the loan, in the demo bank: clients in their classes, a proposal that waits, and a visit that found an empty office."""

import datetime as dt

from credit.flags import services as flags
from credit.risk import services as risk
from credit.risk.models import Standing
from credit.surprises import services as surprises
from credit.surprises.choices import POINTS, Seen
from credit.surprises.rules import Entry, Place
from crm.clients.models import Client
from crm.demo.seeds.accounts import DISCOUNTER
from crm.demo.seeds.bank import Bank
from crm.staff.models import User

THERE = Place(22.3121, 114.2256)
BEFORE, NOW = 190, 4
SPECIAL_MENTION = 2
EMPTY = {2: Seen.NO, 3: Seen.NO, 4: Seen.NO, 8: Seen.NO, 14: Seen.NO}
UNSEEN = (5, 6, 7, 9, 12, 13, 17, 18, 19, 20)
GUARD = "“since about two weeks”, the guard"


def plant(bank: Bank) -> None:
    """By the very services that people and the night use."""
    month = 30
    risk.classify(on=bank.days_ago(month), now=bank.now - dt.timedelta(days=month))
    risk.classify(on=bank.today, now=bank.now)
    client = bank.clients.get(DISCOUNTER)
    if client is not None:
        _story(bank, client)
    _proposal(bank)
    flags.nightly(bank.today, now=bank.now)
    surprises.settle(on=bank.today, now=bank.now)


def _story(bank: Bank, client: Client) -> None:
    """A discounter of usance credits: all well in spring; four days ago nobody there, and the office line answered elsewhere."""
    manager = User.objects.get(pk=client.owner_id)
    premises = {"latitude": THERE.latitude, "longitude": THERE.longitude, "phone": "+852 3100 0007", "headcount": 28}
    surprises.keep_premises(client_id=client.pk, values=premises | {"hours": "09:00–18:00"}, actor=manager, now=bank.now)
    good = {point.number: (Seen.NO if point.bad == Seen.YES else Seen.YES, "") for point in POINTS}
    well = Entry(answers=good, people_seen=27, on_payroll=28, result="satisfactory", result_reason="Busy; goods and papers agree.")
    _visit(bank, client, manager, BEFORE, well)
    empty = {point.number: (EMPTY.get(point.number, Seen.NO if point.bad == Seen.YES else Seen.YES), "") for point in POINTS}
    empty |= dict.fromkeys(UNSEEN, (Seen.NOT_SEEN, "")) | {11: (Seen.YES, GUARD)}
    found = Entry(
        answers=empty,
        people_seen=0,
        on_payroll=28,
        phone_diverted_at=_moment(bank, NOW) + dt.timedelta(minutes=3),
        phone_dialled="+852 3100 0007",
        result="unsatisfactory",
        result_reason="Door locked, no light. The office line was answered on the second ring: everyone at lunch.",
    )
    _visit(bank, client, manager, NOW, found)
    standing = Standing.objects.get(client=client, facility="")
    evidence = "Surprise visit: office empty in working hours, its telephone answered elsewhere."
    at = _moment(bank, NOW) + dt.timedelta(hours=2)
    if standing.loan_class < SPECIAL_MENTION:  # days overdue may have done it before
        risk.downgrade(standing_id=standing.pk, loan_class=SPECIAL_MENTION, evidence=evidence, actor=manager, now=at)


def _moment(bank: Bank, days: int) -> dt.datetime:
    """20 to 11 on the last working day that lies so many days back."""
    day = bank.working_day("rm", bank.days_ago(days))
    return bank.at(day, 10, 40)


def _visit(bank: Bank, client: Client, manager: User, days: int, entry: Entry) -> None:
    at = _moment(bank, days)
    visit = surprises.go_unannounced(client_id=client.pk, actor=manager, now=at)
    surprises.check_in(visit_id=visit.pk, place=Place(THERE.latitude + 0.0003, THERE.longitude), actor=manager, now=at)
    surprises.record(visit_id=visit.pk, entry=entry, actor=manager, now=at + dt.timedelta(minutes=25))


def _proposal(bank: Bank) -> None:
    """A first grade that waits for the head."""
    manager = bank.people["rm"]
    standing = Standing.objects.filter(client__owner=manager, risk_class="R2", grade=None).order_by("pk").first()
    if standing is not None:
        reason = "Audited accounts, little debt, twelve years with us."
        risk.propose(standing_id=standing.pk, loan_class=1, grade=3, reason=reason, actor=manager, now=bank.now)
