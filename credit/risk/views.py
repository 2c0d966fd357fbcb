"""The list of classes, one with its movements, and the steps that move it."""

import datetime as dt
from functools import cached_property
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from credit.risk import forms, permissions, selectors, services
from credit.risk.choices import LoanClass
from credit.risk.filters import StandingFilters
from credit.risk.models import Proposal, Standing
from credit.risk.tables import StandingTable
from crm.clients.models import Client
from crm.companies.models import Company
from crm.kernel.addresses import url_of
from crm.kernel.permission import ALLOWED, Permission
from crm.web.forms import NoFields
from crm.web.templatetags.ui import chip, when
from crm.web.views import Action, Crumb, DetailView, Empty, Fact, ListView, OperationView, RecordFragmentView, UpdateView

RELATED = ("client__company", "client__owner", "client__team", "client__centre")


class StandingList(ListView):
    """`/credit/risk/`: the worst first."""

    model = Standing
    table_class = StandingTable
    filterset_class = StandingFilters
    title = _("Risk classes")
    ordering = ("-risk_class", "client_id")
    select_related = RELATED
    search_hint = _("Company, stock code or number")
    empty = Empty(_("No debt is classed yet"), _("Clients stand here from their first drawdown on."), icon="warn")

    def permission(self, request: HttpRequest) -> Permission:
        """Whoever reads classes."""
        return permissions.can_read_risk(user=request.user)

    def search(self, queryset: Any, q: str) -> Any:
        """By the company."""
        return queryset.filter(client__company__in=Company.objects.visible_to(self.request.user).named(q))


class StandingDetail(DetailView):
    """`/credit/risk/<id>/`: where a debt stands, what is proposed, and how it moved."""

    model = Standing
    select_related = RELATED
    template_name = "risk/standing_detail.html"

    def permission(self, request: HttpRequest) -> Permission:
        """Whoever sees it."""
        return ALLOWED

    @cached_property
    def pending(self) -> Proposal | None:
        """The open proposal."""
        return selectors.pending_of(self.object)

    def facts(self) -> list[Fact]:
        """The class in all its words."""
        one = self.object
        return [
            Fact(_("Risk class"), chip(one.risk_class, selectors.TONES[one.risk_class])),
            Fact(_("Loan class"), chip(one.get_loan_class_display(), selectors.CLASS_TONES[one.loan_class])),
            Fact(pgettext_lazy("risk class", "Grade"), one.grade or "—"),
            Fact(_("Days overdue"), one.days_overdue, when(one.days_on) if one.days_on else ""),
            Fact(_("Since"), when(one.since_on)),
        ]

    def crumbs(self) -> list[Crumb]:
        """The list."""
        return [Crumb(_("Risk classes"), url_of("risk:standing_list"))]

    def actions(self) -> list[Action]:
        """What this reader may do, each with the reason why not."""
        user, one, open_ = self.request.user, self.object, self.pending
        propose = permissions.can_propose(user=user, standing=one, pending=open_)
        lower = permissions.can_downgrade(user=user, standing=one)
        found = []
        if open_ is not None:
            found = [
                self._step("review", _("Reviewed"), permissions.can_review(user=user, proposal=open_)),
                self._step("set_class", _("Set the class"), permissions.can_set(user=user, proposal=open_)),
                self._step("refuse", _("Refuse"), permissions.can_refuse(user=user, proposal=open_), "x"),
                self._step("withdraw", _("Take it back"), permissions.can_withdraw(user=user, proposal=open_), "undo"),
            ]
        elif one.client.owner_id == user.pk:
            found.append(
                Action(_("Propose a class"), url_of("risk:propose", one.pk), "edit", primary=True, refusal=propose.reason, dialog=True)
            )
        found = [action for action in found if not action.refusal]
        if lower:
            found.append(Action(_("Lower it at once"), url_of("risk:downgrade", one.pk), "warn", dialog=True))
        return found

    def _step(self, name: str, label: Any, allowed: Permission, icon: str = "check") -> Action:
        url = url_of(f"risk:{name}", self.pending.pk if self.pending else 0)
        return Action(label, url, icon, primary=icon == "check", refusal=allowed.reason, dialog=True)

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """With movements and the proposal."""
        rows = [(row, selectors.TONES[row.new_risk_class]) for row in selectors.movements_of(self.object)]
        return super().get_context_data(pending=self.pending, movements=rows, watch=watch_labels(self.object), **context)


def watch_labels(standing: Standing) -> list[Any]:
    """Why it is watched, in words."""
    return [selectors.Watch(code).label for code in standing.watch]


class CompanyRisk(RecordFragmentView):
    """Where a company's debt stands, as a panel of its page."""

    model = Company
    template_name = "risk/company_risk.html"

    def permission(self, request: HttpRequest) -> Permission:
        """Whoever reads classes at all; which ones is for the rows."""
        return permissions.can_read_risk(user=request.user)

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Each with its tones; and whether this reader begins one."""
        user = self.request.user
        client = Client.objects.visible_to(user).filter(company=self.object).select_related("centre", "team").first()
        rows = selectors.standings_of_company(self.object, user=user)
        may_begin = client is not None and bool(permissions.can_begin(user=user, client=client))
        shown = [(row, selectors.TONES[row.risk_class], selectors.CLASS_TONES[row.loan_class], watch_labels(row)) for row in rows]
        return super().get_context_data(rows=shown, client=client, may_begin=may_begin, **context)


class Begin(OperationView):
    """A client's debt is classed from now on."""

    model = Client
    select_related = ("company", "centre", "team")
    form_class = forms.BeginForm
    title = _("Class this debt")
    success_message = _("It is classed from now on.")

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        return permissions.can_begin(user=request.user, client=self.object)

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Standing:
        """Begin."""
        return services.begin(client_id=self.object.pk, facility=data["facility"], actor=self.request.user, now=now)


class AboutStanding(OperationView):
    """A step of one class."""

    model = Standing
    select_related = RELATED

    def get_initial(self) -> dict[str, Any]:
        """As it stands."""
        return {"loan_class": self.object.loan_class, "grade": self.object.grade} | super().get_initial()

    def get_success_url(self, result: Any) -> str:
        """Its page."""
        return self.object.get_absolute_url()


class Propose(AboutStanding):
    """The manager proposes."""

    form_class = forms.ProposeForm
    title = _("Propose a class")
    submit_label = _("Propose it")
    success_message = _("It waits for the head.")

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        return permissions.can_propose(user=request.user, standing=self.object, pending=selectors.pending_of(self.object))

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Any:
        """Propose it."""
        return services.propose(standing_id=self.object.pk, actor=self.request.user, now=now, **data)


class Downgrade(AboutStanding, UpdateView):
    """Evidence lowers it at once."""

    form_class = forms.DowngradeForm
    title = _("Lower the class at once")
    submit_label = _("Lower it")
    success_message = _("Lowered. The manager, the head and credit are told.")
    of_the_act = frozenset({"loan_class", "evidence"})
    tone = "bad"

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        return permissions.can_downgrade(user=request.user, standing=self.object)

    def get_initial(self) -> dict[str, Any]:
        """One worse."""
        return super().get_initial() | {"loan_class": min(self.object.loan_class + 1, LoanClass.LOSS)}

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Any:
        """Lower it."""
        return services.downgrade(standing_id=self.object.pk, version=self.seen, actor=self.request.user, now=now, **data)


class AboutProposal(OperationView):
    """A step of one proposal."""

    model = Proposal
    select_related = ("proposed_by", "reviewed_by", *(f"standing__{name}" for name in RELATED))
    template_name = "risk/proposal_form.html"
    form_class: Any = forms.NoteForm

    @property
    def call(self) -> dict[str, Any]:
        """What every service takes."""
        return {"proposal_id": self.object.pk, "actor": self.request.user}

    def get_success_url(self, result: Any) -> str:
        """The class."""
        return self.object.get_absolute_url()


class Review(AboutProposal):
    """The head."""

    title = _("Review this class")
    submit_label = _("Reviewed")
    success_message = _("It waits for credit.")

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        return permissions.can_review(user=request.user, proposal=self.object)

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Any:
        """Pass it on."""
        return services.review(now=now, **self.call, **data)


class SetClass(AboutProposal):
    """Credit sets it."""

    title = _("Set this class")
    submit_label = _("Set it")
    success_message = _("The class is set.")

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        return permissions.can_set(user=request.user, proposal=self.object)

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Any:
        """Set it."""
        return services.set_class(now=now, **self.call, **data)


class Refuse(AboutProposal):
    """The head or credit says no."""

    form_class = forms.RefusalForm
    title = _("Refuse this class")
    submit_label = _("Refuse")
    success_message = _("Refused. The manager is told.")
    tone = "bad"

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        return permissions.can_refuse(user=request.user, proposal=self.object)

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Any:
        """Refuse it."""
        return services.refuse(now=now, **self.call, **data)


class Withdraw(AboutProposal):
    """The manager takes it back."""

    form_class = NoFields
    title = _("Take this proposal back?")
    submit_label = _("Take it back")
    success_message = _("Taken back.")

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        return permissions.can_withdraw(user=request.user, proposal=self.object)

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Any:
        """Take it back."""
        return services.withdraw(now=now, **self.call)
