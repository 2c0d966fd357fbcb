"""Payments out of a live loan of the demo bank: by the bank, by the borrower with a voucher due, split, rejected; a month's list."""

import datetime as dt
from contextlib import suppress
from decimal import Decimal
from typing import Any

from credit.decisions import services as decisions
from credit.decisions.choices import Level
from credit.decisions.rules import Ruling
from credit.decisions.selectors import letter_templates
from credit.packs.choices import LIVE
from credit.packs.models import Pack
from credit.packs.rules import FacilityEntry, PackOrder, PartyEntry
from credit.payments import services
from credit.payments.models import MonthList, Payment
from credit.payments.services import Entry
from credit.reviews import services as reviews
from crm.demo.seeds.bank import Bank
from crm.demo.seeds.handoffs import hand_off
from crm.demo.seeds.packs import Case
from crm.demo.seeds.reviews import APPROVERS
from crm.kernel.errors import DomainError
from crm.staff.models import User

HANDED_OFF = 60
LOAN = Case(
    60, "he.yifan", "shenzhen-ruituo-instruments", PackOrder("A", "corporate", "new", ("company",)),
    (
        FacilityEntry("CN-FA", "CNY", Decimal(26_000_000), 60, "两条精密加工生产线", base_rate="5Y LPR", margin_bps=Decimal(60),
                      repayment="按季等额还款"),
    ),
    parties=(PartyEntry("guarantor", person_name="何瑞拓"),), step="writing",
)  # fmt: skip
BACKED: dict[str, Any] = {"equity_planned": Decimal(14_000_000), "equity_paid": Decimal(14_000_000), "certificate": "JL-07"}
FRAMES, TOOLS, BENCH = "东莞恒立机床有限公司", "深圳沙井刀具有限公司", "苏州量仪科技有限公司"


def plant(bank: Bank) -> None:
    """By the very services that people use."""
    if LOAN.company not in bank.companies or LOAN.manager not in bank.people:
        return
    pack = hand_off(bank, LOAN, days=HANDED_OFF)
    if pack is not None:
        with suppress(DomainError):  # what stands in its way is a case of the demo bank too
            _lend(bank, pack)
        if Pack.objects.get(pk=pack.pk).state in LIVE:
            _pay(bank, pack)


def _person(name: str) -> User:
    return User.objects.get(username=name)


def _ago(bank: Bank, days: int, hour: int = 10) -> dt.datetime:
    return bank.at(bank.working_day(LOAN.manager, bank.days_ago(days)), hour)


def _lend(bank: Bank, pack: Pack) -> None:
    """Decided, offered, accepted and live, some six weeks ago."""
    analyst, at = _person("analyst"), bank.now - dt.timedelta(days=HANDED_OFF - 2)
    reviews.assign(pack_id=pack.pk, analyst_id=analyst.pk, actor=analyst, now=at)
    reviews.rate(pack_id=pack.pk, rating="R2", reason="Orders for a year, equity paid in first", actor=analyst, now=at)
    case = decisions.route(pack_id=pack.pk, is_connected=False, exception="", actor=analyst, now=at + dt.timedelta(days=2))
    if case.level == Level.CC:
        return
    ruling = Ruling("approve", "The lines are sold out for a year; the owners pay their third first.")
    decisions.decide(pack_id=pack.pk, ruling=ruling, actor=_person(APPROVERS[case.level]), now=at + dt.timedelta(days=4))
    template, drawn = letter_templates().first(), at + dt.timedelta(days=5)
    if template is None:
        return
    decisions.draw_letter(pack_id=pack.pk, template_id=template.pk, language="zh-hans", actor=_person("cad"), now=drawn)
    decisions.offer(pack_id=pack.pk, actor=_person("cad2"), now=drawn + dt.timedelta(hours=2))
    decisions.accept(pack_id=pack.pk, signed_by="何瑞拓", actor=pack.owner, now=drawn + dt.timedelta(days=3))
    decisions.go_live(pack_id=pack.pk, actor=_person("cad"), now=drawn + dt.timedelta(days=3, hours=3))


def _pay(bank: Bank, pack: Pack) -> None:
    early = _ask(pack, "1800000", BENCH, "LY-118", "三坐标测量机", _ago(bank, 38), progress=10)
    early.needs_voucher = True
    early.record(actor=None, reason="in the sample")
    _through(early, _ago(bank, 37))
    trustee = _ask(pack, "10800000", FRAMES, "HL-2026-31", "Machining line 1", _ago(bank, 9), progress=50)
    services.check_payment(payment_id=trustee.pk, note="合同、发票、收款人与账号一致。", actor=_person("cad"), now=_ago(bank, 8))
    for days in (6, 5):
        part = _ask(pack, "4000000", TOOLS, "SJ-77", "刀具与夹具", _ago(bank, days), progress=85)
        _through(part, _ago(bank, days - 1))
    _ask(pack, "4000000", TOOLS, "SJ-77", "刀具与夹具", _ago(bank, 4), progress=95)
    _ask(pack, "900000", "香港明创贸易公司", "HL-2026-31", "Spare parts", _ago(bank, 3), progress=99, party=FRAMES)
    _bring_list(bank, early)


def _ask(pack: Pack, amount: str, payee: str, contract: str, purpose: str, at: dt.datetime, *, progress: int, party: str = "") -> Payment:
    entry = Entry(
        amount=Decimal(amount), purpose=purpose, payee=payee, account=f"6222 {sum(map(ord, payee)):08d}", contract=contract,
        contract_party=party or payee, contract_amount=Decimal(16_000_000), invoice=f"{contract}-1", progress_percent=progress, **BACKED,
    )  # fmt: skip
    return services.ask_payment(pack_id=pack.pk, entry=entry, actor=_person("analyst"), now=at)


def _through(payment: Payment, at: dt.datetime) -> None:
    """Checked and carried out by the other two."""
    services.check_payment(payment_id=payment.pk, note="合同与发票一致。", actor=_person("cad"), now=at)
    services.pay(payment_id=payment.pk, actor=_person("ops"), now=at + dt.timedelta(hours=2))


def _bring_list(bank: Bank, payment: Payment) -> None:
    """The list of the first month came in time, with a payment on it that was not made out of the loan."""
    owed = MonthList.objects.filter(pack=payment.pack_id).order_by("month").first()
    if owed is None:
        return
    at = min(owed.due_at - dt.timedelta(days=2), bank.now - dt.timedelta(hours=1))
    rows = (f"{owed.month:%Y-%m}-27; {BENCH}; 1,800,000.00; 三坐标测量机", f"{owed.month:%Y-%m}-28; 深圳湾物业; 36,000.00; 厂房水电")
    with suppress(DomainError):  # a month that is not over yet
        services.bring_list(list_id=owed.pk, lines="\n".join(rows), actor=payment.pack.owner, now=at)
