"""Payments out of loans: asked for, checked, carried out by three people; aggregated against splitting (domain 7.6, invariant 25)."""

import datetime as dt
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from credit.decisions import permissions as decisions
from credit.flags.services.traces import file_of
from credit.packs.models import Pack
from credit.packs.parts import require_not_stopped
from credit.packs.rules import line, reasoned, refuse
from credit.packs.services import steps
from credit.payments import permissions, rules, selectors
from credit.payments.choices import (
    FORBIDDEN_USE,
    FUNDS_RETURN,
    NOT_IN_CONTRACT,
    SPLIT,
    SUBJECT,
    TRANSITIONS,
    Act,
    Mode,
    PaymentWork,
    State,
)
from credit.payments.models import Payment, PaymentEvent, ProgressProof
from credit.payments.services.flagging import FOR_FORBIDDEN, flag_use
from credit.payments.services.listing import owe_list
from crm.kernel import limits
from crm.kernel.errors import RuleBroken
from crm.kernel.models import Sequence
from crm.kernel.text import first_named
from crm.kernel.workflow import check_transition
from crm.kernel.worklist import WorkItem
from crm.staff.choices import Role
from crm.visits.rules import closing_time


@dataclass(frozen=True, slots=True)
class Entry:
    """What is asked for: amounts in the pack's currency. Equity, certificate and progress are for fixed assets alone."""

    amount: Decimal
    purpose: str
    payee: str
    account: str
    contract: str
    contract_party: str
    contract_amount: Decimal
    invoice: str = ""
    is_related: bool = False
    bank_decides: bool = False
    equity_planned: Decimal | None = None
    equity_paid: Decimal | None = None
    certificate: str = ""
    progress_percent: int | None = None

    @property
    def proof(self) -> rules.Proof:
        """What backs a payment for fixed assets."""
        return rules.Proof(self.equity_planned, self.equity_paid, line(self.certificate, 60), self.progress_percent)


SCOPE = "credit.payments"
"""Payments of one company are added up one after the other, out of whichever pack."""
_LINES = {"purpose": 300, "payee": 200, "account": 60, "contract": 60, "contract_party": 200, "invoice": 60}
_NEEDED = {name: most for name, most in _LINES.items() if name != "invoice"}


@transaction.atomic
def ask_payment(*, pack_id: int, entry: Entry, actor: Any, now: dt.datetime) -> Payment:
    """Ask for a payment. Its mode follows from the bank's thresholds, with what went to the same payee within its working days (RF-17).

    A payee who is no party of the contract is rejected at once and raises RF-18; an own or group name that is not declared raises RF-15
    and is rejected too. NotAllowed for others than the credit department and for a pack that is not live; RuleBroken for what is missing,
    beyond the contract or the approval, for fixed assets ahead of equity or certified progress, and while the company's undrawn limits or
    the pack's own are suspended.
    """
    pack = steps.locked(pack_id, actor)
    limits.hold(SCOPE, [f"company:{pack.company_id}"])
    permissions.can_ask(user=actor, pack=pack).require()
    _require_drawable(pack)
    columns = _columns(pack, entry)
    on, calendar = selectors.today_of(pack, now), selectors.calendar_of(pack, now)
    is_backed = selectors.is_fixed_asset(pack, on=on)
    if is_backed:
        rules.check_proof(entry.proof, drawn=selectors.out_of(pack) + entry.amount, approved=pack.requested)
    told = selectors.figures(pack, on=on)
    key = rules.payee_key(columns["payee"], columns["account"])
    asked = rules.Asked(
        amount=selectors.in_home(entry.amount, pack.currency, pack, on=on),
        together=selectors.together(pack, key, on=on, calendar=calendar, days=told["together_days"]),
        threshold=selectors.threshold_of(pack, told),
        is_new=selectors.is_new(pack, told, on=on),
        bank_decides=entry.bank_decides,
    )
    judged = rules.judge(asked)
    number = f"DR-{on.year}-{Sequence.take('DR', on.year):05d}"
    sampled = judged.mode == Mode.SELF and rules.needs_voucher(number, key=selectors.sampling_key(), percent=told["voucher_percent"])
    payment = Payment(
        number=number, pack=pack, mode=judged.mode, grounds=[str(one) for one in judged.grounds], currency=pack.currency, payee_key=key,
        is_split=judged.is_split, needs_voucher=sampled, asked_on=on, maker=actor, **columns,
    )  # fmt: skip
    payment.record(actor=actor, reason=Act.ASK)
    if is_backed:
        ProgressProof.objects.create(payment=payment, actor=actor, post=actor.actor.post(), at=now, **asdict(entry.proof))
    _write(payment, Act.ASK, actor=actor, now=now)
    _look(payment, actor=actor, now=now)
    if payment.state == State.ASKED:
        due_at = max(closing_time(calendar.add_working_days(on, 1), calendar), now)
        _ask(payment, PaymentWork.CHECK, actor=actor, due_at=due_at, role=Role.CAD)
    return payment


def _require_drawable(pack: Pack) -> None:
    """RuleBroken (code `suspended`) while a flag stops the company, or the pack's own limit is suspended, as by an overdue review."""
    require_not_stopped(pack.company_id)
    may = decisions.may_draw(pack)
    if not may:
        raise RuleBroken(may.reason, code="suspended")


def _columns(pack: Pack, entry: Entry) -> dict[str, Any]:
    columns: dict[str, Any] = {name: line(getattr(entry, name), most) for name, most in _LINES.items()}
    for name in _NEEDED:
        if not columns[name]:
            raise refuse(name, _("Fill this in."))
    for name in ("amount", "contract_amount"):
        columns[name] = getattr(entry, name)
        if columns[name] <= 0:
            raise refuse(name, _("An amount above nothing."))
    if selectors.under_contract(pack, columns["contract"]) + entry.amount > entry.contract_amount:
        raise refuse("amount", _("With what was paid before this goes beyond the contract."))
    if selectors.out_of(pack) + entry.amount > pack.requested:
        raise refuse("amount", _("With what was paid before this goes beyond the approved amount."))
    return columns | {"is_related": entry.is_related}


def _look(payment: Payment, *, actor: Any, now: dt.datetime) -> None:
    """RF-17 for a split, RF-16 for words of what no loan pays for, RF-18 for a payee who is not in the contract, RF-15 for an undeclared
    name of the borrower or its group. The last two are rejected; of words the checker judges.
    """  # fmt: skip
    if payment.is_split:
        _flag(payment, SPLIT, _("Together with other payments to %(payee)s above the threshold."), actor=actor, now=now)
    said = (payment.purpose, payment.payee, payment.contract, payment.contract_party)
    if word := first_named(" · ".join(said), selectors.forbidden_words(payment.pack, on=payment.asked_on)):
        _flag(payment, FORBIDDEN_USE, FOR_FORBIDDEN, actor=actor, now=now, word=word)
    wrong = ""
    if not payment.is_related and rules.stands_in(payment.payee, selectors.related_names(payment.pack.company)):
        wrong = FUNDS_RETURN
        _flag(payment, wrong, _("%(payee)s belongs to the borrower’s group, and is not declared."), actor=actor, now=now)
    elif not rules.stands_in(payment.payee, [payment.contract_party]):
        wrong = NOT_IN_CONTRACT
        _flag(payment, wrong, _("%(payee)s is no party of the contract."), actor=actor, now=now)
    if wrong:
        _move(payment, State.REJECTED, actor=actor, act=Act.REJECT)
        _write(payment, Act.REJECT, actor=None, now=now, note=wrong)


def _flag(payment: Payment, code: str, words: Any, *, actor: Any, now: dt.datetime, **told: str) -> None:
    with override("en"):
        why = str(words) % {"payee": payment.payee, **told}
        note = _now("%(number)s: %(words)s") % {"number": payment.number, "words": why}
    flag_use(payment.pack, code, note, actor=actor, now=now, link=payment.get_absolute_url())


def _locked(payment_id: int, actor: Any) -> Payment:
    pk = Payment.objects.visible_to(actor).select_for_update(of=("self",)).values_list("pk", flat=True).get(pk=payment_id)
    found: Payment = Payment.objects.select_related("pack__company", "pack__centre", "pack__owner").get(pk=pk)
    return found


def _move(payment: Payment, state: str, *, actor: Any, act: str, fields: tuple[str, ...] = ()) -> None:
    check_transition(TRANSITIONS, payment.state, state)
    payment.state = state
    payment.record(actor=actor, reason=act, fields=["state", *fields])


def _write(payment: Payment, act: str, *, actor: Any, now: dt.datetime, note: str = "", file: Any = None) -> None:
    post = actor.actor.post() if actor is not None else None
    PaymentEvent.objects.create(payment=payment, act=act, note=note, file=file, actor=actor, post=post, at=now)


def _ask(payment: Payment, kind: str, *, actor: Any, due_at: dt.datetime, **whose: Any) -> None:
    WorkItem.objects.create(
        kind=kind, title=f"{payment.number} · {payment.pack.company}"[:300], company_id=payment.pack.company_id, due_at=due_at,
        subject_type=SUBJECT, subject_id=payment.pk, created_by=actor, **whose,
    )  # fmt: skip


def _finish(payment: Payment, *, actor: Any, now: dt.datetime) -> None:
    for item in WorkItem.objects.open().filter(subject_type=SUBJECT, subject_id=payment.pk).select_for_update(of=("self",)):
        item.close(actor=actor, now=now)


@transaction.atomic
def check_payment(*, payment_id: int, note: str, actor: Any, now: dt.datetime) -> Payment:
    """The checker's word: contract, invoice, payee, account and amount agree. NotAllowed; RuleBroken without what was looked at."""
    payment = _locked(payment_id, actor)
    permissions.can_check(user=actor, payment=payment).require()
    _require_drawable(payment.pack)
    words = reasoned(note, "note")
    payment.checker = actor
    _move(payment, State.CHECKED, actor=actor, act=Act.CHECK, fields=("checker",))
    _write(payment, Act.CHECK, actor=actor, now=now, note=words)
    _finish(payment, actor=actor, now=now)
    calendar, on = selectors.calendar_of(payment.pack, now), selectors.today_of(payment.pack, now)
    due_at = max(closing_time(calendar.add_working_days(on, 1), calendar), now)
    _ask(payment, PaymentWork.PAY, actor=actor, due_at=due_at, role=Role.OPS)
    return payment


@transaction.atomic
def pay(*, payment_id: int, actor: Any, now: dt.datetime) -> Payment:
    """Carry it out. One by the borrower makes the month's list due, and its voucher where it is in the sample. NotAllowed; RuleBroken while
    limits are suspended.
    """
    payment = _locked(payment_id, actor)
    permissions.can_pay(user=actor, payment=payment).require()
    _require_drawable(payment.pack)
    payment.executor, payment.paid_at = actor, now
    _move(payment, State.PAID, actor=actor, act=Act.PAY, fields=("executor", "paid_at"))
    _write(payment, Act.PAY, actor=actor, now=now)
    _finish(payment, actor=actor, now=now)
    if payment.mode == Mode.SELF:
        limits.hold(SCOPE, [f"company:{payment.pack.company_id}"])
        owe_list(payment, now=now)
    if payment.needs_voucher:
        calendar, on = selectors.calendar_of(payment.pack, now), selectors.today_of(payment.pack, now)
        days = selectors.figures(payment.pack, on=on)["voucher_days"]
        due_at = closing_time(calendar.add_working_days(rules.month_end(on), days), calendar)
        _ask(payment, PaymentWork.VOUCHER, actor=actor, due_at=due_at, assignee=payment.pack.owner)
    return payment


@transaction.atomic
def reject_payment(*, payment_id: int, reason: str, actor: Any, now: dt.datetime) -> Payment:
    """It is not paid, and why. NotAllowed for others than those for whom it waits; RuleBroken without a word."""
    payment = _locked(payment_id, actor)
    permissions.can_reject(user=actor, payment=payment).require()
    words = reasoned(reason)
    _move(payment, State.REJECTED, actor=actor, act=Act.REJECT)
    _write(payment, Act.REJECT, actor=actor, now=now, note=words)
    _finish(payment, actor=actor, now=now)
    return payment


@transaction.atomic
def bring_voucher(*, payment_id: int, note: str, file_id: int | None, actor: Any, now: dt.datetime) -> Payment:
    """The voucher of a payment that the borrower made. NotAllowed for others; RuleBroken without the paper."""
    payment = _locked(payment_id, actor)
    permissions.can_bring_voucher(user=actor, payment=payment).require()
    file = file_of(file_id, actor)
    if file is None:
        raise RuleBroken(_("Bring the voucher."), fields={"evidence": _("Bring the voucher.")})
    _write(payment, Act.VOUCHER, actor=actor, now=now, note=line(note, 1000), file=file)
    _finish(payment, actor=actor, now=now)
    return payment
