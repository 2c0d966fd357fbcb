"""Red flags and verifications for the world that access is asked of: on a client of their own, `rm`'s, with a pack handed off."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from content.clippings.models import Clipping, Source
from credit.accountability import services as duties
from credit.accountability.models import Case, Compilation, DutyFile
from credit.accountability.rules import Written
from credit.flags import services as flags
from credit.flags.models import Suggestion
from credit.handovers import services as handovers
from credit.handovers.models import Handover
from credit.payments import services as payments
from credit.payments.models import MonthList, Payment
from credit.risk import services as risk
from credit.verifications import services as checks
from credit.verifications.models import DirectoryContact, Verification
from credit.verifications.rules import Paper
from crm.clients.models import Client
from crm.staff.choices import Role
from crm.staff.models import Post, User
from tests.access import promising
from tests.cast import Bank, fresh
from tests.companies import making
from tests.credit import making as packs


def build(bank: Bank, now: dt.datetime) -> dict[str, Any]:
    """A medium flag with evidence, a critical one that credit signed off, a hushed one; a suggestion; bills to send and sent."""
    client = making.client_of(bank, "Lok Sang Usance Limited", "樂生遠期有限公司")
    packs.sealed(packs.in_docs(bank, of=client.company, now=now, amount="100000"), now=now)
    flag = flags.raise_flag(client_id=client.pk, code="RF-10", note="Half price qcflag", actor=None, now=now, origin="figures")
    file = flags.keep_evidence(_paper(), actor=bank.rm)
    flags.answer(flag_id=flag.pk, act="note", note="Season", actor=fresh(bank.rm), now=now, file_id=file.pk)
    signed = flags.raise_flag(client_id=client.pk, code="RF-24", note="Moved away", actor=None, now=now, origin="figures")
    flags.close(flag_id=signed.pk, note="Found", link="/visits/1/", actor=fresh(bank.co1), now=now)
    flags.raise_flag(client_id=client.pk, code="RF-03", note="Denied qchushed", actor=fresh(bank.compliance), now=now)
    paid = _payments(bank, now)
    return {
        "flagged": client,
        "flag": flag,
        "flag_signed": signed,
        "flag_event": flag.events.get(act="note"),
        "suggestion": _suggestion(client, now),
        **_checks(bank, client, now),
        **paid,
        **promising.build(bank, now, paid["live"]),
        **_duties(bank, paid["live"], now),
    }


def _paper() -> SimpleUploadedFile:
    return SimpleUploadedFile("deed.png", b"\x89PNG\r\n\x1a\n" + b"0" * 32, "image/png")


def _suggestion(client: Client, now: dt.datetime) -> Suggestion:
    source, _new = Source.objects.get_or_create(name="Harbour Gazette")
    told = {"title": "Landlord sues", "event": "litigation", "published_at": now, "origin_key": f"sues {client.pk}"}
    clipping = Clipping.objects.create(source=source, live=True, **told)
    return Suggestion.objects.create(client=client, clipping=clipping, code="RF-35", made_at=now)


def contact(bank: Bank, now: dt.datetime, **values: Any) -> DirectoryContact:
    """Of the directory."""
    told = {"kind": "bill", "name": "OOCL", "scac": "OOLU", "channel": "mail", "address": "docs@oocl.example", "source": "Its list"}
    return checks.keep_contact(
        actor=fresh(bank.editor), now=now, **told | {"checked_on": timezone.localdate(now), "is_used": True} | values
    )


def _checks(bank: Bank, client: Client, now: dt.datetime) -> dict[str, Any]:
    whom = contact(bank, now)
    sent = opened(bank, client, "QCBILL2", now)
    analyst = fresh(bank.analyst)
    checks.send(verification_id=sent.pk, contact_id=whom.pk, message="Did you issue it?", actor=analyst, now=now)
    kept = opened(bank, client, "LS-qcbill", now, reference="LS-3")
    file = flags.keep_evidence(_paper(), actor=analyst)
    checks.settle(verification_id=kept.pk, result="unchecked", message="A house bill", actor=analyst, now=now, file_id=file.pk)
    return {
        "check": opened(bank, client, "qcbill-1", now, reference="LS-1"),
        "check_sent": sent,
        "check_step": kept.steps.get(act="settle"),
        "check_contact": whom,
    }


def _payments(bank: Bank, now: dt.datetime) -> dict[str, Any]:
    """Out of a live pack of a client whose limits stand: one asked for, one checked, one paid with its voucher."""
    client = making.client_of(bank, "Tai Wo Qcpaying Limited", "太和付款有限公司")
    pack = packs.in_docs(bank, of=client.company, now=now, amount="100000")
    packs.sealed(pack, state="available", now=now)
    asked, checked, paid = (_payment(bank, pack, now, place) for place in range(3))
    for one in (checked, paid):
        payments.check_payment(payment_id=one.pk, note="All agree", actor=fresh(bank.cad), now=now)
    payments.pay(payment_id=paid.pk, actor=fresh(bank.ops), now=now)
    file = flags.keep_evidence(_paper(), actor=bank.rm)
    payments.bring_voucher(payment_id=paid.pk, note="Receipt", file_id=file.pk, actor=fresh(bank.rm), now=now)
    voucher = paid.events.get(act="voucher")
    told = {"live": pack, "payment": asked, "payment_checked": checked, "payment_paid": paid, "payment_voucher": voucher}
    return told | {"month_list": _month_list(bank, now)}


def _month_list(bank: Bank, now: dt.datetime) -> MonthList:
    """Of a month that is over, with its paper."""
    owed = MonthList.objects.get()
    MonthList.objects.filter(pk=owed.pk).update(month=(owed.month - dt.timedelta(days=1)).replace(day=1))
    file = flags.keep_evidence(_paper(), actor=bank.rm)
    return payments.bring_list(list_id=owed.pk, lines="", file_id=file.pk, note="Qclisted", actor=fresh(bank.rm), now=now)


def _duties(bank: Bank, pack: Any, now: dt.datetime) -> dict[str, Any]:
    """The file of the live pack, with an objection and its paper; frozen with four others as the loan turned bad. On the others sits a
    committee: it asked, it heard, it voted, it decided. The client is being handed over."""
    others = [packs.in_docs(bank, of=pack.company, now=now, amount="100000") for _turn in range(4)]
    for other in others:
        packs.sealed(other, state="available", now=now)
    file, *more = (duties.open_file(pack_id=one.pk, now=now) for one in (pack, *others))
    rm = fresh(bank.rm)
    paper = duties.bring_paper(_paper(), actor=rm, now=now)
    entry = Written("objection", "Do not draw qcobjection", "Head", now - dt.timedelta(days=1))
    written = duties.write_entry(file_id=file.pk, entry=entry, paper_id=paper.pk, actor=rm, now=now)
    standing = risk.begin(client_id=file.client_id, actor=rm, now=now)
    risk.downgrade(standing_id=standing.pk, loan_class=3, evidence="Unpaid", actor=rm, now=now)
    frozen = [one.compilations.get() for one in more]
    asked, heard, voted, decided = (duties.convene(compilation_id=one.pk, actor=fresh(bank.auditor), now=now) for one in frozen)
    for case in (heard, voted, decided):
        duties.answer(case_id=case.pk, words="I objected", actor=rm, now=now)
    members = (_hr(bank), bank.auditor, bank.co1)
    for case in (voted, decided):
        for member in members:
            duties.vote(case_id=case.pk, outcome="full", judgement="He objected", actor=fresh(member), now=now)
    duties.close_vote(case_id=decided.pk, reason="A clear objection", actor=fresh(bank.auditor), now=now)
    moves = {"incoming_id": bank.rm2.pk, "witness_id": bank.head.pk, "reason": "To Shatin qcmoves"}
    return {
        "duty_file": file,
        "duty_entry": written,
        "duty_frozen": file.compilations.get(),
        "duty_asked": asked,
        "duty_heard": heard,
        "duty_voted": voted,
        "duty_decided": decided,
        "handover": handovers.begin_handover(client_id=file.client_id, actor=rm, now=now, **moves),
    }


def _hr(bank: Bank) -> User:
    """One of human resources, who is not of the cast."""
    user = User.objects.create(username="hr", name_en="Hr Lau", staff_number="S-hr")
    Post.objects.create(user=user, role=Role.HR, grade=0, unit=bank.head_office, from_at=dt.datetime(2020, 1, 1, tzinfo=dt.UTC))
    return user


def _payment(bank: Bank, pack: Any, now: dt.datetime, place: int) -> Any:
    told = {"purpose": "Yarn", "payee": "Hung Shing", "account": f"{place}", "contract_party": "Hung Shing"}
    entry = payments.Entry(amount=Decimal(10), contract=f"C{place}", contract_amount=Decimal(20), **told)
    return payments.ask_payment(pack_id=pack.pk, entry=entry, actor=fresh(bank.analyst), now=now)


def opened(bank: Bank, client: Client, number: str, now: dt.datetime, reference: str = "LS-2") -> Verification:
    """A bill of lading, transcribed by the analyst."""
    told = {"scac": "OOLU", "vessel": "Ever Dawn", "load_port": "Yantian", "discharge_port": "Los Angeles"}
    paper = Paper(number, reference, Decimal(100_000), "HKD", on_board_on=timezone.localdate(now) - dt.timedelta(days=9), **told)
    return checks.open_verification(client_id=client.pk, kind="bill", paper=paper, actor=fresh(bank.analyst), now=now)


def far(bank: Bank, client: Client) -> dict[str, Any]:
    """What may not be used: another's flag and suggestion, verifications that are not there, the contact of another carrier."""
    now = timezone.now()
    flag = flags.raise_flag(client_id=client.pk, code="RF-10", note="Far away", actor=None, now=now, origin="figures")
    nothing = Verification(pk=10**6)
    return {
        "flag": flag,
        "suggestion": _suggestion(client, now),
        **dict.fromkeys(("check", "check_sent"), nothing),
        "live": packs.pack(bank, client.company, by="outsider", now=now),
        **dict.fromkeys(("payment", "payment_checked"), Payment(pk=10**6)),
        "month_list": MonthList(pk=10**6),
        **promising.far(),
        "duty_file": DutyFile(pk=10**6),
        "duty_frozen": Compilation(pk=10**6),
        **dict.fromkeys(("duty_asked", "duty_heard", "duty_voted", "duty_decided"), Case(pk=10**6)),
        "handover": Handover(pk=10**6),
        "check_contact": contact(bank, now, name="Maersk", scac="MAEU", address="docs@maersk.example"),
    }
