"""What payments ask of people, for accountability files: the vouchers of the sample."""

from collections.abc import Iterator

from credit.accountability.parts import Duty, Scope, of_work
from credit.payments.choices import SUBJECT, PaymentWork
from credit.payments.models import Payment
from crm.kernel.addresses import url_of

KINDS = {str(PaymentWork.VOUCHER): PaymentWork.VOUCHER.label}


def found(scope: Scope) -> Iterator[Duty]:
    """Vouchers that fell due, of this pack. Two statements."""
    payments = Payment.objects.filter(pack_id=scope.pack_id)
    names = dict(payments.order_by("pk").values_list("pk", "number"))
    address = "payments:payment_detail"
    yield from of_work(
        scope, subject_type=SUBJECT, subjects=payments.values("pk"), kinds=KINDS, names=names, url=lambda pk: url_of(address, pk)
    )
