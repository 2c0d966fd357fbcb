"""The list of corporate groups, and a group's page."""

import datetime as dt
from typing import Any

from django.db.models import Count, Q
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.companies import permissions, selectors, services
from crm.companies.forms import GroupForm
from crm.companies.models import CompanyGroup
from crm.companies.tables import GroupTable, MemberTable
from crm.companies.views.parts import group_tabs, in_order
from crm.kernel.addresses import url_of
from crm.kernel.permission import Permission
from crm.web.forms import NoFields
from crm.web.templatetags.ui import when
from crm.web.views import Action, DetailView, Empty, Fact, ListView, OperationView, RecordFragmentView, Tab, UpdateView

SHARED_ORDER = 20


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

    def permission(self, request: HttpRequest) -> Permission:
        """As people: within coverage."""
        return permissions.can_read_contacts(user=request.user)

    def get_tabs(self) -> list[Tab]:
        """Its companies, what other features add, the people that they share."""
        own = [
            (0, Tab("members", _("Companies"), "companies:group_members")),
            (SHARED_ORDER, Tab("people", _("Shared people"), "companies:group_people")),
        ]
        return in_order([*own, *group_tabs(user=self.request.user, group=self.object)])

    def facts(self) -> list[Fact]:
        """How many companies, and whether the tree stands confirmed."""
        group, on = self.object, timezone.localdate()
        count = Count("pk")
        told = selectors.members_of(user=self.request.user, group=group).order_by()
        sums = told.aggregate(all=count, unstated=Count("pk", filter=Q(group_basis="")))
        since = selectors.confirmed_since(on)
        if group.confirmed_on is None:
            note: Any = _("never")
        else:
            note = group.confirmed_by if group.is_confirmed(on, since=since) else _("too long ago")
        facts = [Fact(_("Companies"), sums["all"]), Fact(_("Tree confirmed"), when(group.confirmed_on) or _("No"), note)]
        return [*facts, Fact(_("Without a basis"), sums["unstated"])] if sums["unstated"] else facts

    def actions(self) -> list[Action]:
        """Confirm its tree, rename it."""
        group, user = self.object, self.request.user
        offered = (
            (permissions.can_confirm_group(user=user, group=group), _("Confirm the tree"), "companies:group_confirm", "check"),
            (permissions.can_rename_group(user=user, group=group), _("Rename"), "companies:group_update", "edit"),
        )
        return [Action(label, url_of(name, group.pk), icon, dialog=True) for allowed, label, name, icon in offered if allowed]


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


class GroupPeople(RecordFragmentView):
    """The people who stand for several companies of a group."""

    model = CompanyGroup
    title = _("Shared people")
    template_name = "companies/group_people.html"

    def permission(self, request: HttpRequest) -> Permission:
        """As people: within coverage."""
        return permissions.can_read_contacts(user=request.user)

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Who stands for the most first."""
        return super().get_context_data(shared=selectors.shared_people(user=self.request.user, group=self.object), **context)


class GroupConfirm(OperationView):
    """Confirm a group's tree as it stands."""

    model = CompanyGroup
    form_class = NoFields
    title, success_message = _("Confirm the tree as it stands"), _("Tree confirmed.")

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        return permissions.can_confirm_group(user=request.user, group=self.object)

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> CompanyGroup:
        """Confirm it."""
        return services.confirm_group(group_id=self.object.pk, actor=self.request.user, now=now)


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
        return services.rename_group(group_id=self.object.pk, version=self.seen, actor=self.request.user, now=now, **data)
