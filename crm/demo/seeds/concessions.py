"""Concessions of the demo bank: in force, told and to be told, refused; queues for team, centre, head office; buckets in use."""

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from crm.concessions import services
from crm.concessions.choices import ClientReaction, CreditAct, DecideAct, ReviewAct, ReviewState, TellChannel
from crm.concessions.models import Concession
from crm.concessions.rules import Terms, Words
from crm.concessions.services import Decision, Order, Reply
from crm.demo.seeds.bank import Bank
from crm.staff.models import User
from crm.visits.services import receive_file


@dataclass(frozen=True)
class Past:
    """One concession: who asked how many working days ago for whom, what, and what came of it."""

    days: int
    asker: str
    company: str
    terms: Terms
    reason: str
    promise: str = ""
    steps: tuple[str, ...] = field(default=())


def _terms(kind: str, **figures: str) -> Terms:
    return Terms(kind, **{name: Decimal(value) for name, value in figures.items()})


def _loan(amount: str, bp: str, days: str = "365") -> Terms:
    return _terms("CT1", amount=amount, bp=bp, days=days)


REVIEWED_AFTER = 7
"""Older exercises have been reviewed; younger ones wait for the team head."""
RIVAL = "A rival offered less in writing; the client wants one line for the season"
SHOWN = "Their letter of last week, shown by the finance manager; a copy is attached"
OFFER = """Lantern Harbour Bank
To the directors of {company}

We are pleased to offer you a revolving trade loan at a margin of 1.40 per cent a year, in place of your present facility.
This offer stands for thirty days.
"""
PAST = (
    Past(160, "rm", "yau-tat-textiles", _loan("10000000", "10"), RIVAL, "Moves HK$ 6m of deposits to us", ("exercise", "tell", "apply")),
    Past(75, "rm", "kin-wah-moulds-and-plastics", _terms("CT3", amount="1200", standard="4800"), "Import bill fees, first of five", "",
         ("exercise", "tell", "apply")),
    Past(58, "rm", "yau-tat-textiles", _loan("45000000", "25"), RIVAL, "Export handling through us",
         ("part:15", "tell", "apply")),
    Past(40, "rm2", "sun-mei-trading", _terms("CT3", amount="24000", standard="24000"), "Waive the import bill fees of the quarter", "",
         ("pass_up", "refuse", "tell")),
    Past(33, "hilda.tsang", "man-on-paper", _terms("CT2", amount="20000000", bp="20", days="91"), "Keeps the deposit of the land sale", "",
         ("approve", "tell", "apply")),
    Past(21, "rm", "tung-shing-packaging", _terms("CT6", days="12"), "Audited accounts come with the auditor's delay", "",
         ("exercise", "apply")),
    Past(15, "rm2", "golden-hill-foods", _terms("CT4", amount="6000000", standard_bp="20", cut_percent="30"), "Pays its supplier in one go",
         "", ("approve", "tell", "apply")),
    Past(9, "rm", "lok-sang-trading", _terms("CT9", minutes="40"), "Ship papers came late", "", ("exercise", "tell", "apply")),
    Past(6, "clement.yeung", "fook-lee-steel", _loan("14000000", "18"), RIVAL, "Guarantees for two sites", ("exercise", "tell")),
    Past(3, "marcus.ip", "fook-hing-metal", _terms("CT10", amount="8000", standard="16000"), "Sells a machine and repays", "",
         ("approve",)),
    Past(2, "rm", "kin-wah-moulds-and-plastics", _loan("8000000", "12", "180"), RIVAL, "Payroll with us from May", ("exercise",)),
    Past(1, "rm2", "golden-hill-cold-chain", _terms("CT3", amount="1500", standard="6000"), "Standing order fees", "", ("return",)),
    Past(0, "rm", "yau-tat-dyeing-and-finishing", _loan("18000000", "22"), RIVAL, "Moves HK$ 8m of deposits"),
    Past(0, "hilda.tsang", "kai-sing-medical", _terms("CT3", amount="5200", standard="10400"), "First guarantee of a new line"),
    Past(0, "hilda.tsang", "man-on-paper", _terms("CT5", amount="450000", days="6", limit="9000000"), "Pulp arrives before its buyer pays"),
    Past(0, "rm", "yau-tat-textiles", _loan("60000000", "40"), RIVAL, "All export bills through us"),
    Past(0, "rm2", "sun-mei-trading", _terms("CT2", amount="120000000", bp="35", days="91"), "Keeps the proceeds of a shop"),
    Past(0, "rm2", "golden-hill-foods", _terms("CT4", amount="95000000", standard_bp="12", cut_percent="40"), "Buys a plant in euros"),
)  # fmt: skip
_REASON = {
    "refuse": "Income of the client does not bear it",
    "return": "Which fee, and over what time?",
    "pass_up": "Worth it for the whole group, beyond the usual",
    "part": "Half way: the rest once deposits have moved",
}


def plant(bank: Bank) -> None:
    """Each in order of its day, by the very services that people use."""
    for past in PAST:
        company = bank.companies.get(past.company)
        if company is not None and past.asker in bank.people:
            _plant_one(bank, past, company.pk)


def _plant_one(bank: Bank, past: Past, company_id: int) -> None:
    day = bank.working_day(past.asker, bank.days_ago(past.days * 7 // 5))
    at = min(bank.at(day, 10), bank.now - dt.timedelta(minutes=30)) if past.days else bank.now - dt.timedelta(minutes=20)
    promise_due_on = bank.days_ago(-45) if past.promise else None
    asker = _fresh(bank, past.asker)
    shown = past.reason == RIVAL and not past.steps
    words = Words(
        past.reason,
        evidence=SHOWN if shown else "",
        promise=past.promise,
        promise_due_on=promise_due_on,
        sunset_on=at.date() + dt.timedelta(days=300),
    )
    order = Order(past.terms, words, paper_id=_offer(bank, past, asker, at) if shown else None)
    exercised = "exercise" in past.steps
    service = services.exercise_concession if exercised else services.request_concession
    concession = service(actor=asker, now=at, company_id=company_id, order=order)
    if concession.credit_state and past.steps:
        services.say_credit(concession_id=concession.pk, actor=_fresh(bank, "co1"), now=at, act=CreditAct.CLEAR)
    if concession.review_state == ReviewState.DUE and past.days > REVIEWED_AFTER:
        head = _fresh(bank, bank.head_of(past.asker).username)
        services.review(concession_id=concession.pk, actor=head, now=at + dt.timedelta(days=1), act=ReviewAct.CONFIRM)
    for step in past.steps:
        if step != "exercise":
            at = _step(bank, step, concession.pk, asker, at)


def _offer(bank: Bank, past: Past, asker: User, at: dt.datetime) -> int:
    """A rival's letter, as the client showed it."""
    text = OFFER.format(company=bank.companies[past.company].name_en)
    return receive_file(SimpleUploadedFile("rival-offer.txt", text.encode()), actor=asker, now=at).pk


def _fresh(bank: Bank, username: str) -> User:
    return User.objects.get(username=username)


def _step(bank: Bank, step: str, concession_id: int, asker: User, at: dt.datetime) -> dt.datetime:
    """Carry one step out; returns when. Steps that would be still to come are left out."""
    concession = Concession.objects.get(pk=concession_id)
    act, _separator, figure = step.partition(":")
    if act == "tell":
        when = (concession.tell_not_before or at) + dt.timedelta(hours=1)
        if when < bank.now:
            reply = Reply(TellChannel.MEETING, ClientReaction.PLEASED)
            services.tell(concession_id=concession_id, actor=asker, now=when, reply=reply)
        return when
    if act == "apply":
        if at < bank.now:
            services.apply(concession_id=concession_id, actor=asker, now=at)
        return at
    terms: Any = None
    if act == "part":
        terms = Terms.from_json(concession.terms | {"bp": figure})
    when = min(at + dt.timedelta(hours=2), bank.now)
    decider = _decider(bank, concession)
    decision = Decision(DecideAct(act), _REASON.get(act, ""), terms)
    services.decide(concession_id=concession_id, actor=decider, now=when, decision=decision)
    return when


def _decider(bank: Bank, concession: Concession) -> User:
    """Who serves the queue that it waits in."""
    by_level = {4: concession.team_id, 5: concession.centre_id}
    unit_id = by_level.get(concession.queue_level or 0)
    role = {4: "TH", 5: "RCH", 6: "HO"}[concession.queue_level or 6]
    return next(_fresh(bank, post.user.username) for post in bank.posts.values() if post.role == role and unit_id in (None, post.unit_id))
