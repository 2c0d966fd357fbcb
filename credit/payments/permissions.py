"""Who asks for, checks and carries out payments: three different people of three departments (invariant 25)."""

import datetime as dt
from typing import Any

from django.utils.translation import gettext_lazy as _

from credit.packs.choices import LIVE
from credit.packs.models import Pack
from credit.packs.permissions import READERS
from credit.packs.querysets import CREDIT
from credit.payments import rules
from credit.payments.choices import Mode, State
from credit.payments.models import MonthList, Payment
from crm.kernel.permission import ALLOWED, Permission, denied
from crm.staff.choices import Role

_THREE = _("Three different people ask for, check and carry out a payment.")


def can_read_payments(*, user: Any) -> Permission:
    """Whoever reads packs, and the business office."""
    return ALLOWED if user.actor.has_role(*READERS, Role.OPS) else denied(_("Your post reads no payments."))


def reads(user: Any) -> bool:
    """For the menu."""
    return bool(can_read_payments(user=user))


def can_ask(*, user: Any, pack: Pack | None = None) -> Permission:
    """The credit department, out of a live pack."""
    if not user.actor.has_role(*CREDIT):
        return denied(_("The credit department asks for payments."))
    if pack is not None and pack.state not in LIVE:
        return denied(_("This pack is not live."))
    return ALLOWED


def can_check(*, user: Any, payment: Payment) -> Permission:
    """Credit administration, never who asked for it."""
    if not user.actor.has_role(Role.CAD):
        return denied(_("Credit administration checks payments."))
    if payment.state != State.ASKED:
        return denied(_("This payment does not wait for its check."))
    return denied(_THREE) if payment.maker_id == user.pk else ALLOWED


def can_pay(*, user: Any, payment: Payment) -> Permission:
    """The business office, never who asked for it or checked it."""
    if not user.actor.has_role(Role.OPS):
        return denied(_("The business office carries payments out."))
    if payment.state != State.CHECKED:
        return denied(_("This payment is not checked."))
    return denied(_THREE) if user.pk in (payment.maker_id, payment.checker_id) else ALLOWED


def can_reject(*, user: Any, payment: Payment) -> Permission:
    """Whoever may check or carry it out."""
    for may in (can_check(user=user, payment=payment), can_pay(user=user, payment=payment)):
        if may:
            return may
    return denied(_("Credit administration and the business office reject what waits for them."))


def can_bring_voucher(*, user: Any, payment: Payment) -> Permission:
    """The client's relationship manager or the credit department, for a payment by the borrower."""
    if payment.mode != Mode.SELF or payment.state != State.PAID:
        return denied(_("Vouchers are brought for payments that the borrower made."))
    if payment.pack.owner_id == user.pk or user.actor.has_role(*CREDIT):
        return ALLOWED
    return denied(_("The relationship manager and the credit department bring vouchers."))


def can_bring_list(*, user: Any, month_list: MonthList, today: dt.date) -> Permission:
    """The client's relationship manager or the credit department, once the month is over; again, where it has to be put right."""
    if today <= rules.month_end(month_list.month):
        return denied(_("The month is not over."))
    if month_list.pack.owner_id == user.pk or user.actor.has_role(*CREDIT):
        return ALLOWED
    return denied(_("The relationship manager and the credit department bring lists."))
