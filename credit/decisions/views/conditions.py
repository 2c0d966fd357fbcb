"""What is done about conditions, each a form that leads back to the pack."""

import datetime as dt
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from credit.decisions import forms, permissions, selectors, services
from credit.decisions.models import Condition
from credit.decisions.views.deciding import AboutCase
from credit.packs.views.pages import RELATED
from crm.kernel.permission import Permission
from crm.web.forms import NoFields
from crm.web.views import OperationView


class ConditionPropose(AboutCase):
    """One more condition."""

    form_class = forms.ConditionForm
    title = _("Add a condition")
    submit_label = _("Add it")
    success_message = _("Added. An approval takes it with it.")

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        return permissions.can_propose(user=request.user, pack=self.object, case=self.case)

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Any:
        """Add it."""
        return services.propose_condition(now=now, **self.call, **data)


class AboutCondition(OperationView):
    """A step of one condition, which leads back to the pack."""

    model = Condition
    select_related = ("pack", *(f"pack__{name}" for name in RELATED), "case")
    template_name = "decisions/condition_form.html"

    def get_success_url(self, result: Any) -> str:
        """The pack, at its decision."""
        return f"{self.object.pack.get_absolute_url()}#decision"

    @property
    def call(self) -> dict[str, Any]:
        """What every service takes."""
        return {"condition_id": self.object.pk, "actor": self.request.user}


class ConditionTakeBack(AboutCondition):
    """It is not wanted."""

    form_class = NoFields
    tone = "bad"
    title = _("Take this condition away?")
    submit_label = _("Take it away")
    success_message = _("Taken away.")

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        pack = self.object.pack
        return permissions.can_propose(user=request.user, pack=pack, case=selectors.case_of(pack))

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Any:
        """Take it back."""
        return services.take_condition_back(now=now, **self.call)


class ConditionShow(AboutCondition):
    """How it is met."""

    form_class = forms.EvidenceForm
    title = _("This condition is met")
    success_message = _("A second person checks it.")

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        return permissions.can_show(user=request.user, condition=self.object)

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Any:
        """Note it."""
        return services.show_condition(now=now, **self.call, **data)


class ConditionCheck(AboutCondition):
    """The second person."""

    form_class = forms.CheckForm
    title = _("Check this condition")
    success_message = _("Noted.")

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        return permissions.can_check(user=request.user, condition=self.object)

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Any:
        """Note it."""
        return services.check_condition(now=now, **self.call, **data)


class ConditionWaive(AboutCondition):
    """Do without it."""

    form_class = forms.WaiveForm
    tone = "bad"
    title = _("Waive this condition")
    success_message = _("Waived.")

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        return permissions.can_waive(user=request.user, condition=self.object, level=selectors.waiving_level(self.object))

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Any:
        """Waive it."""
        return services.waive_condition(now=now, **self.call, **data)
