"""The list of companies, a company's page, and the operations on it."""

import datetime as dt
from collections.abc import Callable
from typing import Any, ClassVar

from django.http import Http404, HttpRequest
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from crm.companies import permissions, selectors, services
from crm.companies.choices import IdentifierKind, Ring
from crm.companies.filters import CompanyFilters
from crm.companies.forms import (
    GROUPS_OFFERED,
    AddressForm,
    CompanyFactsForm,
    CompanyForm,
    GroupChoiceForm,
    IdentifierForm,
    NameForm,
    RemovalForm,
    stated_facts,
)
from crm.companies.models import Company, CompanyGroup
from crm.companies.rules import GroupLink, NewAddress, NewIdentifier
from crm.companies.tables import CompanyTable
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
from crm.kernel.errors import RuleBroken, Sentence
from crm.kernel.permission import Permission
from crm.web.filters import FilterSet
from crm.web.templatetags.ui import when
from crm.web.views import Action, CreateView, DetailView, Empty, Fact, OperationView, RankedListView, Tab, UpdateView


class CompanyList(RankedListView):
    """All companies that we know of, with their directory facts."""

    model = Company
    table_class = CompanyTable
    filterset_class: type[FilterSet] | None = CompanyFilters
    prefetch_related = ("identifiers",)
    title = _("Companies")
    ordering = ("sort_key",)
    search_hint = _("Name, initials, stock code or phone")
    empty = Empty(_("No companies yet"), _("Load a directory, or add one by hand."), icon="building")

    def permission(self, request: HttpRequest) -> Permission:
        """All but administrators."""
        return permissions.can_read_companies(user=request.user)

    def load(self) -> None:
        """Readers of names get no filters by facts."""
        if permissions.directory_sight(user=self.request.user) != Ring.FULL:
            self.filterset_class = None

    def search(self, queryset: Any, q: str) -> Any:
        """By name in either script, initials, code or phone."""
        return queryset.named(q)

    def ranking(self, q: str) -> Any:
        """By the keys of the same."""
        return selectors.ranked_companies(user=self.request.user, query=q)

    def actions(self) -> list[Action]:
        """Add one, for the business side."""
        if not permissions.can_register_company(user=self.request.user):
            return []
        return [Action(_("Add a company"), url_of("companies:company_create"), "plus")]


class CompanyDetail(DetailView):
    """A company's page: what the directories say, and to those who look after it all that happened."""

    model = Company
    select_related = ("group",)
    template_name = "companies/company_detail.html"
    crumb = (_("Companies"), "companies:company_list")

    def permission(self, request: HttpRequest) -> Permission:
        """All but administrators, to whom it is hidden anyway."""
        return permissions.can_read_companies(user=request.user)

    @cached_property
    def ring(self) -> Ring | None:
        """How much of it the reader sees."""
        return permissions.sight(user=self.request.user, company=self.object)

    @cached_property
    def is_ours(self) -> bool:
        """It is looked after within the reader's reach."""
        return permissions.within_reach(user=self.request.user, company=self.object)

    def facts(self) -> list[Fact]:
        """The strip: code, sector, place, listing, phone."""
        if self.ring != Ring.FULL:
            return []
        company = self.object
        shown = [
            Fact(_("Stock code"), company.codes),
            Fact(_("Sector"), company.sector_name, company.industry),
            Fact(_("City"), company.city, company.country),
            Fact(_("Listed"), when(company.listed_on)),
            Fact(_("Phone"), company.phone),
            Fact(_("Website"), company.website),
        ]
        return [fact for fact in shown if fact.value]

    def get_tabs(self) -> list[Tab]:
        """Timeline, people and history for those who look after it; names and sources for all readers of facts."""
        if self.ring != Ring.FULL:
            return []
        company, user = self.object, self.request.user
        tabs = [
            (NAMES_ORDER, Tab("names", _("Names and numbers"), "companies:company_names")),
            (SOURCES_ORDER, Tab("sources", _("Sources"), "companies:company_sources")),
        ]
        if self.is_ours:
            tabs += [
                (0, Tab("timeline", _("Timeline"), "companies:company_timeline")),
                (PEOPLE_ORDER, Tab("people", _("People"), "companies:company_people")),
                (GROUP_ORDER, Tab("group", _("Group"), "companies:company_members")),
                (HISTORY_ORDER, Tab("history", _("History"), "companies:company_history")),
                *contributed_tabs(user=user, company=company),
            ]
        return in_order(tabs)

    def actions(self) -> list[Action]:
        """Correct it, and what other features offer."""
        company, user = self.object, self.request.user
        own = []
        if permissions.can_correct_company(user=user, company=company):
            own.append(Action(_("Change"), url_of("companies:company_update", company.pk), "edit"))
        return [*own, *contributed_actions("companies.company", user=user, record=company)]


class CompanyCreate(CreateView):
    """Make a company known, without pursuing it."""

    form_class = CompanyForm
    template_name = "companies/company_form.html"
    title = _("Add a company")
    success_message = _("Company added.")

    def permission(self, request: HttpRequest) -> Permission:
        """The business side."""
        return permissions.can_register_company(user=request.user)

    def get_back_url(self) -> str:
        """The list, unless `next` says otherwise."""
        back = super().get_back_url()
        return url_of("companies:company_list") if back == "/" else back

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Company:
        """Register it."""
        because = data["not_same_because"]
        return services.register_company(actor=self.request.user, now=now, facts=stated_facts(data), not_same_because=because)


class CompanyOperation(OperationView):
    """An operation on one company, for those who may correct it."""

    model = Company

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        return permissions.can_correct_company(user=request.user, company=self.object)

    def get_success_url(self, result: Any) -> str:
        """The company's names and numbers."""
        return f"{self.object.get_absolute_url()}?tab=names"


class CompanyUpdate(CompanyOperation, UpdateView):
    """Correct a company's facts."""

    form_class = CompanyFactsForm
    title = _("Change the company’s facts")
    success_message = _("Facts changed.")

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Company:
        """Correct them."""
        return services.correct_company(company_id=self.object.pk, version=self.version, changes=data, actor=self.request.user, now=now)


class NameCreate(CompanyOperation):
    """Add a name."""

    form_class = NameForm
    title, submit_label, success_message = _("Add a name"), _("Add"), _("Name added.")

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Company:
        """Add it."""
        return services.add_name(company_id=self.object.pk, actor=self.request.user, now=now, **data)


class PartRemove(CompanyOperation):
    """Take away what was wrong: a row of the company's `part`, which the address names."""

    form_class = RemovalForm
    submit_label = _("Remove")
    tone = "bad"
    part: ClassVar[str]
    service: ClassVar[Callable[..., Company]]
    asks: ClassVar[Sentence]

    def load(self) -> None:
        """The company, and the row among its own."""
        super().load()
        self.row = getattr(self.object, self.part).filter(pk=self.kwargs["part_id"]).first()
        if self.row is None:
            raise Http404

    def get_title(self) -> Sentence:
        """Which one."""
        return self.asks % {"what": self.row}

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Company:
        """Remove it."""
        return type(self).service(company_id=self.object.pk, part_id=self.row.pk, actor=self.request.user, now=now, **data)


class NameRemove(PartRemove):
    """A wrong name."""

    part, service = "names", staticmethod(services.remove_name)
    asks, success_message = _("Remove the name %(what)s"), _("Name removed.")


class IdentifierRemove(PartRemove):
    """A wrong number."""

    part, service = "identifiers", staticmethod(services.remove_identifier)
    asks, success_message = _("Remove the number %(what)s"), _("Number removed.")


class AddressRemove(PartRemove):
    """A wrong address."""

    part, service = "addresses", staticmethod(services.remove_address)
    asks, success_message = _("Remove the address %(what)s"), _("Address removed.")


class IdentifierCreate(CompanyOperation):
    """Add a number."""

    form_class = IdentifierForm
    title, submit_label, success_message = _("Add a number"), _("Add"), _("Number added.")

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Any:
        """Add it. The customer number is given by the bank, never typed."""
        if data["kind"] == IdentifierKind.CUSTOMER:
            raise RuleBroken(_("Customer numbers are given when the client is opened."))
        identifier = NewIdentifier(**data)
        return services.add_identifier(company_id=self.object.pk, identifier=identifier, actor=self.request.user, now=now)


class AddressCreate(CompanyOperation):
    """Add an address."""

    form_class = AddressForm
    title, submit_label, success_message = _("Add an address"), _("Add"), _("Address added.")

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Any:
        """Add it."""
        return services.add_address(company_id=self.object.pk, address=NewAddress(**data), actor=self.request.user, now=now)


class CompanyGroupChoice(UpdateView):
    """Put a company into a group that is there or a new one, or take it out."""

    model = Company
    form_class = GroupChoiceForm
    title, success_message = _("The company’s group"), _("Group changed.")

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        return permissions.can_group_company(user=request.user, company=self.object)

    def get_initial(self) -> dict[str, Any]:
        """The group that it is in."""
        company = self.object
        return {"group": company.group_id, "basis": company.group_basis, "share": company.group_share, "note": company.group_note}

    def get_form_kwargs(self) -> dict[str, Any]:
        """The groups that the reader sees."""
        seen = CompanyGroup.objects.visible_to(self.request.user).order_by("name_en", "name_zh").values("pk")[:GROUPS_OFFERED]
        return {"groups": CompanyGroup.objects.visible_to(self.request.user).filter(pk__in=list(seen.values_list("pk", flat=True)))}

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Any:
        """A new group where one is named, else the chosen one or none."""
        link = GroupLink(data["basis"], data["share"], data["note"])
        asked = {"company_id": self.object.pk, "link": link, "version": self.seen, "actor": self.request.user, "now": now}
        if data["name_en"] or data["name_zh"]:
            return services.form_group(name_en=data["name_en"], name_zh=data["name_zh"], **asked)
        return services.put_in_group(group_id=data["group"].pk if data["group"] else None, **asked)

    def get_success_url(self, result: Any) -> str:
        """The company's group."""
        return f"{self.object.get_absolute_url()}?tab=group"
