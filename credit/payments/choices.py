"""Modes, states and acts of payments out of loans (domain 7.6)."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

SUBJECT, LIST_SUBJECT = "payments.payment", "payments.month_list"


class Mode(models.TextChoices):
    """Who pays the counterparty."""

    TRUSTEE = "trustee", _("Trustee payment")
    SELF = "self", _("Payment by the borrower")


class Ground(models.TextChoices):
    """Why a payment is a trustee payment."""

    AMOUNT = "amount", pgettext_lazy("trustee payment", "Above the threshold")
    TOGETHER = "together", pgettext_lazy("trustee payment", "Above the threshold with other payments to the same payee")
    NEW = "new", pgettext_lazy("trustee payment", "New relationship with ordinary credit standing")
    BANK = "bank", pgettext_lazy("trustee payment", "The bank decided so")


class State(models.TextChoices):
    """Where a payment stands."""

    ASKED = "asked", pgettext_lazy("payment", "To be checked")
    CHECKED = "checked", pgettext_lazy("payment", "To be paid")
    PAID = "paid", pgettext_lazy("payment", "Paid")
    REJECTED = "rejected", pgettext_lazy("payment", "Rejected")


TRANSITIONS: dict[str, set[str]] = {
    State.ASKED: {State.CHECKED, State.REJECTED},
    State.CHECKED: {State.PAID, State.REJECTED},
    State.PAID: set(),
    State.REJECTED: set(),
}
COUNTED = (State.ASKED, State.CHECKED, State.PAID)
"""Adds to what was paid to a payee, under a contract, out of an approval."""
FUNDS_RETURN, FORBIDDEN_USE, SPLIT, NOT_IN_CONTRACT = "RF-15", "RF-16", "RF-17", "RF-18"
FORBIDDEN = "payments.forbidden"
"""The policy table with words of what no loan pays for; those of `property` are free to the facility types of `facilities`."""


class Act(models.TextChoices):
    """What was done."""

    ASK = "ask", pgettext_lazy("payment", "Asked for")
    CHECK = "check", pgettext_lazy("payment", "Checked")
    PAY = "pay", pgettext_lazy("payment", "Paid")
    REJECT = "reject", pgettext_lazy("payment", "Rejected")
    VOUCHER = "voucher", pgettext_lazy("payment", "Voucher brought")


class PaymentWork(models.TextChoices):
    """What somebody has to do about a payment."""

    CHECK = "payment_check", _("Check a payment")
    PAY = "payment_pay", _("Carry out a payment")
    VOUCHER = "payment_voucher", _("Bring the voucher of a payment")
    LIST = "payment_list", _("Bring the list of a month’s payments")
