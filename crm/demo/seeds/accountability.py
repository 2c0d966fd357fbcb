"""Accountability files of the demo bank: the discounter's with its manager's objection, one decided, one whose committee sits; a handover
that waits for its witness.
"""  # fmt: skip

import datetime as dt

from credit.accountability import services as duties
from credit.accountability.models import Case as Committee
from credit.accountability.models import DutyFile
from credit.accountability.permissions import can_sit
from credit.accountability.rules import Written
from credit.flags import services as flags
from credit.handovers import services as handovers
from credit.risk import services as risk
from credit.risk.models import Standing
from crm.clients.models import Client
from crm.demo.seeds.accounts import DISCOUNTER
from crm.demo.seeds.bank import Bank
from crm.demo.seeds.loans import DECIDED, SITTING
from crm.demo.seeds.reviews import APPROVERS
from crm.staff.models import User

MOVING = "tung-shing-packaging"
BAD = 3


def plant(bank: Bank) -> None:
    """By the very services that people and the night use."""
    _protected(bank)
    _decided(bank)
    _sitting(bank)
    _handover(bank)


def _file(bank: Bank, company: str) -> DutyFile | None:
    client = bank.clients.get(company)
    found: DutyFile | None = DutyFile.objects.filter(client=client).order_by("pk").first() if client is not None else None
    return found


def _person(name: str) -> User:
    return User.objects.get(username=name)


def _day(bank: Bank, days: int, hour: int = 10, minute: int = 0) -> dt.datetime:
    return bank.at(bank.working_day("rm", bank.days_ago(days)), hour, minute)


def _write(bank: Bank, file: DutyFile, who: User, days: int, kind: str, party: str, words: str) -> None:
    at = _day(bank, days, 17)
    entry = Written(kind, words, party, at - dt.timedelta(hours=2))
    duties.write_entry(file_id=file.pk, entry=entry, actor=who, now=at)


def _flag(file: DutyFile, code: str, note: str, at: dt.datetime, answered: dt.datetime | None, words: str = "") -> None:
    manager = User.objects.get(pk=file.client.owner_id)
    flag = flags.raise_flag(client_id=file.client_id, code=code, note=note, actor=manager, now=at)
    if answered is not None:
        flags.answer(flag_id=flag.pk, act="explain", note=words, actor=manager, now=answered)


def _protected(bank: Bank) -> None:
    """The discounter's manager was told to draw, and objected in writing before the empty office was found."""
    file = _file(bank, DISCOUNTER)
    if file is None:
        return
    manager, head = User.objects.get(pk=file.client.owner_id), bank.head_of("rm").name
    _write(bank, file, manager, 41, "instruction", head, "Discount the September bills this week; the papers can follow.")
    words = (
        "I object: the carrier has confirmed none of the three bills of lading, and the goods do not fit the trade. "
        "I ask that nothing is discounted before the carrier answers through the directory."
    )
    _write(bank, file, manager, 40, "objection", head, words)


def _bad(file: DutyFile, who: User, evidence: str, at: dt.datetime) -> None:
    standing = Standing.objects.filter(client_id=file.client_id, facility="").first()
    if standing is None:
        standing = risk.begin(client_id=file.client_id, actor=who, now=at - dt.timedelta(days=60))
    if standing.loan_class < BAD:
        risk.downgrade(standing_id=standing.pk, loan_class=BAD, evidence=evidence, actor=who, now=at)


def _convene(file: DutyFile, who: str, at: dt.datetime) -> Committee | None:
    frozen = file.compilations.order_by("pk").first()
    return duties.convene(compilation_id=frozen.pk, actor=_person(who), now=at) if frozen is not None else None


def _of_credit(file: DutyFile) -> str:
    """An approver who had no part in this loan: who decided on it depends on the day."""
    return next(name for name in APPROVERS.values() if can_sit(user=_person(name), file=file))


def _decided(bank: Bank) -> None:
    """Flags answered in time, an objection in writing: exempt."""
    file = _file(bank, DECIDED)
    if file is None:
        return
    manager = _person("hilda.tsang")
    _flag(file, "RF-22", "Three cheques returned in two weeks.", _day(bank, 95), _day(bank, 93), "One buyer closed; paid since.")
    _flag(file, "RF-32", "Buyers pay at 96 days, a year ago at 61.", _day(bank, 80), _day(bank, 78), "Two chains took 90 days.")
    _write(bank, file, manager, 70, "objection", "Team head", "I object to raising the overdraft while buyers pay this late.")
    _bad(file, bank.head_of("hilda.tsang"), "Interest of the quarter is not paid; the second buyer is insolvent.", _day(bank, 45))
    case = _convene(file, "auditor", _day(bank, 43))
    if case is None:
        return
    told = {"case_id": case.pk}
    duties.answer(
        words="I reported both signs within two days and objected to the increase in writing.", actor=manager, now=_day(bank, 38), **told
    )
    for who, judgement in (
        ("hr", "No finding about her conduct; the duties were done."),
        ("auditor", "All flags answered in time, the objection is dated before the increase."),
        (_of_credit(file), "The loss comes from the buyer, not from the monitoring."),
    ):
        duties.vote(outcome="full", judgement=judgement, actor=_person(who), now=_day(bank, 30), **told)
    reason = "Duties were done in time, and the objection in writing came before the increase."
    duties.close_vote(reason=reason, actor=_person("auditor"), now=_day(bank, 28), **told)


def _sitting(bank: Bank) -> None:
    """A flag answered late and one never: human resources and audit have voted, credit has not."""
    file = _file(bank, SITTING)
    if file is None:
        return
    manager = _person("rm2")
    _flag(file, "RF-20", "Deposits fell by half in seven weeks.", _day(bank, 75), _day(bank, 60), "They paid suppliers early.")
    _flag(file, "RF-31", "Stock up by 40 per cent, sales down by 15.", _day(bank, 50), None)
    _write(bank, file, manager, 49, "note", "", "The owner does not answer calls since Monday.")
    _bad(file, bank.head_of("rm2"), "Principal is 95 days late, the warehouse is half empty.", _day(bank, 20))
    case = _convene(file, "hr", _day(bank, 18))
    if case is None:
        return
    duties.answer(case_id=case.pk, words="I saw the stock and did not write it down in time.", actor=manager, now=_day(bank, 14))
    for who, outcome, judgement in (
        ("hr", "partial", "Two of his duties were late or not done; no intent."),
        ("auditor", "partial", "The stock count would have shown it a month earlier."),
    ):
        duties.vote(case_id=case.pk, outcome=outcome, judgement=judgement, actor=_person(who), now=_day(bank, 4))


def _handover(bank: Bank) -> None:
    """From one manager of the team to another; the head has still to witness it."""
    client = bank.clients.get(MOVING)
    if client is None or not Client.objects.filter(pk=client.pk, owner__username="rm").exists():
        return
    people = {"incoming_id": _person("rm2").pk, "witness_id": bank.head_of("rm").pk}
    reason, at = "Factory moves to the Kwai Chung round of visits", bank.now - dt.timedelta(hours=30)
    made = handovers.begin_handover(client_id=client.pk, reason=reason, actor=_person("rm"), now=at, **people)
    for who in ("rm", "rm2"):
        handovers.sign(handover_id=made.pk, actor=_person(who), now=at + dt.timedelta(hours=10))
