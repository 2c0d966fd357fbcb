"""Pages of payments: the register, one payment and its steps."""

import datetime as dt
from typing import Any

from django.http import HttpRequest
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from credit.flags.services import keep_evidence
from credit.packs.models import Pack
from credit.payments import permissions, selectors, services
from credit.payments.choices import Ground, State
from credit.payments.filters import PaymentFilters
from credit.payments.forms import CheckForm, PaymentForm, ReasonForm, VoucherForm
from credit.payments.models import Payment, PaymentEvent
from credit.payments.tables import STATE_TONES, PaymentTable
from crm.companies.models import Company
from crm.kernel.addresses import url_of
from crm.kernel.permission import ALLOWED, Permission
from crm.web.forms import NoFields
from crm.web.templatetags.ui import money
from crm.web.views import Action, DetailView, Empty, Fact, FileDownload, ListView, OperationView


class PaymentList(ListView):
    """`/credit/payments/`."""

    model = Payment
    table_class = PaymentTable
    filterset_class = PaymentFilters
    title = _("Payments out of loans")
    ordering = ("-asked_on",)
    select_related = ("pack__company",)
    search_hint = _("Company, stock code or number")
    empty = Empty(_("No payments"), _("They are asked for on the page of a live credit pack."), icon="swap")

    def permission(self, request: HttpRequest) -> Permission:
        """Whoever reads packs, and the business office."""
        return permissions.can_read_payments(user=request.user)

    def search(self, queryset: Any, q: str) -> Any:
        """By the company, or the beginning of the number."""
        named = Company.objects.visible_to(self.request.user).named(q)
        return queryset.filter(pack__company__in=named) | queryset.filter(number__istartswith=q)


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

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Payment:
        """Ask for it."""
        return services.ask_payment(pack_id=self.object.pk, entry=self.sent_form.entry(), actor=self.request.user, now=now)

    def get_success_url(self, result: Payment) -> str:
        """The payment."""
        return result.get_absolute_url()


class PaymentDetail(DetailView):
    """One payment with its way so far."""

    model = Payment
    select_related = selectors.RELATED
    template_name = "payments/payment_detail.html"
    crumb = (_("Payments out of loans"), "payments:payment_list")

    def permission(self, request: HttpRequest) -> Permission:
        """Whoever sees it."""
        return ALLOWED

    def facts(self) -> list[Fact]:
        """How much, to whom, how, when, out of what."""
        payment = self.object
        return [
            Fact(_("Amount"), money(payment.amount, payment.currency)),
            Fact(_("Payee"), payment.payee, payment.account),
            Fact(_("Mode"), payment.get_mode_display()),
            Fact(_("Day"), date_format(payment.asked_on, "DATE_FORMAT")),
        ]

    def actions(self) -> list[Action]:
        """What this person may do with it now."""
        payment, user = self.object, self.request.user
        offered = (
            (permissions.can_check(user=user, payment=payment), _("It agrees"), "payments:payment_check", "check", True),
            (permissions.can_pay(user=user, payment=payment), _("It is paid"), "payments:payment_pay", "check", True),
            (permissions.can_bring_voucher(user=user, payment=payment), _("Bring the voucher"), "payments:voucher_bring", "upload", False),
            (permissions.can_reject(user=user, payment=payment), _("Reject"), "payments:payment_reject", "x", False),
        )
        return [
            Action(label, url_of(name, payment.pk), icon, primary=primary, dialog=True)
            for may, label, name, icon, primary in offered
            if may
        ]

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Adds the way so far and why it is a trustee payment."""
        payment = self.object
        events = PaymentEvent.objects.visible_to(self.request.user).filter(payment=payment)
        return super().get_context_data(
            events=list(events.select_related("actor", "file").order_by("at", "pk")),
            grounds=[Ground(one).label for one in payment.grounds],
            tone=STATE_TONES[State(payment.state)],
            **context,
        )


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
    success_message = _("Kept.")

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        return permissions.can_bring_voucher(user=request.user, payment=self.object)

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Any:
        """Keep it."""
        file = keep_evidence(data["evidence"], actor=self.request.user)
        return services.bring_voucher(payment_id=self.object.pk, note=data["note"], file_id=file.pk, actor=self.request.user, now=now)


class VoucherDownload(FileDownload):
    """A voucher, for whoever sees the payment."""

    model = PaymentEvent
