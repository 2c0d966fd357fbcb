"""The report of an event with the room left while one types, the claim with its receipts, asking for more."""

import datetime as dt
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.hospitality import permissions, previews, selectors, services
from crm.hospitality.choices import Relationship, State
from crm.hospitality.forms import ClaimForm, ExtraForm, ReportForm
from crm.hospitality.models import HospitalityRequest, Receipt
from crm.hospitality.views.asking import AboutEvent
from crm.hospitality.views.pages import EventFragment
from crm.kernel.addresses import url_of
from crm.kernel.errors import Sentence
from crm.kernel.permission import Permission
from crm.web.templatetags.ui import money
from crm.web.views import FileDownload


class KeepsForm(AboutEvent):
    """Keeps the form at hand, since the service takes what it makes of its fields."""

    sent_form: Any = None

    def get_form_kwargs(self) -> dict[str, Any]:
        """Who, when, about what."""
        return {"user": self.request.user, "now": timezone.now(), "event": self.object}

    def make_form(self, data: Any = None, files: Any = None) -> Any:
        """The form."""
        self.sent_form = super().make_form(data, files)
        return self.sent_form


class ReportCreate(KeepsForm):
    """Report an event: who was there, the bill, what came of it."""

    form_class = ReportForm
    template_name = "hospitality/report_form.html"
    title = _("Report the event")
    submit_label = _("File report")

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        return permissions.can_report(user=request.user, event=self.object, now=timezone.now())

    def get_initial(self) -> dict[str, Any]:
        """All who were invited came; the purpose as it was asked."""
        event = self.object
        return {
            "came": [str(pk) for pk in event.guests.values_list("pk", flat=True)],
            "colleagues": list(event.seats.values_list("user_id", flat=True)),
            "purposes": [event.purpose],
            "means": "own_card",
        }

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Adds where the room is asked for, and how the relationship stood."""
        event = self.object
        last = selectors.last_relationship(event)
        before = Relationship(last).label if last else ""
        return super().get_context_data(room_url=url_of("hospitality:report_room", event.pk), before=before, **context)

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> HospitalityRequest:
        """File it."""
        return services.report_event(event_id=self.object.pk, actor=self.request.user, now=now, told=self.sent_form.told())

    def get_success_url(self, result: HospitalityRequest) -> str:
        """The claim, where there is one to make."""
        return url_of("hospitality:claim_create", result.pk) if result.paid else result.get_absolute_url()

    def get_success_message(self, result: HospitalityRequest) -> Sentence:
        """What is paid of it."""
        if not result.paid:
            return _("Report filed. The bill is your own cost: %(reason)s.") % {"reason": result.get_own_reason_display()}
        return _("Report filed. %(amount)s is reimbursed once the receipts are in.") % {"amount": money(result.paid, result.currency)}


class ReportRoom(EventFragment):
    """What a report in the making would pay."""

    template_name = "hospitality/room.html"

    def permission(self, request: HttpRequest) -> Permission:
        """The host."""
        return permissions.can_report(user=request.user, event=self.object, now=timezone.now())

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """The room, before and after what was typed."""
        return super().get_context_data(room=previews.of_report(event=self.object, typed=self.request.GET), **context)


class ClaimCreate(KeepsForm):
    """Bring the receipts."""

    form_class = ClaimForm
    template_name = "hospitality/claim_form.html"
    title = _("Claim")
    submit_label = _("Claim")
    success_message = _("Claimed. Finance checks it.")

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        return permissions.can_claim(user=request.user, event=self.object, now=timezone.now())

    def get_form_kwargs(self) -> dict[str, Any]:
        """After a query the bill may be corrected."""
        return super().get_form_kwargs() | {"corrects": self.object.state == State.QUERIED}

    def get_initial(self) -> dict[str, Any]:
        """The merchant and amount of the report; after a query the receipts and the bill as they are."""
        event = self.object
        initial: dict[str, Any] = {"merchant_1": event.venue[:120], "amount_1": event.billed, "day_1": event.event_on}
        if event.state == State.QUERIED:
            for number, receipt in enumerate(event.receipts.order_by("pk"), start=1):
                initial |= {f"{part}_{number}": getattr(receipt, part) for part in ("merchant", "number", "day", "amount")}
            initial |= {name: getattr(event.report, name) for name in previews.BILL}
        return initial

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Any:
        """Claim it."""
        form = self.sent_form
        return services.file_claim(event_id=self.object.pk, actor=self.request.user, now=now, slips=form.slips(), bill=form.bill())


class ExtraCreate(AboutEvent):
    """Ask for a part of one's own cost."""

    form_class = ExtraForm
    title = _("Ask for more")
    submit_label = _("Ask")
    success_message = _("Asked for. It is decided before the month closes.")

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        return permissions.can_ask_more(user=request.user, event=self.object)

    def get_initial(self) -> dict[str, Any]:
        """All of one's own cost."""
        return {"amount": self.object.own}

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Any:
        """Ask."""
        return services.ask_more(event_id=self.object.pk, actor=self.request.user, now=now, **data)


class ReceiptDownload(FileDownload):
    """The picture of a receipt, for whoever sees the event."""

    model = Receipt
