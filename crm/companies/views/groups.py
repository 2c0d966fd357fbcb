"""The list of corporate groups, and a group's page."""

import datetime as dt
from typing import Any

from django.db.models import Count
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from crm.companies import permissions, selectors, services
from crm.companies.forms import GroupForm
from crm.companies.models import CompanyGroup
from crm.companies.tables import GroupTable, MemberTable
from crm.kernel.addresses import url_of
from crm.kernel.permission import Permission
from crm.web.views import Action, DetailView, Empty, ListView, RecordFragmentView, Tab, UpdateView


class GroupList(ListView):
    """Groups with a member that is looked after within the reader's reach."""

    model = CompanyGroup
    table_class = GroupTable
    title = _("Groups")
    ordering = ("name_en", "name_zh")
    search_hint = _("Name of the group")
    empty = Empty(_("No groups yet"), _("Put a client into a group on its page, under Group."), icon="groups")

    def permission(self, request: HttpRequest) -> Permission:
        """As people: within coverage."""
        return permissions.can_read_contacts(user=request.user)

    def get_queryset(self) -> Any:
        """With the number of members."""
        return super().get_queryset().annotate(member_count=Count("companies", distinct=True))

    def search(self, queryset: Any, q: str) -> Any:
        """By the beginning of either name."""
        return queryset.called(q)


class GroupDetail(DetailView):
    """A group and its members."""

    model = CompanyGroup
    template_name = "companies/group_detail.html"
    crumb = (_("Groups"), "companies:group_list")
    tabs = (Tab("members", _("Companies"), "companies:group_members"),)

    def permission(self, request: HttpRequest) -> Permission:
        """As people: within coverage."""
        return permissions.can_read_contacts(user=request.user)

    def actions(self) -> list[Action]:
        """Rename it."""
        group = self.object
        if not permissions.can_rename_group(user=self.request.user, group=group):
            return []
        return [Action(_("Rename"), url_of("companies:group_update", group.pk), "edit", dialog=True)]


class GroupMembers(RecordFragmentView):
    """The companies of a group."""

    model = CompanyGroup
    title = _("Companies")
    template_name = "companies/group_members.html"

    def permission(self, request: HttpRequest) -> Permission:
        """As people: within coverage."""
        return permissions.can_read_contacts(user=request.user)

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """By name."""
        user = self.request.user
        members = selectors.members_of(user=user, group=self.object).prefetch_related("identifiers")
        return super().get_context_data(table=MemberTable(members, user=user), **context)


class GroupUpdate(UpdateView):
    """Rename a group."""

    model = CompanyGroup
    form_class = GroupForm
    title, success_message = _("Rename the group"), _("Group renamed.")

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        return permissions.can_rename_group(user=request.user, group=self.object)

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> CompanyGroup:
        """Rename it."""
        return services.rename_group(group_id=self.object.pk, actor=self.request.user, now=now, **data)
