"""The parts of a company's page; the page of a client shows the same ones."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from crm.companies import permissions, selectors
from crm.companies.choices import Ring
from crm.companies.models import Company
from crm.companies.rules import name_stays
from crm.companies.tables import MemberTable, PeopleTable
from crm.kernel.permission import ALLOWED, Permission, denied
from crm.web.paging import paginate
from crm.web.views import RecordFragmentView

TIMELINE_PAGE = 20
PEOPLE_SHOWN = 200
KIND, CURSOR = "kind", "after"


class CompanyPart(RecordFragmentView):
    """A part of a company's page, for readers of all its directory facts."""

    model = Company

    def permission(self, request: HttpRequest) -> Permission:
        """Not for those who read names only."""
        if permissions.sight(user=request.user, company=self.object) == Ring.FULL:
            return ALLOWED
        return denied(_("Your post reads the names of companies only."))


class CompanyTimeline(CompanyPart):
    """What happened, newest first, page by page; all kinds or those of one word."""

    title = _("Timeline")
    template_name = "companies/timeline.html"

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """One page of rows."""
        user, company = self.request.user, self.object
        words = selectors.timeline_kinds()
        word = self.request.GET.get(KIND, "")
        kinds = [kind.kind for kind in words.get(word, ())]
        whole = permissions.within_reach(user=user, company=company)
        rows = selectors.timeline(user=user, company=company, whole=whole, kinds=kinds)
        is_first = CURSOR not in self.request.GET
        page = paginate(rows, ("-at",), cursor=self.request.GET.get(CURSOR), limit=TIMELINE_PAGE)
        return super().get_context_data(
            rows=selectors.timeline_entries(page.rows),
            next=page.next,
            is_first=is_first,
            word=word if kinds else "",
            words=selectors.timeline_words(user=user, company=company, whole=whole, chosen=word) if is_first else [],
            **context,
        )


class CompanyPeople(CompanyPart):
    """The company's people, as far as the reader sees them."""

    title = _("People")
    template_name = "companies/people.html"

    def permission(self, request: HttpRequest) -> Permission:
        """Readers of people."""
        return permissions.can_read_contacts(user=request.user)

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Those who are still there first."""
        user, company = self.request.user, self.object
        people = selectors.people_of(user=user, company_ids=[company.pk]).order_by("sort_key", "pk")[:PEOPLE_SHOWN]
        return super().get_context_data(
            table=PeopleTable(people, user=user), may_add=permissions.can_add_contact(user=user, company=company), **context
        )


class CompanyNames(CompanyPart):
    """Names, numbers, addresses and officers."""

    title = _("Names and numbers")
    template_name = "companies/names.html"

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Each of them."""
        company = self.object
        names = list(company.names.order_by("kind", "pk"))
        kinds = [name.kind for name in names]
        return super().get_context_data(
            names=[(name, not name_stays(name.kind, kinds)) for name in names],
            identifiers=list(company.identifiers.order_by("kind", "scope", "value")),
            addresses=list(company.addresses.order_by("kind", "pk")),
            officers=list(company.officers.order_by("pk")),
            may_correct=permissions.can_correct_company(user=self.request.user, company=company),
            **context,
        )


class CompanySources(CompanyPart):
    """What each source said, and when."""

    title = _("Sources")
    template_name = "companies/sources.html"

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """The newest first."""
        records = selectors.said_by_sources(user=self.request.user, company=self.object)
        return super().get_context_data(records=list(records[:50]), **context)


class CompanyGroupMembers(CompanyPart):
    """The companies of the same group, where the reader sees the group."""

    title = _("Group")
    template_name = "companies/members.html"

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """The members, by name."""
        user, company = self.request.user, self.object
        group = selectors.group_of(user=user, company=company)
        members = selectors.members_of(user=user, group=group).prefetch_related("identifiers") if group else []
        may_group = permissions.can_group_company(user=user, company=company)
        return super().get_context_data(group=group, table=MemberTable(members, user=user), may_group=may_group, **context)


class CompanyHistory(CompanyPart):
    """Who changed what of the company and its people."""

    title = _("History")
    template_name = "companies/history.html"

    def permission(self, request: HttpRequest) -> Permission:
        """Those who look after it, head office, compliance and audit."""
        if permissions.within_reach(user=request.user, company=self.object):
            return ALLOWED
        return denied(_("The history is read by those who look after this company."))

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """The changes, newest first."""
        return super().get_context_data(changes=selectors.history_of_company(user=self.request.user, company=self.object), **context)
