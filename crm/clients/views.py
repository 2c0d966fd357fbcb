"""The list of clients, a client's page, and the operations on it."""

import datetime as dt
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from crm.clients import permissions, selectors, services
from crm.clients.choices import STATUS_TRANSITIONS
from crm.clients.filters import ClientFilters, TierFilters
from crm.clients.finding import named
from crm.clients.forms import KycForm, StatusForm, TierForm, TransferForm
from crm.clients.models import Client
from crm.clients.tables import ClientTable
from crm.companies.choices import Ring
from crm.companies.selectors import history_of_company
from crm.companies.views.parts import (
    GROUP_ORDER,
    HISTORY_ORDER,
    NAMES_ORDER,
    PEOPLE_ORDER,
    SOURCES_ORDER,
    contributed_actions,
    contributed_tabs,
    in_order,
)
from crm.kernel.addresses import url_of
from crm.kernel.permission import ALLOWED, Permission, denied
from crm.web.filters import FilterSet
from crm.web.templatetags.ui import when
from crm.web.views import Action, DetailView, Empty, Fact, ListView, OperationView, RecordFragmentView, Tab, UpdateView


class ClientList(ListView):
    """The clients within the reader's reach; for finance, the lobby and branch heads all of them by name."""

    model = Client
    table_class = ClientTable
    filterset_class: type[FilterSet] | None = ClientFilters
    title = _("Clients")
    ordering = ("sort_key",)
    select_related = ("company", "owner")
    search_hint = _("Name, initials, stock code, number or phone")
    empty = Empty(_("No clients yet"), _("A prospect whose account is opened becomes a client."), icon="clients")

    def permission(self, request: HttpRequest) -> Permission:
        """Readers of clients."""
        return permissions.can_read_clients(user=request.user)

    def load(self) -> None:
        """The filters that this reader's sight allows."""
        seen = permissions.columns_seen(user=self.request.user)
        if seen != permissions.ALL_FIELDS:
            self.filterset_class = TierFilters if "tier" in seen else None

    def search(self, queryset: Any, q: str) -> Any:
        """By the company's names, code or phone."""
        return named(queryset, q, user=self.request.user)


class ClientDetail(DetailView):
    """A client's page: who they are, what is next, all that happened, the people."""

    model = Client
    select_related = ("company__group", "owner")
    template_name = "clients/client_detail.html"
    crumb = (_("Clients"), "clients:client_list")

    def permission(self, request: HttpRequest) -> Permission:
        """Readers of clients."""
        return permissions.can_read_clients(user=request.user)

    @cached_property
    def seen(self) -> frozenset[str]:
        """The groups of fields that the reader sees of this client."""
        return permissions.fields_seen(user=self.request.user, client=self.object)

    @property
    def is_whole(self) -> bool:
        """More than the name is seen."""
        return permissions.sight(user=self.request.user, client=self.object) in (Ring.FULL, Ring.MASKED)

    def facts(self) -> list[Fact]:
        """Since when, tier, KYC, last visit, next step, owner; for readers of the name what goes with it."""
        client, company = self.object, self.object.company
        if not self.is_whole:
            shown = {"number": Fact(_("Customer number"), client.number), "tier": Fact(_("Tier"), client.get_tier_display())}
            return [fact for field, fact in shown.items() if field in self.seen]
        step = selectors.next_step(user=self.request.user, client=client)
        return [
            Fact(_("Client since"), client.opened_on.year, client.number),
            Fact(_("Next KYC review"), when(client.kyc_due_on, due=True), client.get_kyc_risk_display()),
            Fact(_("Last visit"), when(company.last_met_at) or _("Never")),
            Fact(_("Last contact"), when(company.last_contact_at) or _("Never")),
            Fact(_("Next step"), step.title if step else _("Nothing is planned"), when(step.due_at, due=True) if step else ""),
            Fact(_("Looked after by"), client.owner.name if client.owner else _("Nobody")),
        ]

    def get_tabs(self) -> list[Tab]:
        """The parts of the company's page, what other features add, tier and KYC, the history of it all."""
        if not self.is_whole:
            return []
        client, user = self.object, self.request.user
        parts = [
            (0, "timeline", _("Timeline")),
            (PEOPLE_ORDER, "people", _("People")),
            (NAMES_ORDER, "names", _("Names and numbers")),
            (GROUP_ORDER, "members", _("Group")),
            (SOURCES_ORDER, "sources", _("Sources")),
        ]
        shared = [(order, Tab(slug, label, f"companies:company_{slug}", key=client.company_id)) for order, slug, label in parts]
        own = [
            (SOURCES_ORDER - 5, Tab("tiers", _("Tier"), "clients:client_tiers")),
            (HISTORY_ORDER, Tab("history", _("History"), "clients:client_history")),
        ]
        return in_order([*shared, *own, *contributed_tabs(user=user, company=client.company)])

    def actions(self) -> list[Action]:
        """What those who look after the client may do, and what other features offer."""
        if not self.is_whole:
            return []
        client, user = self.object, self.request.user
        offered = [
            (permissions.can_change_tier(user=user, client=client), _("Tier"), "clients:client_tier", "star"),
            (permissions.can_review_kyc(user=user, client=client), _("KYC review"), "clients:client_kyc", "check"),
            (self._can_move_on, _("Status"), "clients:client_status", "edit"),
            (permissions.can_transfer_client(user=user, client=client), _("Give to another manager"), "clients:client_transfer", "swap"),
        ]
        own = [Action(label, url_of(name, client.pk), icon, dialog=True) for allowed, label, name, icon in offered if allowed]
        return [*own, *contributed_actions("clients.client", user=user, record=client)]

    @property
    def _can_move_on(self) -> bool:
        onward = STATUS_TRANSITIONS[self.object.status]
        return bool(onward and permissions.can_change_status(user=self.request.user, client=self.object))


class ClientPart(RecordFragmentView):
    """A part of a client's page, for readers of more than the name."""

    model = Client
    select_related = ("company",)

    def permission(self, request: HttpRequest) -> Permission:
        """Not for readers of names."""
        if permissions.sight(user=request.user, client=self.object) in (Ring.FULL, Ring.MASKED):
            return ALLOWED
        return denied(_("Your post reads the names of clients only."))


class ClientTiers(ClientPart):
    """The client's tiers over time."""

    title = _("Tier")
    template_name = "clients/tiers.html"

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """The newest first."""
        return super().get_context_data(tiers=selectors.tiers_of(self.object), **context)


class ClientHistory(ClientPart):
    """Who changed what of the client, the company and its people."""

    title = _("History")
    template_name = "companies/history.html"

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """All of it in one order."""
        changes = selectors.history_of(self.object) + history_of_company(user=self.request.user, company=self.object.company)
        return super().get_context_data(changes=sorted(changes, key=lambda change: change.at, reverse=True), **context)


class ClientTier(UpdateView):
    """Set a tier by hand."""

    model = Client
    select_related = ("company",)
    form_class = TierForm
    title, success_message = _("Set the tier by hand"), _("Tier set.")
    of_the_act = frozenset({"reason"})

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        return permissions.can_change_tier(user=request.user, client=self.object)

    def get_initial(self) -> dict[str, Any]:
        """As it stands."""
        return {"tier": self.object.tier}

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Any:
        """Set it."""
        return services.change_tier(client_id=self.object.pk, version=self.seen, actor=self.request.user, now=now, **data)

    def get_success_url(self, result: Any) -> str:
        """The client."""
        return self.object.get_absolute_url()


class ClientKyc(UpdateView):
    """Record a know-your-customer review."""

    model = Client
    select_related = ("company",)
    form_class = KycForm
    title, success_message = _("Record a KYC review"), _("Review recorded.")
    of_the_act = frozenset({"reviewed_on"})

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        return permissions.can_review_kyc(user=request.user, client=self.object)

    def get_initial(self) -> dict[str, Any]:
        """The risk as it stands, today."""
        return {"risk": self.object.kyc_risk, "reviewed_on": timezone.localdate()}

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Client:
        """Record it."""
        return services.review_kyc(client_id=self.object.pk, version=self.seen, actor=self.request.user, now=now, **data)


class ClientTransfer(OperationView):
    """Give it to another manager."""

    model = Client
    select_related = ("company", "centre")
    form_class = TransferForm
    title, submit_label, success_message = _("Give to another manager"), _("Give to"), _("Given to the new manager.")

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        return permissions.can_transfer_client(user=request.user, client=self.object)

    def get_form_kwargs(self) -> dict[str, Any]:
        """Who may receive it."""
        return {"owners": selectors.receivers(self.request.user, self.object, now=timezone.now())}

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Client:
        """Give it."""
        told = {"owner_id": data["owner"].pk, "reason": data["reason"]}
        return services.transfer_client(client_id=self.object.pk, actor=self.request.user, now=now, **told)

    def get_success_url(self, result: Any) -> str:
        """The client."""
        return self.object.get_absolute_url()


class ClientStatusChange(OperationView):
    """Move the relationship on."""

    model = Client
    select_related = ("company",)
    form_class = StatusForm
    title, success_message = _("Change the status"), _("Status changed.")

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        return permissions.can_change_status(user=request.user, client=self.object)

    def get_form_kwargs(self) -> dict[str, Any]:
        """The states that lead on from here."""
        return {"current": self.object.status}

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Client:
        """Change it."""
        return services.change_status(client_id=self.object.pk, actor=self.request.user, now=now, **data)
