"""Planning a visit, moving it, cancelling it."""

import datetime as dt
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.kernel.permission import Permission
from crm.visits import permissions, selectors, services
from crm.visits.forms import CancelForm, PlanForm, ReplanForm
from crm.visits.models import Visit
from crm.visits.views.choosing import AboutCompany
from crm.web.views import OperationView, UpdateView


class PlanCreate(AboutCompany):
    """`/visits/plan/?company=…`."""

    target = "plan"
    form_class = PlanForm
    template_name = "visits/plan_form.html"
    title = _("Plan a visit")
    submit_label = _("Plan it")
    success_message = _("Planned. It stands on Today until it is logged.")

    def get_form_kwargs(self) -> dict[str, Any]:
        """Who plans, for the choice of colleagues."""
        return {"user": self.request.user, "now": timezone.now()}

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Visit:
        """Plan it."""
        colleagues = tuple(colleague.pk for colleague in data.pop("colleagues"))
        return services.plan_visit(actor=self.request.user, now=now, company_id=self.company.pk, colleague_ids=colleagues, **data)


class VisitReplan(UpdateView):
    """Another time or objective for a planned visit."""

    model = Visit
    select_related = ("company",)
    form_class = ReplanForm
    template_name = "visits/replan_form.html"
    title = _("Change the plan")
    success_message = _("Saved.")

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        return permissions.can_replan(user=request.user, visit=self.object)

    def get_form_kwargs(self) -> dict[str, Any]:
        """Among whom the leader is: those who go along."""
        return {"people": selectors.going_along(self.object)}

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Visit:
        """Move it."""
        return services.replan_visit(visit_id=self.object.pk, actor=self.request.user, now=now, version=self.version, **data)


class VisitCancel(OperationView):
    """It will not take place."""

    model = Visit
    select_related = ("company",)
    form_class = CancelForm
    title = _("Cancel this visit")
    submit_label = _("Cancel the visit")
    success_message = _("Cancelled.")
    tone = "bad"

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        return permissions.can_replan(user=request.user, visit=self.object)

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Visit:
        """Cancel it."""
        return services.cancel_visit(visit_id=self.object.pk, actor=self.request.user, now=now, **data)
