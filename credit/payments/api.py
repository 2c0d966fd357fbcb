"""Payments out of loans through the API: the same services and visibility as the pages."""

from decimal import Decimal
from typing import Annotated, Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Router
from pydantic import ConfigDict, Field

from credit.packs.models import Pack
from credit.payments import permissions, services
from credit.payments.models import MonthList, Payment
from credit.payments.services import Entry
from crm.web.api import once, page
from crm.web.bodies import Body

router = Router(tags=["payments out of loans"])
Line = Annotated[str, Field(max_length=300)]
_READ = (
    *("id", "number", "pack_id", "mode", "grounds", "amount", "currency", "purpose", "payee", "account", "contract", "contract_party"),
    *("contract_amount", "invoice", "is_related", "is_split", "needs_voucher", "state", "asked_on", "paid_at"),
)


class LoanPaymentIn(Body):
    """What is to be paid, in the pack's currency."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "amount": "10000001.00", "purpose": "Two lathes", "payee": "Futian Lathes Limited", "account": "6222021234567890",
                "contract": "FL-88", "contract_party": "Futian Lathes Limited", "contract_amount": "12000000.00",
            }
        }
    )  # fmt: skip

    amount: Decimal
    purpose: Line
    payee: Line
    account: Line
    contract: Line
    contract_party: Line
    contract_amount: Decimal
    invoice: Line = ""
    is_related: bool = False
    bank_decides: bool = False
    equity_planned: Decimal | None = None
    equity_paid: Decimal | None = None
    certificate: Line = ""
    progress_percent: Annotated[int, Field(ge=0, le=100)] | None = None


class MonthListIn(Body):
    """A month's payments, one a line as on the page: day; payee; amount; purpose."""

    model_config = ConfigDict(json_schema_extra={"example": {"lines": "2026-03-05; Futian Lathes Limited; 120000.00; Two lathes"}})

    lines: Annotated[str, Field(min_length=1, max_length=60_000)]
    note: Annotated[str, Field(max_length=1000)] = ""


class LoanPaymentCheckIn(Body):
    """What was compared."""

    note: Annotated[str, Field(min_length=1, max_length=1000)]


class LoanPaymentRejectIn(Body):
    """Why it is not paid."""

    reason: Annotated[str, Field(min_length=1, max_length=1000)]


class LoanPaymentPayIn(Body):
    """Nothing besides."""


def _row(payment: Payment) -> dict[str, Any]:
    acted = {"maker": payment.maker, "checker": payment.checker, "executor": payment.executor}
    people = {name: person.username if person else None for name, person in acted.items()}
    return {**{name: getattr(payment, name) for name in _READ}, **people}


def _one(request: HttpRequest, payment_id: int) -> dict[str, Any]:
    rows = Payment.objects.visible_to(request.user).select_related("maker", "checker", "executor")
    return _row(get_object_or_404(rows, pk=payment_id))


@router.get("")
def payments(request: HttpRequest, state: str = "", limit: int = 50, cursor: str = "") -> dict[str, Any]:
    """Payments, newest first."""
    permissions.can_read_payments(user=request.user).require()
    rows = Payment.objects.visible_to(request.user).select_related("maker", "checker", "executor")
    if state:
        rows = rows.filter(state=state)
    return page(rows, request, _row, ordering=("-asked_on",))


def _list(row: MonthList) -> dict[str, Any]:
    told = ("id", "pack_id", "month", "due_at", "brought_at", "lines", "note")
    return {**{name: getattr(row, name) for name in told}, "is_late": row.is_late(timezone.now())}


@router.get("lists")
def month_lists(request: HttpRequest, limit: int = 50, cursor: str = "") -> dict[str, Any]:
    """Lists of the borrowers' own payments, the one that is due last first."""
    permissions.can_read_payments(user=request.user).require()
    return page(MonthList.objects.visible_to(request.user), request, _list, ordering=("-due_at",))


@router.post("lists/{int:month_list_id}", response={200: dict})
@once("payments.list")
def bring_list(request: HttpRequest, month_list_id: int, body: MonthListIn) -> tuple[int, dict[str, Any]]:
    """Bring a month's list, or put it right."""
    get_object_or_404(MonthList.objects.visible_to(request.user), pk=month_list_id)
    return 200, _list(services.bring_list(list_id=month_list_id, actor=request.user, now=timezone.now(), **body.dict()))


@router.get("{int:payment_id}")
def payment(request: HttpRequest, payment_id: int) -> dict[str, Any]:
    """One payment."""
    return _one(request, payment_id)


@router.post("packs/{int:live_id}", response={201: dict})
@once("payments.ask")
def ask(request: HttpRequest, live_id: int, body: LoanPaymentIn) -> tuple[int, dict[str, Any]]:
    """Ask for a payment out of a live pack. Its mode follows from the bank's thresholds; it may be rejected at once."""
    get_object_or_404(Pack.objects.visible_to(request.user), pk=live_id)
    made = services.ask_payment(pack_id=live_id, entry=Entry(**body.dict()), actor=request.user, now=timezone.now())
    return 201, _one(request, made.pk)


@router.post("{int:payment_id}/check", response={200: dict})
@once("payments.check")
def check(request: HttpRequest, payment_id: int, body: LoanPaymentCheckIn) -> tuple[int, dict[str, Any]]:
    """The checker's word: it agrees with its papers."""
    services.check_payment(payment_id=payment_id, note=body.note, actor=request.user, now=timezone.now())
    return 200, _one(request, payment_id)


@router.post("{int:checked_payment_id}/pay", response={200: dict})
@once("payments.pay")
def pay(request: HttpRequest, checked_payment_id: int, body: LoanPaymentPayIn) -> tuple[int, dict[str, Any]]:
    """It is paid."""
    services.pay(payment_id=checked_payment_id, actor=request.user, now=timezone.now())
    return 200, _one(request, checked_payment_id)


@router.post("{int:payment_id}/reject", response={200: dict})
@once("payments.reject")
def reject(request: HttpRequest, payment_id: int, body: LoanPaymentRejectIn) -> tuple[int, dict[str, Any]]:
    """It is not paid."""
    services.reject_payment(payment_id=payment_id, reason=body.reason, actor=request.user, now=timezone.now())
    return 200, _one(request, payment_id)
