"""The steps of a verification."""

import datetime as dt
from typing import Any

from django.http import Http404, HttpRequest
from django.utils.translation import gettext_lazy as _

from credit.flags.services import keep_evidence
from credit.flags.views.acting import AboutClient
from credit.verifications import permissions, selectors, services
from credit.verifications.forms import ChaseForm, PaperForm, SendForm, SettleForm, ShipForm
from credit.verifications.models import Verification
from crm.kernel.addresses import url_of
from crm.kernel.permission import Permission
from crm.visits.views.choosing import record_key
from crm.web.views import OperationView


class VerificationOpen(AboutClient):
    """`/credit/verifications/new/?company=…`: transcribe a paper."""

    form_class = PaperForm
    template_name = "verifications/paper_form.html"
    title = _("Verify a paper")
    submit_label = _("Begin the verification")
    success_message = _("Transcribed. Ask who issued it today.")
    sent_form: Any = None

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        return permissions.can_verify(user=request.user)

    def get_initial(self) -> dict[str, Any]:
        """What is known of a paper that was put up by itself (`?paper=`)."""
        rows = Verification.objects.visible_to(self.request.user).filter(pk=record_key(self.request.GET.get("paper", "")) or 0)
        case = rows.filter(opened_by=None).first()
        return {name: getattr(case, name) for name in ("kind", "number", "reference", "amount", "currency", "scac")} if case else {}

    def get_back_url(self) -> str:
        """The register."""
        return url_of("verifications:verification_list")

    def make_form(self, data: Any = None, files: Any = None) -> Any:
        """Keeps the form at hand: the service takes what it makes of its fields."""
        self.sent_form = super().make_form(data, files)
        return self.sent_form

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Verification:
        """Transcribe it."""
        if self.client is None:
            raise Http404
        told = {"kind": data["kind"], "paper": self.sent_form.paper()}
        return services.open_verification(client_id=self.client.pk, actor=self.request.user, now=now, **told)

    def get_success_url(self, result: Verification) -> str:
        """The case."""
        return result.get_absolute_url()


class AboutVerification(OperationView):
    """A step, which leads back to the case."""

    model = Verification
    select_related = selectors.RELATED

    def get_success_url(self, result: Any) -> str:
        """The case."""
        return self.object.get_absolute_url()


class ShipNote(AboutVerification):
    """Where the ship was."""

    form_class = ShipForm
    title = _("Ship and port on the day")
    success_message = _("Written down.")

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        return permissions.can_verify(user=request.user, verification=self.object)

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Any:
        """Note it."""
        return services.note_ship(verification_id=self.object.pk, actor=self.request.user, now=now, **data)


class VerificationSend(AboutVerification):
    """Asked through the directory."""

    form_class = SendForm
    title = _("Whom did you ask, and what?")
    submit_label = _("It was asked")
    success_message = _("The clock of the reply runs.")

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        return permissions.can_send(user=request.user, verification=self.object)

    def get_form_kwargs(self) -> dict[str, Any]:
        """Which contacts are offered."""
        return {"user": self.request.user, "verification": self.object}

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Any:
        """Note it."""
        told = {"contact_id": data["directory_contact"], "message": data["message"]}
        return services.send(verification_id=self.object.pk, actor=self.request.user, now=now, **told)


class VerificationChase(AboutVerification):
    """Asked again."""

    form_class = ChaseForm
    title = _("Asked again")
    success_message = _("Written down.")

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        return permissions.can_chase(user=request.user, verification=self.object)

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Any:
        """Note it."""
        return services.chase(verification_id=self.object.pk, actor=self.request.user, now=now, **data)


class VerificationSettle(AboutVerification):
    """The answer."""

    form_class = SettleForm
    title = _("What came of it?")
    submit_label = _("Settle it")
    success_message = _("Kept with its original and hash.")

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        return permissions.can_settle(user=request.user, verification=self.object)

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Any:
        """Keep the original, then settle it."""
        upload = data.pop("original", None)
        file = keep_evidence(upload, actor=self.request.user, field="original") if upload else None
        return services.settle(verification_id=self.object.pk, actor=self.request.user, now=now, file_id=file.pk if file else None, **data)
