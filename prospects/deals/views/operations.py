"""Changing a deal, stating and confirming evidence, taking up again, giving to another owner."""

import datetime as dt
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.companies.models import Contact
from crm.kernel.errors import Sentence
from crm.kernel.permission import Permission
from crm.web.forms import Form
from crm.web.views import OperationView, RecordPage, UpdateView
from prospects.deals import permissions, selectors, services
from prospects.deals.choices import Criterion
from prospects.deals.forms import AssignForm, DealForm, EvidenceForm, ReasonForm
from prospects.deals.models import Deal, Evidence
from prospects.deals.rules import STATED


class DealUpdate(UpdateView):
    """Change what is written of a deal."""

    model = Deal
    select_related = ("company", "centre")
    form_class = DealForm
    template_name = "deals/deal_form.html"
    title = _("Change the prospect")

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        return permissions.can_update_deal(user=request.user, deal=self.object)

    def get_form_kwargs(self) -> dict[str, Any]:
        """Among whom the decision maker is."""
        people = Contact.objects.visible_to(self.request.user).filter(company=self.object.company_id, left_on=None)
        return {"people": people.order_by("sort_key")}

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Deal:
        """Change it."""
        return services.update_deal(deal_id=self.object.pk, version=self.version, changes=data, actor=self.request.user, now=now)


class DealReopen(OperationView):
    """Take up again what was lost or is nurtured."""

    model = Deal
    select_related = ("company",)
    form_class = ReasonForm
    title, submit_label, success_message = _("Take up again"), _("Take up"), _("Taken up again.")

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        return permissions.can_reopen_deal(user=request.user, deal=self.object)

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Deal:
        """Take it up."""
        return services.reopen(deal_id=self.object.pk, reason=data["reason"], actor=self.request.user, now=now)


class DealAssign(OperationView):
    """Give a deal to another owner."""

    model = Deal
    select_related = ("company",)
    form_class = AssignForm
    title, submit_label, success_message = _("Give to another owner"), _("Give to"), _("Given to the new owner.")

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        return permissions.can_assign_deal(user=request.user, deal=self.object)

    def get_form_kwargs(self) -> dict[str, Any]:
        """Who may get it."""
        owners = selectors.assignable_owners(self.request.user, now=timezone.now())
        return {"owners": owners.exclude(pk=self.object.owner_id)}

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Deal:
        """Give it."""
        return services.assign(deal_id=self.object.pk, owner_id=data["owner"].pk, reason=data["reason"], actor=self.request.user, now=now)


class EvidenceState(OperationView):
    """State with a date what shows a criterion."""

    model = Deal
    select_related = ("company", "centre")
    form_class = EvidenceForm
    submit_label, success_message = pgettext_lazy("verb", "State"), _("Stated.")

    def load(self) -> None:
        """The deal, and a criterion that is stated."""
        super().load()
        if self.kwargs["criterion"] not in STATED:
            raise Http404
        self.criterion = Criterion(self.kwargs["criterion"])

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        return permissions.can_update_deal(user=request.user, deal=self.object)

    def get_title(self) -> Sentence:
        """The criterion."""
        return self.criterion.label

    def get_initial(self) -> dict[str, Any]:
        """Today."""
        return {"on": selectors.local_day(self.object.centre, timezone.now()), **super().get_initial()}

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Evidence:
        """State it."""
        self.sent: Any
        return services.state_evidence(
            deal_id=self.object.pk, criterion=self.criterion, statement=self.sent.statement, actor=self.request.user, now=now
        )

    def make_form(self, data: Any = None, files: Any = None) -> Any:
        """Kept at hand, since the service takes what it makes of its fields."""
        self.sent = super().make_form(data, files)
        return self.sent


class EvidenceWaiting(RecordPage):
    """The address of a statement, for work items: it stands on its deal's page."""

    model = Evidence

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """On to the deal."""
        return HttpResponseRedirect(self.object.get_absolute_url())


class EvidenceAnswer(OperationView):
    """The second pair of eyes on a statement."""

    model = Evidence
    select_related = ("deal", "deal__company", "stated_by")
    template_name = "deals/evidence_answer.html"

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        return permissions.can_confirm_evidence(user=request.user, evidence=self.object)


class EvidenceConfirm(EvidenceAnswer):
    """It is so."""

    form_class = Form
    title, submit_label, success_message = _("Confirm"), _("Confirm"), _("Confirmed.")

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Evidence:
        """Confirm it."""
        return services.confirm_evidence(evidence_id=self.object.pk, actor=self.request.user, now=now)


class EvidenceDecline(EvidenceAnswer):
    """This does not show it."""

    form_class = ReasonForm
    title, submit_label, success_message = _("Do not confirm"), _("Do not confirm"), _("Sent back to the owner.")
    tone = "bad"

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Evidence:
        """Decline it."""
        return services.decline_evidence(evidence_id=self.object.pk, reason=data["reason"], actor=self.request.user, now=now)
