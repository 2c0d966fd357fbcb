"""The register, one payment and its papers."""

from typing import Any

from django.http import HttpRequest
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from credit.payments import permissions, selectors
from credit.payments.choices import Ground, Mode, State
from credit.payments.filters import PaymentFilters
from credit.payments.models import MonthList, Payment, PaymentEvent, ProgressProof
from credit.payments.tables import STATE_TONES, PaymentTable
from credit.payments.views.registers import Register
from crm.kernel.addresses import url_of
from crm.kernel.permission import ALLOWED, Permission
from crm.web.templatetags.ui import money
from crm.web.views import Action, DetailView, Empty, Fact, FileDownload


class PaymentList(Register):
    """`/credit/payments/`."""

    model = Payment
    table_class = PaymentTable
    filterset_class = PaymentFilters
    title = _("Payments out of loans")
    ordering = ("-asked_on",)
    empty = Empty(_("No payments"), _("They are asked for on the page of a live credit pack."), icon="swap")

    def actions(self) -> list[Action]:
        """The lists of a month."""
        return [Action(_("Lists by month"), url_of("payments:list_list"), "box")]


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
            proof=ProgressProof.objects.visible_to(self.request.user).filter(payment=payment).first(),
            month_list=self._month_list(),
            **context,
        )

    def _month_list(self) -> MonthList | None:
        """The list that a payment by the borrower belongs on."""
        payment = self.object
        if payment.mode != Mode.SELF or payment.paid_at is None:
            return None
        month = selectors.today_of(payment.pack, payment.paid_at).replace(day=1)
        found: MonthList | None = MonthList.objects.visible_to(self.request.user).filter(pack=payment.pack_id, month=month).first()
        return found


class VoucherDownload(FileDownload):
    """A voucher, for whoever sees the payment."""

    model = PaymentEvent
