"""The directory of contacts that is independent of any paper."""

import datetime as dt
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from credit.verifications import permissions, services
from credit.verifications.filters import ContactFilters
from credit.verifications.forms import ContactForm
from credit.verifications.models import DirectoryContact
from credit.verifications.tables import ContactTable
from crm.kernel.addresses import url_of
from crm.kernel.permission import Permission
from crm.web.views import Action, CreateView, Empty, ListView, UpdateView


class ContactList(ListView):
    """`/credit/verifications/directory/`."""

    model = DirectoryContact
    table_class = ContactTable
    filterset_class = ContactFilters
    title = _("Directory of contacts")
    ordering = ("name",)
    empty = Empty(_("The directory is empty"), _("Carriers and registers stand here, found independently of any paper."), icon="people")

    def permission(self, request: HttpRequest) -> Permission:
        """Whoever keeps it or oversees."""
        return permissions.can_read_directory(user=request.user)

    def actions(self) -> list[Action]:
        """A new one."""
        if not permissions.can_keep_directory(user=self.request.user):
            return []
        return [Action(_("New contact"), url_of("verifications:contact_create"), "plus", primary=True)]


class ContactCreate(CreateView):
    """Add a contact."""

    form_class = ContactForm
    title = _("New contact of the directory")
    success_message = _("It stands in the directory.")

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        return permissions.can_keep_directory(user=request.user)

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> DirectoryContact:
        """Add it."""
        return services.keep_contact(actor=self.request.user, now=now, **data)

    def get_success_url(self, result: Any) -> str:
        """The directory."""
        return url_of("verifications:contact_list")


class ContactUpdate(UpdateView):
    """Change a contact."""

    model = DirectoryContact
    form_class = ContactForm
    title = _("Change this contact")

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        return permissions.can_keep_directory(user=request.user)

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> DirectoryContact:
        """Change it."""
        return services.keep_contact(contact_id=self.object.pk, version=self.version, actor=self.request.user, now=now, **data)

    def get_success_url(self, result: Any) -> str:
        """The directory."""
        return url_of("verifications:contact_list")
