"""The bank's figures: tables, the course of each, and changes that one person proposes and another decides."""

from collections.abc import Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.kernel.addresses import url_of
from crm.kernel.contributions import PolicyTable, of
from crm.kernel.errors import DomainError
from crm.kernel.permission import Permission
from crm.policy import permissions, selectors, services
from crm.policy.choices import ChangeState, Jurisdiction, Unit
from crm.policy.forms import FiguresForm, OwnFigureForm, RefusalForm, jurisdiction_of
from crm.policy.models import FigureChange
from crm.policy.querysets import people_below
from crm.policy.tables import TONES, ChangeTable
from crm.web.filters import ChoiceFilter, FilterSet
from crm.web.forms import NoFields
from crm.web.views import Action, Crumb, DetailView, Empty, FormPage, ListView, OperationView, Page

TIMES = {
    "now": ("jade", pgettext_lazy("figure", "now")),
    "coming": ("indigo", pgettext_lazy("figure", "to come")),
    "past": ("mute", pgettext_lazy("figure", "past")),
}


def _own_jurisdiction(user: Any) -> str:
    centre = user.actor.centre
    return centre.jurisdiction if centre is not None else Jurisdiction.HK.value


def _changes_action(user: Any) -> list[Action]:
    waiting = Action(_("Changes"), url_of("policy:change_list"), "check")
    return [waiting] if permissions.can_read_changes(user=user) else []


class TableList(Page):
    """All tables by heading with the figures of today, as far as the reader may see them."""

    title = _("Policies")
    template_name = "policy/tables.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Those of one jurisdiction, by default the reader's own."""
        user, words = self.request.user, request.GET.get("q", "").strip()[:100]
        jurisdiction = jurisdiction_of(request.GET.get("jurisdiction", "")) or _own_jurisdiction(user)
        headings = selectors.overview(user=user, jurisdiction=jurisdiction, on=timezone.localdate(), words=words)
        tabs = [
            {"label": place.label, "url": f"?jurisdiction={place.value}", "current": place.value == jurisdiction}
            for place in Jurisdiction
            if place.value
        ]
        context = self.get_context_data(headings=headings, tabs=tabs, words=words, jurisdiction=jurisdiction, actions=_changes_action(user))
        return self.render(self.template_name, context)


class TablePage(Page):
    """A page about the table that the address names; hidden and missing are the same 404."""

    policy: PolicyTable

    def load(self) -> None:
        """Find it among those of which the reader sees a figure."""
        found = selectors.policy_of(self.request.user, self.kwargs["table"])
        if found is None:
            raise Http404
        self.policy = found

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """With the way to the page."""
        crumbs = [Crumb(_("Policies"), url_of("policy:table_list"))]
        return super().get_context_data(policy=self.policy, crumbs=crumbs, **context)


class TableDetail(TablePage):
    """One table: its figures in the past, now and to come, who set and approved them, and what is proposed."""

    template_name = "policy/table.html"

    def get_title(self) -> Any:
        """What the table is called."""
        return self.policy.label

    def actions(self) -> list[Action]:
        """Propose for everybody, or for one person."""
        user, name = self.request.user, self.policy.name
        own = permissions.can_propose_for_somebody(user=user, policy=self.policy)
        general = permissions.can_propose(user=user, policy=self.policy)
        found = []
        if own:
            found.append(Action(_("For one person"), reverse("policy:own_create", args=[name]), "people"))
        if general or not own:
            found.append(
                Action(_("Propose a change"), reverse("policy:change_create", args=[name]), "edit", primary=True, refusal=general.reason)
            )
        return found

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """All rows that the reader may see."""
        user, today = self.request.user, timezone.localdate()
        rows = [(row, *TIMES[row.time]) for row in selectors.course(policy=self.policy, user=user, on=today)]
        waiting = FigureChange.objects.visible_to(user).waiting().filter(table=self.policy.name).select_related("person", "proposed_by")
        unit = Unit(self.policy.unit).label
        context = self.get_context_data(rows=rows, unit=unit, waiting=waiting.order_by("pk"), actions=self.actions())
        return self.render(self.template_name, context)


class ProposePage(TablePage, FormPage):
    """A form that ends in a proposal."""

    submit_label = _("Propose")
    success_message = _("Proposed. Another person decides.")

    def get_back_url(self) -> str:
        """The table."""
        return reverse("policy:table_detail", args=[self.policy.name])

    def make_form(self, data: Any = None, files: Any = None) -> Any:
        """Kept, so that a refusal finds its field."""
        self.form: Any = super().make_form(data, files)
        return self.form

    def perform(self, *, data: dict[str, Any], now: Any) -> FigureChange:
        """Propose; what is wrong with a key's value stands beside its field."""
        try:
            return services.propose_change(actor=self.request.user, now=now, proposal=self.form.proposal())
        except DomainError as error:
            error.fields = {name: sentence for key, sentence in error.fields.items() for name in self.form.fields_of(key)}
            raise


class ChangeCreate(ProposePage):
    """Propose other figures for everybody, several of one table in one go."""

    template_name = "policy/propose.html"
    form_class = FiguresForm

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        return permissions.can_propose(user=request.user, policy=self.policy)

    def get_title(self) -> Any:
        """What is done."""
        return _("Propose: %(table)s") % {"table": self.policy.label}

    @property
    def jurisdiction(self) -> str:
        """Where the figures are to hold, as the address says."""
        return jurisdiction_of(self.request.GET.get("jurisdiction", ""))

    def get_form_kwargs(self) -> dict[str, Any]:
        """The table as it stands today."""
        return {"policy": self.policy, "today": timezone.localdate(), "jurisdiction": self.jurisdiction}

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """The jurisdictions to choose from."""
        places = [
            {"label": place.label, "url": f"?jurisdiction={place.value}", "current": place.value == self.jurisdiction}
            for place in Jurisdiction
        ]
        return super().get_context_data(places=places, **context)


class OwnCreate(ProposePage):
    """Propose a figure of one person's own."""

    form_class = OwnFigureForm

    def permission(self, request: HttpRequest) -> Permission:
        """Whether the reader heads anybody, and the table knows such figures."""
        return permissions.can_propose_for_somebody(user=request.user, policy=self.policy)

    def get_title(self) -> Any:
        """What is done."""
        return _("For one person: %(table)s") % {"table": self.policy.label}

    def get_form_kwargs(self) -> dict[str, Any]:
        """The table, and the people whom the reader heads."""
        return {"policy": self.policy, "today": timezone.localdate(), "people": people_below(self.request.user)}


class ChangeFilters(FilterSet):
    """Narrow the changes."""

    state = ChoiceFilter(label=_("State"), choices=ChangeState.choices)
    table = ChoiceFilter(label=_("Table"), choices=[(policy.name, policy.label) for policy in of(PolicyTable)])

    class Meta:
        model = FigureChange
        fields: list[str] = []


class ChangeList(ListView):
    """Changes of figures, the newest first."""

    model = FigureChange
    title = _("Changes of figures")
    table_class = ChangeTable
    filterset_class = ChangeFilters
    ordering = ("-created_at",)
    select_related = ("person", "proposed_by")
    empty = Empty(_("No change is proposed"), _("A change begins at its table."), "policy:table_list", _("Policies"))

    def permission(self, request: HttpRequest) -> Permission:
        """Heads, compliance and audit."""
        return permissions.can_read_changes(user=request.user)


class ChangeDetail(DetailView):
    """A proposed change: what stands and what is proposed, what it would have meant, and the buttons of the second person."""

    model = FigureChange
    template_name = "policy/change.html"
    crumb = (_("Changes of figures"), "policy:change_list")
    select_related = ("person", "proposed_by", "decided_by")

    def get_title(self) -> Any:
        """What its table is called."""
        policy = selectors.contributed(self.object.table)
        return policy.label if policy else self.object.table

    def actions(self) -> Sequence[Action]:
        """Refuse or approve; the proposer withdraws."""
        user, change = self.request.user, self.object
        if change.proposed_by_id == user.pk and change.state == ChangeState.PROPOSED:
            return [Action(_("Withdraw"), url_of("policy:change_withdraw", change.pk), dialog=True)]
        may = permissions.can_decide(user=user, change=change)
        return [
            Action(_("Refuse"), url_of("policy:change_refuse", change.pk), dialog=True, refusal=may.reason),
            Action(_("Approve"), url_of("policy:change_approve", change.pk), dialog=True, primary=True, refusal=may.reason),
        ]

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Both values of each figure, and the simulation as long as it waits."""
        today = timezone.localdate()
        waits = self.object.state == ChangeState.PROPOSED
        policy = selectors.contributed(self.object.table)
        return super().get_context_data(
            in_words=policy is not None and policy.unit == Unit.WORDS,
            differences=selectors.differences(self.object),
            simulation=selectors.simulation(self.object, on=today) if waits else [],
            tone=TONES[self.object.state],
            is_late=waits and self.object.effective_from < today,
            **context,
        )


class ChangeApprove(OperationView):
    """Approve a change."""

    model = FigureChange
    select_related = ("person",)
    form_class: Any = NoFields
    title = _("Approve this change?")
    submit_label = _("Approve")
    success_message = _("Approved. The new figures hold from their day on.")

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        return permissions.can_decide(user=request.user, change=self.object)

    def perform(self, *, data: dict[str, Any], now: Any) -> FigureChange:
        """Approve."""
        return services.approve_change(change_id=self.object.pk, actor=self.request.user, now=now)


class ChangeRefuse(ChangeApprove):
    """Refuse a change, with the reason."""

    form_class = RefusalForm
    title = _("Refuse this change?")
    submit_label = _("Refuse")
    success_message = _("Refused.")
    tone = "bad"

    def perform(self, *, data: dict[str, Any], now: Any) -> FigureChange:
        """Refuse."""
        return services.refuse_change(change_id=self.object.pk, actor=self.request.user, now=now, reason=data["reason"])


class ChangeWithdraw(ChangeApprove):
    """Take one's own proposal back."""

    title = _("Withdraw this change?")
    submit_label = _("Withdraw")
    success_message = _("Withdrawn.")
    tone = "bad"

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        return permissions.can_withdraw(user=request.user, change=self.object)

    def perform(self, *, data: dict[str, Any], now: Any) -> FigureChange:
        """Withdraw."""
        return services.withdraw_change(change_id=self.object.pk, actor=self.request.user, now=now)
