"""The list of visits, a visit's page with its parts, a company's visits, and finding a company by typing."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.companies.models import Company
from crm.companies.views.parts import contributed_actions
from crm.kernel.addresses import url_of
from crm.kernel.changes import changes_of
from crm.kernel.permission import ALLOWED, Permission, denied
from crm.visits import permissions, selectors
from crm.visits.choices import FACTS, FREE_TEXTS, NOTES, PLAN_TEXTS, VisitKind, VisitState
from crm.visits.filters import VisitFilters
from crm.visits.models import Visit
from crm.visits.tables import VisitTable, standing
from crm.visits.views.choosing import choices, targets
from crm.web.views import Action, DetailView, Empty, Fact, FragmentView, ListView, RecordFragmentView, Tab

HISTORY_FIELDS = (
    "state",
    "planned_at",
    "happened_at",
    "kind",
    "purpose",
    "place",
    "two_way",
    "met",
    "colleagues",
    "copied_to",
    "checked_in_at",
    "lead",
    *PLAN_TEXTS,
    *FREE_TEXTS,
    "mood",
    "next_step_on",
    "next_step_owner",
    "confidentiality",
    "signed_off_by",
)
VISITS_SHOWN = 10


class VisitList(ListView):
    """`/visits/`: visits and calls, newest first."""

    model = Visit
    table_class = VisitTable
    filterset_class = VisitFilters
    title = _("Visits and calls")
    ordering = ("-at",)
    select_related = ("company", "owner")
    few = frozenset({"late", "unsigned", "purpose", "state"})
    reads = ("at", "kind", "state", "met", "summary", "objective", "is_late", "needs_sign_off", "signed_off_at", *selectors.NAMES)
    search_hint = _("Company, stock code or phone")
    empty = Empty(
        _("No visits yet"),
        _("Write down a visit or call in under a minute: when, whom, what was said, what comes next."),
        "visits:visit_create",
        _("Log a visit"),
        "visits",
    )

    def permission(self, request: HttpRequest) -> Permission:
        """Whoever reads visits at all."""
        return permissions.can_read_visits(user=request.user)

    @cached_property
    def is_few(self) -> bool:
        """The address asks for what few visits are."""
        return bool(self.query) or not self.few.isdisjoint(name for name, value in self.request.GET.items() if value)

    @cached_property
    def parts(self) -> Any:
        """The reader's visits in parts, one for most readers: to put their condition together takes as long as to ask it."""
        return Visit.objects.parts_for(self.request.user)

    def get_queryset(self) -> Any:
        """Few are gathered and sorted; else rows are passed in the order of the page."""
        user = self.request.user
        if self.is_few:
            return Visit.objects.visible_to(user)
        return self.parts[0] if len(self.parts) == 1 else Visit.objects.in_order_for(user)

    def counted(self) -> Any:
        """By parts."""
        return self.parts

    def paged(self) -> Any:
        """By the same parts, each in the order of an index."""
        return (self.get_queryset(),) if self.is_few else self.parts

    def search(self, queryset: Any, q: str) -> Any:
        """By the company."""
        return queryset.filter(company__in=Company.objects.visible_to(self.request.user).named(q))

    def actions(self) -> list[Action]:
        """Log and plan, for those who visit."""
        if not permissions.is_visitor(self.request.user):
            return []
        return [
            Action(_("Plan a visit"), url_of("visits:plan_create"), "calendar"),
            Action(_("Log a call"), url_of("visits:call_create"), "phone"),
            Action(_("Log a visit"), url_of("visits:visit_create"), "plus", primary=True),
        ]


class VisitDetail(DetailView):
    """A visit's page."""

    model = Visit
    select_related = ("company", "owner", "next_step_owner", "signed_off_by")
    template_name = "visits/visit_detail.html"
    crumb = (_("Visits and calls"), "visits:visit_list")
    tabs = (Tab("note", pgettext_lazy("of a visit", "Note"), "visits:visit_notes"), Tab("history", _("History"), "visits:visit_history"))

    def facts(self) -> list[Fact]:
        """When, where, who, how it stands."""
        visit = self.object
        local = timezone.localtime(visit.at)
        facts = [Fact(_("When"), date_format(local, "DATE_FORMAT"), date_format(local, "H:i")), Fact(_("By"), visit.owner.name)]
        if visit.get_place_display():
            facts.append(Fact(_("Where"), visit.get_place_display(), visit.place_text))
        if visit.checked_in_at:
            facts.append(Fact(_("Checked in"), *_arrival(visit)))
        if visit.met:
            facts.append(Fact(_("Whom we met"), visit.met))
        if visit.colleagues:
            facts.append(Fact(_("With from the bank"), visit.colleagues))
        if visit.copied_to:
            facts.append(Fact(_("Copy to"), visit.copied_to))
        if visit.mood:
            facts.append(Fact(_("Mood"), f"{visit.mood} / 5"))
        return facts

    def actions(self) -> list[Action]:
        """What may be done with it now; what may not says why only where the person is the one to do it."""
        visit, user, now = self.object, self.request.user, timezone.now()
        if visit.state == VisitState.PLANNED:
            return self._plan_actions() if permissions.can_replan(user=user, visit=visit) else []
        offered = [
            (permissions.can_change(user=user, visit=visit, now=now), _("Change"), "visits:visit_update", "edit", False),
            (permissions.can_attach(user=user, visit=visit, now=now), _("Attach"), "visits:attachment_create", "upload", False),
            (permissions.can_add(user=user, visit=visit), _("Addendum"), "visits:addendum_create", "plus", False),
            (permissions.can_sign_off(user=user, visit=visit), _("Sign off"), "visits:visit_sign_off", "check", True),
        ]
        own = [
            Action(label, url_of(url_name, visit.pk), icon, primary=primary, dialog=url_name != "visits:visit_update")
            for permission, label, url_name, icon, primary in offered
            if permission
        ]
        return [*contributed_actions("visits.visit", user=user, record=visit), *own]

    def _plan_actions(self) -> list[Action]:
        visit = self.object
        target = "visits:call_create" if visit.kind == VisitKind.CALL else "visits:visit_create"
        return [
            Action(_("Cancel"), url_of("visits:visit_cancel", visit.pk), "x", dialog=True),
            Action(_("Change the plan"), url_of("visits:visit_replan", visit.pk), "calendar", dialog=True),
            Action(_("Log it"), f"{url_of(target)}?planned={visit.pk}", "log", primary=True),
        ]

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Adds how it stands."""
        word, tone = standing(self.object)
        return super().get_context_data(standing=word, standing_tone=tone, locked=self.object.is_locked(timezone.now()), **context)


def _arrival(visit: Visit) -> tuple[str, str]:
    """When somebody checked in, with the day where it is not the visit's, and how near to which point that was."""
    arrived, day = timezone.localtime(visit.checked_in_at), timezone.localtime(visit.at).date()
    time = date_format(arrived, "H:i")
    shown = time if arrived.date() == day else f"{date_format(arrived, 'SHORT_DATE_FORMAT')} {time}"
    if visit.latitude is None or visit.longitude is None:
        return shown, ""
    point = f"{visit.latitude:.5f}, {visit.longitude:.5f}"
    if visit.accuracy_m is None:
        return shown, point
    return shown, _("within %(metres)s m of %(point)s") % {"metres": visit.accuracy_m, "point": point}


class VisitNotes(RecordFragmentView):
    """What was said, the facts, who was there, promises, attachments, addenda."""

    model = Visit
    select_related = ("company", "owner", "lead", "next_step_owner", "signed_off_by")
    template_name = "visits/visit_notes.html"

    def permission(self, request: HttpRequest) -> Permission:
        """Whoever sees the visit."""
        return ALLOWED

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """All parts of the visit. Five queries."""
        visit = self.object
        told = [(visit._meta.get_field(name).verbose_name, getattr(visit, name)) for name in (*FACTS, *NOTES)]
        return super().get_context_data(
            told=[(label, text) for label, text in told if text],
            attendees=visit.attendees.select_related("contact"),
            promises=visit.promises.select_related("owner").order_by("due_on"),
            attachments=visit.attachments.select_related("file", "actor").order_by("pk"),
            addenda=visit.addenda.select_related("actor").order_by("pk"),
            **context,
        )


class VisitHistory(RecordFragmentView):
    """Who changed what, from what to what."""

    model = Visit
    template_name = "companies/history.html"

    def permission(self, request: HttpRequest) -> Permission:
        """Whoever sees the visit."""
        return ALLOWED

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Every saved version."""
        return super().get_context_data(changes=changes_of(self.object, HISTORY_FIELDS), **context)


class CompanyVisits(RecordFragmentView):
    """A company's visits, as a panel of its page."""

    model = Company
    template_name = "visits/company_visits.html"

    def permission(self, request: HttpRequest) -> Permission:
        """Whoever reads visits at all; which ones is for the rows."""
        return permissions.can_read_visits(user=request.user)

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """The newest ones, and what is promised and open."""
        user, company = self.request.user, self.object
        visits = Visit.objects.visible_to(user).filter(company=company).select_related("owner").newest_first()
        return super().get_context_data(
            visits=list(visits[:VISITS_SHOWN]),
            promises=selectors.open_promises(user=user, company_id=company.pk),
            may_log=permissions.can_log(user=user, company=company),
            **context,
        )


class CompanyFind(FragmentView):
    """The companies that one may log with, as one types. `?to=` says for which form."""

    title = _("Find a company")
    template_name = "visits/company_found.html"

    def permission(self, request: HttpRequest) -> Permission:
        """Those who log."""
        if permissions.is_visitor(request.user):
            return ALLOWED
        return denied(_("Visits and calls are logged by relationship managers and their heads."))

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Only for the forms that there are."""
        if request.GET.get("to") not in targets():
            raise Http404
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """What was found."""
        query = " ".join(self.request.GET.get("q", "").split())[:200]
        found = choices(self.request.user, query)
        return super().get_context_data(found=found, query=query, target_url=reverse(targets()[self.request.GET["to"]]), **context)
