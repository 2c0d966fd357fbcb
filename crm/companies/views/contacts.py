"""The list of people, a person's page, and the operations on it."""

import datetime as dt
from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from crm.companies import permissions, selectors, services
from crm.companies.choices import Channel
from crm.companies.filters import ContactFilters
from crm.companies.forms import ConsentForm, ContactForm, LeftForm, OptOutForm
from crm.companies.models import Company, Contact
from crm.companies.rules import MASK
from crm.companies.tables import ContactTable
from crm.kernel.addresses import url_of
from crm.kernel.permission import Permission
from crm.web.templatetags.ui import when
from crm.web.views import Action, CreateView, Crumb, DetailView, Empty, Fact, ListView, OperationView, RecordFragmentView, Tab, UpdateView


class ContactList(ListView):
    """People of the companies within the reader's reach."""

    model = Contact
    table_class = ContactTable
    filterset_class = ContactFilters
    title = _("People")
    ordering = ("sort_key",)
    select_related = ("company",)
    reads = (
        *("name_en", "name_zh", "sort_key", "title", "role", "phone", "mobile", "email", "consent_basis", "opt_outs"),
        *("company__name_en", "company__name_zh"),
    )
    search_hint = _("Name, initials or phone")
    empty = Empty(_("Nobody yet"), _("Add people on the page of a client or prospect."), icon="people")

    def permission(self, request: HttpRequest) -> Permission:
        """Within coverage."""
        return permissions.can_read_contacts(user=request.user)

    def get_queryset(self) -> Any:
        """Each marked with whether the reader sees phones and addresses; in the order of the page, unless few are asked for."""
        user, few = self.request.user, bool(self.query) or any(self.request.GET.get(name) for name in ("left", "consent_basis"))
        rows = Contact.objects.visible_to(user) if few else Contact.objects.in_order_for(user)
        return rows.with_sight(user)

    def counted(self) -> Any:
        """By company."""
        return Contact.objects.parts_for(self.request.user)

    def search(self, queryset: Any, q: str) -> Any:
        """By name in either script or initials; by phone for those who read phones."""
        return queryset.named(q, user=self.request.user)


class ContactDetail(DetailView):
    """A person's page."""

    model = Contact
    select_related = ("company",)
    template_name = "companies/contact_detail.html"
    tabs = (
        Tab("known", _("What we know"), "companies:contact_known"),
        Tab("history", _("History"), "companies:contact_history"),
    )

    def permission(self, request: HttpRequest) -> Permission:
        """Within coverage."""
        return permissions.can_read_contacts(user=request.user)

    def crumbs(self) -> list[Crumb]:
        """By way of the company."""
        company = self.object.company
        return [Crumb(_("People"), url_of("companies:contact_list")), Crumb(company.name, company.get_absolute_url())]

    def actions(self) -> list[Action]:
        """What those who look after the company may do."""
        person = self.object
        if not permissions.can_change_contact(user=self.request.user, contact=person):
            return []
        offered = [
            (_("Consent"), "companies:contact_consent", "check", True),
            (_("Does not want"), "companies:contact_opt_out", "x", True),
            (_("Change"), "companies:contact_update", "edit", False),
        ]
        if person.left_on is None:
            offered.insert(0, (_("Has left"), "companies:contact_left", "sign-out", True))
        return [Action(label, url_of(url_name, person.pk), icon, dialog=dialog) for label, url_name, icon, dialog in offered]


class ContactPart(RecordFragmentView):
    """A part of a person's page."""

    model = Contact
    select_related = ("company",)

    def permission(self, request: HttpRequest) -> Permission:
        """Within coverage."""
        return permissions.can_read_contacts(user=request.user)

    @cached_property
    def shows_data(self) -> bool:
        """The reader sees phones, addresses and birthday."""
        return permissions.sees_contact_data(user=self.request.user, contact=self.object)


class ContactKnown(ContactPart):
    """Position, ways of reaching the person and whether they may be used, consent."""

    title = _("What we know")
    template_name = "companies/contact_known.html"

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Facts, and each way of reaching the person with what stands against it."""
        person = self.object
        facts = [
            Fact(_("Position"), person.title),
            Fact(_("Role"), person.get_role_display()),
            Fact(_("Consent"), person.get_consent_basis_display()),
            Fact(_("Consent given on"), when(person.consent_on)),
            Fact(_("Data may cross the border"), _("Yes") if person.cross_border_ok else _("No")),
            Fact(_("Birthday"), self._data(person.birthday)),
            Fact(_("Note"), self._data(person.note)),
            Fact(_("Left the company"), when(person.left_on)),
        ]
        ways = [
            (Channel.PHONE, _("Phone"), person.phone, "tel:"),
            (Channel.PHONE, _("Mobile"), person.mobile, "tel:"),
            (Channel.EMAIL, _("E-mail"), person.email, "mailto:"),
        ]
        return super().get_context_data(
            facts=[fact for fact in facts if fact.value],
            ways=[self._way(*way) for way in ways if way[2]],
            refused=[label for channel, label in Channel.choices if person.refuses(channel)],
            **context,
        )

    def _data(self, value: Any) -> Any:
        return value if self.shows_data or not value else MASK

    def _way(self, channel: Channel, label: Any, value: str, scheme: str) -> dict[str, Any]:
        allowed = permissions.can_reach(contact=self.object, channel=channel)
        link = f"{scheme}{value.replace(' ', '')}" if allowed and self.shows_data else ""
        return {"label": label, "value": self._data(value), "link": link, "reason": allowed.reason}


class ContactHistory(ContactPart):
    """Who changed what of the person."""

    title = _("History")
    template_name = "companies/history.html"

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Without contact data where those are masked."""
        return super().get_context_data(changes=selectors.history_of_contact(self.object, shows_data=self.shows_data), **context)


class ContactCreate(CreateView):
    """Add a person to the company that the address names."""

    form_class = ContactForm
    title, success_message = _("Add a person"), _("Person added.")

    company: Company

    def load(self) -> None:
        """The company, among those that the reader may see."""
        self.company = get_object_or_404(Company.objects.visible_to(self.request.user), pk=self.kwargs["pk"])

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        return permissions.can_add_contact(user=request.user, company=self.company)

    def get_back_url(self) -> str:
        """The company, unless `next` says otherwise."""
        back = super().get_back_url()
        return self.company.get_absolute_url() if back == "/" else back

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Contact:
        """Add them."""
        return services.add_contact(company_id=self.company.pk, facts=data, actor=self.request.user, now=now)


class ContactOperation(OperationView):
    """An operation on one person."""

    model = Contact
    select_related = ("company",)

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        return permissions.can_change_contact(user=request.user, contact=self.object)


class ContactUpdate(ContactOperation, UpdateView):
    """Change what we know of a person."""

    form_class = ContactForm
    title, success_message = _("Change what we know"), _("Person changed.")

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Contact:
        """Change it."""
        return services.change_contact(contact_id=self.object.pk, version=self.version, changes=data, actor=self.request.user, now=now)


class ContactConsent(ContactOperation, UpdateView):
    """Record consent, or that it is withdrawn."""

    form_class = ConsentForm
    title, success_message = _("Consent"), _("Consent recorded.")

    def get_initial(self) -> dict[str, Any]:
        """As it stands."""
        return {"basis": self.object.consent_basis, "on": self.object.consent_on}

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Contact:
        """Record it."""
        return services.record_consent(contact_id=self.object.pk, version=self.seen, actor=self.request.user, now=now, **data)


class ContactOptOut(ContactOperation, UpdateView):
    """Record the ways in which a person does not want to be reached."""

    form_class = OptOutForm
    title, success_message = _("Does not want to be reached by"), _("Recorded. It holds everywhere from now on.")

    def get_initial(self) -> dict[str, Any]:
        """As it stands."""
        return {"channels": self.object.opt_outs}

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Contact:
        """Record them."""
        return services.state_opt_outs(contact_id=self.object.pk, version=self.version, actor=self.request.user, now=now, **data)


class ContactLeft(ContactOperation):
    """The person has left the company."""

    form_class = LeftForm
    title, submit_label, success_message = _("Has left the company"), _("Record"), _("Recorded.")

    def get_initial(self) -> dict[str, Any]:
        """Today."""
        return {"on": timezone.localdate()}

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Contact:
        """Record it."""
        return services.contact_left(contact_id=self.object.pk, on=data["on"], actor=self.request.user, now=now)
