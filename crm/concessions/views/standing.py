"""Conflicts of interest and suspensions of authority."""

import datetime as dt
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.companies.models import Company
from crm.concessions import permissions, services
from crm.concessions.forms import ConflictForm, ReasonForm, SuspendForm
from crm.concessions.models import Conflict, Suspension
from crm.concessions.tables import ConflictTable, SuspensionTable
from crm.kernel.addresses import url_of
from crm.kernel.permission import ALLOWED, Permission, denied
from crm.web.views import Action, CreateView, Empty, ListView, OperationView


class ConflictList(ListView):
    """Declared conflicts: one's own, a head's people's."""

    model = Conflict
    table_class = ConflictTable
    title = _("Conflicts of interest")
    ordering = ("-since",)
    select_related = ("person", "company")
    empty = Empty(_("None declared"), _("Who is tied to a company declares it on the company's page, and decides nothing about it."))

    def permission(self, request: HttpRequest) -> Permission:
        """Whoever reads concessions."""
        return permissions.can_read_concessions(user=self.request.user)


class ConflictDeclare(OperationView):
    """Declare one's own conflict with a company."""

    model = Company
    form_class = ConflictForm
    title = _("Declare a conflict of interest")
    submit_label = _("Declare it")
    success_message = _("Declared. You decide nothing about this company until a head says that it is over.")

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        return permissions.can_declare(user=self.request.user, company=self.object)

    def get_success_url(self, result: Any) -> str:
        """The list."""
        return reverse("concessions:conflict_list")

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Conflict:
        """Declare it."""
        return services.declare_conflict(actor=self.request.user, now=now, company_id=self.object.pk, **data)


class ConflictEnd(OperationView):
    """A conflict is over."""

    model = Conflict
    form_class = ReasonForm
    select_related = ("person", "company")
    title = _("This conflict is over")
    submit_label = _("It is over")
    success_message = _("Noted.")

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        return permissions.can_end_standing(user=self.request.user, standing=self.object)

    def get_success_url(self, result: Any) -> str:
        """The list."""
        return reverse("concessions:conflict_list")

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Conflict:
        """End it."""
        return services.end_conflict(conflict_id=self.object.pk, actor=self.request.user, now=now, **data)


def _may_suspend(user: Any) -> Permission:
    if permissions.may_suspend_anybody(user):
        return ALLOWED
    return denied(_("Centre heads, head office and compliance suspend authority."))


class SuspensionList(ListView):
    """Suspensions of authority."""

    model = Suspension
    table_class = SuspensionTable
    title = _("Suspended authority")
    ordering = ("-since",)
    select_related = ("person", "said_by")
    empty = Empty(_("Nobody’s authority is suspended"))

    def permission(self, request: HttpRequest) -> Permission:
        """Those who suspend, and audit."""
        return ALLOWED if self.request.user.actor.has_role("AUD") else _may_suspend(self.request.user)

    def actions(self) -> list[Action]:
        """Suspend somebody's."""
        if not permissions.may_suspend_anybody(self.request.user):
            return []
        return [Action(_("Suspend authority"), url_of("concessions:suspension_create"), "plus", primary=True)]


class SuspensionCreate(CreateView):
    """Suspend somebody's authority."""

    form_class = SuspendForm
    title = _("Suspend authority")
    submit_label = _("Suspend it")
    success_message = _("Suspended from now on.")

    def permission(self, request: HttpRequest) -> Permission:
        """Those who suspend."""
        return _may_suspend(self.request.user)

    def get_form_kwargs(self) -> dict[str, Any]:
        """Whose people."""
        return {"user": self.request.user, "now": timezone.now()}

    def get_success_url(self, result: Any) -> str:
        """The list."""
        return reverse("concessions:suspension_list")

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Suspension:
        """Suspend it."""
        return services.suspend(actor=self.request.user, now=now, person_id=data["person"].pk, reason=data["reason"])


class SuspensionLift(OperationView):
    """A suspension is over."""

    model = Suspension
    form_class = ReasonForm
    select_related = ("person",)
    title = _("Lift this suspension")
    submit_label = _("Lift it")
    success_message = _("Lifted.")

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        return permissions.can_suspend(user=self.request.user, person=self.object.person)

    def get_success_url(self, result: Any) -> str:
        """The list."""
        return reverse("concessions:suspension_list")

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Suspension:
        """Lift it."""
        return services.lift_suspension(suspension_id=self.object.pk, actor=self.request.user, now=now, **data)
