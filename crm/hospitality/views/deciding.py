"""What deciders, compliance and finance do with one event."""

import datetime as dt
from functools import partial
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from crm.hospitality import permissions, services
from crm.hospitality.forms import NoteForm, ReasonForm, VerifyForm
from crm.hospitality.models import Extra, HospitalityRequest
from crm.hospitality.views.asking import EventStep
from crm.kernel.permission import Permission
from crm.web.views import OperationView


def _by_level_or_compliance(*, user: Any, event: HospitalityRequest) -> Permission:
    return permissions.can_consent(user=user, event=event) or permissions.can_decide(user=user, event=event)


class RequestApprove(EventStep):
    """Approve, and reserve."""

    form_class = NoteForm
    title = _("Approve this event")
    submit_label = _("Approve")
    success_message = _("Approved, and reserved.")
    allowed, service = permissions.can_decide, services.approve


class RequestPassUp(EventStep):
    """To the next level."""

    form_class = ReasonForm
    title = _("Pass this up")
    submit_label = _("Pass up")
    success_message = _("Passed up.")
    allowed, service = permissions.can_decide, services.pass_up


class RequestReturn(EventStep):
    """Back to the host for another try."""

    form_class = ReasonForm
    title = _("Return this to the host")
    submit_label = _("Return")
    success_message = _("Returned.")
    allowed, service = _by_level_or_compliance, services.send_back


class RequestReject(EventStep):
    """Back to the host for good."""

    form_class = ReasonForm
    title = _("Reject this event")
    submit_label = _("Reject")
    success_message = _("Rejected.")
    allowed, service = _by_level_or_compliance, partial(services.send_back, reject=True)
    tone = "bad"


class RequestConsent(EventStep):
    """Compliance consents."""

    form_class = NoteForm
    title = _("Consent to this event")
    submit_label = _("Consent")
    success_message = _("Consented. The level decides now.")
    allowed, service = permissions.can_consent, services.consent


class RequestReopen(EventStep):
    """What expired may be reported after all."""

    form_class = ReasonForm
    title = _("Reopen this event")
    submit_label = _("Reopen")
    success_message = _("Reopened. It can be reported again.")
    allowed, service = permissions.can_reopen, services.reopen


class ClaimVerify(EventStep):
    """Finance has read the receipts itself."""

    form_class = VerifyForm
    title = _("Check this claim")
    submit_label = _("It agrees")
    success_message = _("Checked.")
    allowed, service = permissions.can_verify, services.verify_claim


class ClaimQuery(EventStep):
    """Finance asks the host."""

    form_class = ReasonForm
    title = _("Query this claim")
    submit_label = _("Query")
    success_message = _("Queried. The host answers.")
    allowed, service = permissions.can_verify, services.query_claim


class ClaimClawBack(EventStep):
    """Take a posted or paid claim back."""

    form_class = ReasonForm
    title = _("Claw this back")
    submit_label = _("Claw back")
    success_message = _("Clawed back. Every line is reversed.")
    allowed, service = permissions.can_claw_back, services.claw_back
    tone = "bad"


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
