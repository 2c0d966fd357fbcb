"""The steps of a payment."""

import datetime as dt
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from credit.flags.services import keep_evidence
from credit.packs.models import Pack
from credit.payments import permissions, selectors, services
from credit.payments.forms import CheckForm, PaymentForm, ReasonForm, VoucherForm
from credit.payments.models import Payment
from crm.kernel.permission import Permission
from crm.web.forms import NoFields
from crm.web.views import OperationView


class PaymentAsk(OperationView):
    """Ask for a payment out of a pack."""

    model = Pack
    select_related = ("company", "centre")
    form_class = PaymentForm
    template_name = "payments/payment_form.html"
    title = _("Ask for a payment")
    submit_label = _("Ask for it")
    success_message = _("Sent to credit administration, unless a flag stopped it.")
    sent_form: Any = None

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        return permissions.can_ask(user=request.user, pack=self.object)

    def make_form(self, data: Any = None, files: Any = None) -> Any:
        """Keeps the form at hand: the service takes what it makes of its fields."""
        self.sent_form = super().make_form(data, files)
        return self.sent_form

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Adds whether equity and progress are asked for."""
        backed = selectors.is_fixed_asset(self.object, on=selectors.today_of(self.object, timezone.now()))
        return super().get_context_data(is_fixed_asset=backed, **context)

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Payment:
        """Ask for it."""
        return services.ask_payment(pack_id=self.object.pk, entry=self.sent_form.entry(), actor=self.request.user, now=now)

    def get_success_url(self, result: Payment) -> str:
        """The payment."""
        return result.get_absolute_url()


class AboutPayment(OperationView):
    """A step of a payment, which leads back to it."""

    model = Payment
    select_related = selectors.RELATED

    def get_success_url(self, result: Any) -> str:
        """The payment."""
        return self.object.get_absolute_url()


class PaymentCheck(AboutPayment):
    """The second person."""

    form_class = CheckForm
    title = _("Does the payment agree with its papers?")
    submit_label = _("It agrees")
    success_message = _("Sent to the business office.")

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        return permissions.can_check(user=request.user, payment=self.object)

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Any:
        """Note it."""
        return services.check_payment(payment_id=self.object.pk, actor=self.request.user, now=now, **data)


class PaymentPay(AboutPayment):
    """The third person."""

    form_class = NoFields
    title = _("Was it paid?")
    submit_label = _("It is paid")
    success_message = _("Paid.")

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        return permissions.can_pay(user=request.user, payment=self.object)

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Any:
        """Note it."""
        return services.pay(payment_id=self.object.pk, actor=self.request.user, now=now)


class PaymentReject(AboutPayment):
    """Not paid."""

    form_class = ReasonForm
    tone = "bad"
    title = _("Reject this payment")
    submit_label = _("Reject it")
    success_message = _("Rejected.")

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        return permissions.can_reject(user=request.user, payment=self.object)

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Any:
        """Reject it."""
        return services.reject_payment(payment_id=self.object.pk, actor=self.request.user, now=now, **data)


class VoucherBring(AboutPayment):
    """The voucher of a payment by the borrower."""

    form_class = VoucherForm
    title = _("Bring the voucher")
    success_message = _("Saved.")

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        return permissions.can_bring_voucher(user=request.user, payment=self.object)

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Any:
        """Keep it."""
        file = keep_evidence(data["evidence"], actor=self.request.user)
        return services.bring_voucher(payment_id=self.object.pk, note=data["note"], file_id=file.pk, actor=self.request.user, now=now)
