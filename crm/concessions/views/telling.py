"""Telling the client, putting it in force, the promise, revoking, the letter."""

import datetime as dt
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.companies.models import Company
from crm.concessions import permissions, services
from crm.concessions.forms import ApplyForm, ConfirmationForm, PromiseForm, ReasonForm, TellForm
from crm.concessions.models import Concession
from crm.kernel.permission import Permission
from crm.papers.views import LetterCreate
from crm.web.views import OperationView


class _Step(OperationView):
    """One step after the decision."""

    model = Concession
    select_related = ("company__client", "owner", "centre", "team")


class ConcessionTell(_Step):
    """Note that the client was told."""

    form_class = TellForm
    title = _("The client was told")
    submit_label = _("Note it")
    success_message = _("Noted.")

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        return permissions.can_tell(user=self.request.user, concession=self.object, now=timezone.now())

    def get_initial(self) -> dict[str, Any]:
        """Now."""
        return {"told_at": timezone.localtime().replace(second=0, microsecond=0)} | super().get_initial()

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Concession:
        """Note it. A minute that was typed stands for its end: the decision may be of the same one."""
        told_at = data["told_at"]
        same = told_at is not None and told_at <= now < told_at + dt.timedelta(minutes=1)
        reply = services.Reply(data["channel"], data["reaction"], now if same else told_at)
        return services.tell(concession_id=self.object.pk, actor=self.request.user, now=now, reply=reply)


class ConcessionApply(_Step):
    """Put it in force."""

    form_class = ApplyForm
    title = _("Put it in force")
    submit_label = _("In force")
    success_message = _("In force.")

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        return permissions.can_apply(user=self.request.user, concession=self.object, now=timezone.now())

    def get_initial(self) -> dict[str, Any]:
        """Today."""
        return {"effective_on": timezone.localdate()} | super().get_initial()

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Concession:
        """Put it in force."""
        return services.apply(concession_id=self.object.pk, actor=self.request.user, now=now, **data)


class PromiseKeep(_Step):
    """The client kept the promise."""

    form_class = PromiseForm
    title = _("The promise was kept")
    submit_label = _("Note it")
    success_message = _("Noted.")

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        return permissions.can_keep_promise(user=self.request.user, concession=self.object)

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Concession:
        """Note it."""
        return services.keep_promise(concession_id=self.object.pk, actor=self.request.user, now=now, **data)


class ConcessionRevoke(_Step):
    """Take it back from now on."""

    form_class = ReasonForm
    title = _("Revoke this concession")
    submit_label = _("Revoke it")
    success_message = _("Revoked from now on.")
    tone = "bad"

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        return permissions.can_revoke(user=self.request.user, concession=self.object)

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Concession:
        """Revoke it."""
        return services.revoke(concession_id=self.object.pk, actor=self.request.user, now=now, **data)


class ConfirmationWrite(LetterCreate):
    """The client's letter of confirmation."""

    model = Concession
    select_related = ("company__client", "owner", "centre", "team")
    form_class = ConfirmationForm
    title = _("Letter of confirmation")

    @property
    def company(self) -> Company:
        """The client."""
        company: Company = self.object.company
        return company

    @property
    def about(self) -> Concession:
        """The concession."""
        concession: Concession = self.object
        return concession

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        return permissions.can_confirm(user=self.request.user, concession=self.object, now=timezone.now())

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Any:
        """Write and keep it."""
        return services.write_confirmation(concession_id=self.object.pk, actor=self.request.user, now=now, order=data["order"])
