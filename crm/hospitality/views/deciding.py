"""What deciders, compliance and finance do with one event."""

import datetime as dt
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from crm.hospitality import permissions, services
from crm.hospitality.forms import NoteForm, ReasonForm, VerifyForm
from crm.hospitality.models import Extra
from crm.hospitality.views.asking import AboutEvent
from crm.kernel.permission import Permission
from crm.web.views import OperationView


class DecisionView(AboutEvent):
    """A decision on a request by its level."""

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        return permissions.can_decide(user=request.user, event=self.object)


class RequestApprove(DecisionView):
    """Approve, and reserve."""

    form_class = NoteForm
    title = _("Approve this event")
    submit_label = _("Approve")
    success_message = _("Approved, and reserved.")

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Any:
        """Approve it."""
        return services.approve(event_id=self.object.pk, actor=self.request.user, now=now, note=data["reason"])


class RequestPassUp(DecisionView):
    """To the next level."""

    form_class = ReasonForm
    title = _("Pass this up")
    submit_label = _("Pass up")
    success_message = _("Passed up.")

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Any:
        """Pass it up."""
        return services.pass_up(event_id=self.object.pk, actor=self.request.user, now=now, reason=data["reason"])


class SendBackView(AboutEvent):
    """Back to the host, by the level or by compliance."""

    form_class = ReasonForm
    reject = False

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        consent = permissions.can_consent(user=request.user, event=self.object)
        return consent or permissions.can_decide(user=request.user, event=self.object)

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Any:
        """Send it back."""
        return services.send_back(event_id=self.object.pk, actor=self.request.user, now=now, reject=self.reject, **data)


class RequestReturn(SendBackView):
    """For another try."""

    title = _("Return this to the host")
    submit_label = _("Return")
    success_message = _("Returned.")


class RequestReject(SendBackView):
    """For good."""

    title = _("Reject this event")
    submit_label = _("Reject")
    success_message = _("Rejected.")
    reject = True
    tone = "bad"


class RequestConsent(AboutEvent):
    """Compliance consents."""

    form_class = NoteForm
    title = _("Consent to this event")
    submit_label = _("Consent")
    success_message = _("Consented. The level decides now.")

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        return permissions.can_consent(user=request.user, event=self.object)

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Any:
        """Consent."""
        return services.consent(event_id=self.object.pk, actor=self.request.user, now=now, note=data["reason"])


class RequestReopen(AboutEvent):
    """What expired may be reported after all."""

    form_class = ReasonForm
    title = _("Reopen this event")
    submit_label = _("Reopen")
    success_message = _("Reopened. It can be reported again.")

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        return permissions.can_reopen(user=request.user, event=self.object)

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Any:
        """Reopen it."""
        return services.reopen(event_id=self.object.pk, actor=self.request.user, now=now, **data)


class CheckView(AboutEvent):
    """What finance does with a claim."""

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        return permissions.can_verify(user=request.user, event=self.object)


class ClaimVerify(CheckView):
    """Finance has read the receipts itself."""

    form_class = VerifyForm
    title = _("Check this claim")
    submit_label = _("It agrees")
    success_message = _("Checked.")

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Any:
        """Check it."""
        return services.verify_claim(event_id=self.object.pk, actor=self.request.user, now=now, **data)


class ClaimQuery(CheckView):
    """Finance asks the host."""

    form_class = ReasonForm
    title = _("Query this claim")
    submit_label = _("Query")
    success_message = _("Queried. The host answers.")

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Any:
        """Ask."""
        return services.query_claim(event_id=self.object.pk, actor=self.request.user, now=now, **data)


class ClaimClawBack(AboutEvent):
    """Take a posted or paid claim back."""

    form_class = ReasonForm
    title = _("Claw this back")
    submit_label = _("Claw back")
    success_message = _("Clawed back. Every line is reversed.")
    tone = "bad"

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        return permissions.can_claw_back(user=request.user, event=self.object)

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Any:
        """Take it back."""
        return services.claw_back(event_id=self.object.pk, actor=self.request.user, now=now, **data)


class ExtraDecision(OperationView):
    """More than was paid, decided."""

    model = Extra
    select_related = ("request__company", "request__owner", "request__centre", "request__team")
    form_class: Any = NoteForm
    grant = True

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        return permissions.can_grant_more(user=request.user, extra=self.object)

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Any:
        """Decide."""
        return services.decide_more(extra_id=self.object.pk, actor=self.request.user, now=now, grant=self.grant, **data)

    def get_success_url(self, result: Any) -> str:
        """The event."""
        return self.object.request.get_absolute_url()

    def get_back_url(self) -> str:
        """The event."""
        return self.object.request.get_absolute_url()


class ExtraGrant(ExtraDecision):
    """Granted."""

    title = _("Grant more")
    submit_label = _("Grant")
    success_message = _("Granted.")


class ExtraRefuse(ExtraDecision):
    """Refused."""

    form_class = ReasonForm
    title = _("Refuse more")
    submit_label = _("Refuse")
    success_message = _("Refused.")
    grant = False
    tone = "bad"
