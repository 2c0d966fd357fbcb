"""What payments add to shared screens, the bank's figures for them, and what must hold."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from credit.accountability.parts import DutySource
from credit.packs.choices import LIVE
from credit.packs.models import Pack, PackVersion
from credit.packs.parts import PackAction
from credit.payments import duties, permissions, rules
from credit.payments.choices import FORBIDDEN, Mode, PaymentWork, State
from credit.payments.models import Payment
from crm.kernel.contributions import ApiRouter, Invariant, NavItem, PaletteCommand, PolicyTable, WorkKind, register
from crm.kernel.permission import Permission

HEADING = _("Payments out of loans")


def _ask(user: Any, pack: Pack, version: PackVersion | None, now: dt.datetime) -> Permission:
    return permissions.can_ask(user=user, pack=pack)


def _asks(user: Any, pack: Pack) -> bool:
    return bool(permissions.can_ask(user=user)) and pack.state in LIVE


def _not_by_three() -> Iterator[str]:
    """Invariant 25: three different people act, and the payee of a trustee payment is a party of the contract."""
    same = Q(checker=F("maker")) | Q(executor=F("maker")) | Q(executor=F("checker"))
    for number in Payment.objects.filter(same).values_list("number", flat=True).order_by("pk"):
        yield f"Payment {number}: not three different people acted."
    paid = Payment.objects.filter(mode=Mode.TRUSTEE, state__in=(State.CHECKED, State.PAID))
    for payment in paid.only("number", "payee", "contract_party").order_by("pk"):
        if not rules.stands_in(payment.payee, [payment.contract_party]):
            yield f"Payment {payment.number}: its payee is no party of the contract."


register(
    NavItem(HEADING, "payments:payment_list", "swap", order=450, section=_("Credit"), shown=permissions.reads),
    PaletteCommand(HEADING, "payments:payment_list", "swap", words=_("drawdown trustee payment"), order=50, shown=permissions.reads),
    PackAction("payment", _("Ask for a payment"), "payments:payment_ask", "swap", _ask, _asks, order=60),
    WorkKind(PaymentWork.CHECK, PaymentWork.CHECK.label, "check", "payments:payment_detail"),
    WorkKind(PaymentWork.PAY, PaymentWork.PAY.label, "swap", "payments:payment_detail"),
    WorkKind(PaymentWork.LIST, PaymentWork.LIST.label, "upload", "payments:list_detail"),
    WorkKind(PaymentWork.VOUCHER, PaymentWork.VOUCHER.label, "upload", "payments:payment_detail"),
    DutySource("payments", duties.KINDS, duties.found, order=50),
    Invariant("payments.three", "Payments are made by three people, trustee payments to a party of the contract", _not_by_three),
    PolicyTable(
        "payments.rules",
        _("Payment supervision"),
        HEADING,
        "days",
        labels={
            "threshold": _("Trustee payment above (CNY in the Mainland, HKD in Hong Kong)"),
            "together_days": _("Payments to one payee count together within (working days)"),
            "new_months": _("A relationship is new for"),
            "voucher_days": _("List and vouchers within, after the end of the month (working days)"),
            "voucher_percent": _("Payments by the borrower in the sample of vouchers"),
        },
        units={"threshold": "money", "new_months": "months", "voucher_percent": "percent"},
        order=660,
    ),
    PolicyTable(
        "payments.fixed_assets",
        _("Facilities paid out by equity and progress"),
        HEADING,
        "words",
        labels={"facilities": _("Facility types")},
        order=661,
    ),
    PolicyTable(
        FORBIDDEN,
        _("What money out of a loan never buys"),
        HEADING,
        "words",
        labels={
            "always": _("Shares, futures, wealth products"),
            "property": _("Property, unless the facility may pay for it"),
            "facilities": _("Facility types that may pay for property"),
        },
        order=662,
    ),
    ApiRouter("payments", "credit.payments.api.router", order=98),
)
