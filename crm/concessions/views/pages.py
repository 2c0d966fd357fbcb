"""The lists, a concession's page with its parts, a company's concessions, the report of the heads."""

import datetime as dt
from typing import Any, ClassVar

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.companies.models import Company
from crm.concessions import approvals, permissions, reporting, selectors
from crm.concessions.choices import HIDDEN_ACTS, RULING_ACTS, Act, CreditState, Level, ReviewState, State
from crm.concessions.delivered import delivered
from crm.concessions.filters import ConcessionFilters, ProbeFilters, RegisterFilters
from crm.concessions.models import Concession, ConcessionEvent, Probe
from crm.concessions.tables import ConcessionTable, ProbeTable, RegisterTable, standing
from crm.figures.permissions import can_read_figures_of
from crm.kernel.addresses import url_of
from crm.kernel.permission import ALLOWED, Permission, denied
from crm.web.exports import Report
from crm.web.tables import Exported
from crm.web.templatetags.ui import money, when
from crm.web.views import Action, Crumb, DetailView, Empty, Fact, FileDownload, ListView, RecordFragmentView, Tab
from crm.web.views.months import MonthPage

PANEL_SHOWN = 8
_RELATED = ("company__client", "owner", "centre", "team", "told_by", "earlier", "renews", "paper")


def _may_compare(user: Any, concession: Concession) -> Permission:
    client = getattr(concession.company, "client", None)
    if client is None:
        return denied(_("The company is no client: it has no figures."))
    return can_read_figures_of(user=user, client=client)


class ConcessionList(ListView):
    """`/concessions/`: newest first."""

    model = Concession
    table_class = ConcessionTable
    filterset_class = ConcessionFilters
    title = _("Concessions")
    ordering = ("-asked_at",)
    select_related: ClassVar[tuple[str, ...]] = ("company", "owner")
    search_hint = _("Company, stock code or number")
    empty = Empty(
        _("No concessions yet"),
        _("What a client is let off is asked for here, decided by who may, and told with a gap."),
        "concessions:concession_create",
        _("Ask for a concession"),
        "star",
    )

    def permission(self, request: HttpRequest) -> Permission:
        """Whoever reads concessions."""
        return permissions.can_read_concessions(user=self.request.user)

    def search(self, queryset: Any, q: str) -> Any:
        """By the company, or the number."""
        if q.upper().startswith("CN-"):
            return queryset.filter(number__istartswith=q)
        return queryset.filter(company__in=Company.objects.visible_to(self.request.user).named(q))

    def actions(self) -> list[Action]:
        """Ask; the register and the report for those who read them."""
        user, found = self.request.user, []
        if permissions.can_read_register(user=user):
            found.append(Action(_("Register"), url_of("concessions:register"), "directories"))
        if permissions.can_read_figures(user=user):
            found.append(Action(_("Month"), url_of("concessions:report"), "calendar"))
        if permissions.is_asker(user):
            found.append(Action(_("Ask for a concession"), url_of("concessions:concession_create"), "plus", primary=True))
        return found


class RegisterList(ConcessionList):
    """`/concessions/register/`: for head office, compliance, audit and finance."""

    table_class = RegisterTable
    filterset_class = RegisterFilters
    title = _("Register of concessions")
    select_related: ClassVar[tuple[str, ...]] = ("company", "owner", "centre")

    def permission(self, request: HttpRequest) -> Permission:
        """Those four."""
        return permissions.can_read_register(user=self.request.user)

    def actions(self) -> list[Action]:
        """The report; compliance's list of looks; suspensions."""
        user, found = self.request.user, []
        if permissions.can_read_figures(user=user):
            found.append(Action(_("Month"), url_of("concessions:report"), "calendar"))
        if user.actor.has_role("COMP", "AUD"):
            found.append(Action(_("Looks at levels"), url_of("concessions:probe_list"), "search"))
            found.append(Action(_("Conflicts of interest"), url_of("concessions:conflict_list"), "people"))
            found.append(Action(_("Suspended authority"), url_of("concessions:suspension_list"), "key"))
        return found


class ProbeList(ListView):
    """`/concessions/looks/`: for compliance and audit."""

    model = Probe
    table_class = ProbeTable
    filterset_class = ProbeFilters
    title = _("Looks at levels")
    ordering = ("-at",)
    select_related = ("actor", "company")

    def permission(self, request: HttpRequest) -> Permission:
        """Those two."""
        if self.request.user.actor.has_role("COMP", "AUD"):
            return ALLOWED
        return denied(_("Compliance and audit read this."))


def _may_read(user: Any) -> Permission:
    if permissions.reads_revenue_only(user):
        return denied(_("Finance reads what is forgone in the register."))
    return permissions.can_read_concessions(user=user)


class ConcessionDetail(DetailView):
    """A concession's page."""

    model = Concession
    select_related = _RELATED
    template_name = "concessions/concession_detail.html"
    crumb = (_("Concessions"), "concessions:concession_list")

    def get_tabs(self) -> list[Tab]:
        """What is asked, what happened; once it is in force what the client delivered, for those who read its figures."""
        found = [
            Tab("request", _("Request"), "concessions:concession_request"),
            Tab("events", _("What happened"), "concessions:concession_events"),
        ]
        if self.object.effective_on and _may_compare(self.request.user, self.object):
            found.append(Tab("delivered", _("Delivered"), "concessions:concession_delivered"))
        return found

    def permission(self, request: HttpRequest) -> Permission:
        """All who see it but finance."""
        return _may_read(self.request.user)

    def facts(self) -> list[Fact]:
        """Figure, forgone income, when it is told, until when it holds."""
        one = self.object
        facts = [Fact(_("Figure"), selectors.figure_in_words(one.asked_terms))]
        if one.amount is not None:
            facts.append(Fact(_("Amount"), money(one.amount, one.currency, short=True)))
        if one.forgone:
            facts.append(Fact(_("Income forgone"), money(one.granted_forgone or one.forgone, one.centre_currency)))
        if one.decided_at and one.told_at is None and one.tell_by:
            facts.append(Fact(_("Tell by"), when(one.tell_by, due=True)))
        facts.append(Fact(_("Ends on"), when(one.expires_on or one.sunset_on)))
        return facts

    def actions(self) -> list[Action]:
        """What the reader may do now."""
        user, one, now = self.request.user, self.object, timezone.now()
        may = permissions
        found = []
        if may.can_withdraw(user=user, concession=one):
            found.append(Action(_("Withdraw"), url_of("concessions:concession_withdraw", one.pk), "x", dialog=True))
        if may.can_revoke(user=user, concession=one):
            found.append(Action(_("Revoke"), url_of("concessions:concession_revoke", one.pk), "x", dialog=True))
        if may.can_renew(user=user, concession=one) and may.is_asker(user):
            query = f"?company={one.company_id}&kind={one.kind}&renews={one.pk}"
            found.append(Action(_("Renew"), url_of("concessions:concession_create") + query, "history"))
        if may.can_keep_promise(user=user, concession=one):
            found.append(Action(_("Promise kept"), url_of("concessions:promise_keep", one.pk), "star", dialog=True))
        if may.can_confirm(user=user, concession=one, now=now):
            found.append(Action(_("Letter"), url_of("concessions:confirmation_write", one.pk), "mail"))
        if may.can_answer(user=user, concession=one):
            found.append(Action(_("Answer"), url_of("concessions:concession_answer", one.pk), "edit", primary=True))
        if may.can_apply(user=user, concession=one, now=now):
            found.append(Action(_("Put in force"), url_of("concessions:concession_apply", one.pk), "check", dialog=True))
        found += self._telling(now)
        if approvals.waiting_for(user, one, now=now):
            found.append(Action(_("Decide"), url_of("concessions:concession_decide", one.pk), "check", primary=True))
        return found

    def _telling(self, now: dt.datetime) -> list[Action]:
        """The button of telling; before its time it shows why not yet."""
        user, one = self.request.user, self.object
        if one.told_at is not None or one.decided_at is None or not permissions.is_asker(user):
            return []
        permission = permissions.can_tell(user=user, concession=one, now=now)
        refusal = "" if permission else permission.reason
        return [
            Action(_("Client told"), url_of("concessions:concession_tell", one.pk), "phone", primary=True, dialog=True, refusal=refusal)
        ]

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Adds how it stands."""
        word, tone = standing(self.object)
        return super().get_context_data(standing=word, standing_tone=tone, **context)


class ConcessionRequest(RecordFragmentView):
    """What was asked and granted, why, what is promised; the windows of telling; who decided where the reader may know."""

    model = Concession
    select_related = _RELATED
    template_name = "concessions/concession_request.html"

    def permission(self, request: HttpRequest) -> Permission:
        """As the page."""
        return _may_read(self.request.user)

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Figures in words; levels for who sees them."""
        one, user = self.object, self.request.user
        levels = permissions.sees_levels(user=user, concession=one)
        event = one.events.select_related("actor").filter(act__in=(State.APPROVED, State.PART, State.REFUSED, "exercised")).last()
        return super().get_context_data(
            terms=approvals.terms_in_words(one),
            working_out=approvals.working_out(one),
            reasons=approvals.reasons_of(one) if levels else (),
            decider=event.actor if levels and event else None,
            level=Level(one.decided_level).name if levels and one.decided_level else "",
            waits_at=Level(one.queue_level).name if levels and one.queue_level and one.state == State.REQUESTED else "",
            due_at=one.due_at if levels and one.state == State.REQUESTED else None,
            credit_open=one.credit_state == CreditState.OPEN and (levels or one.decided_at is not None),
            review_shown=levels and one.review_state not in (ReviewState.NONE, ReviewState.POPULATION),
            **context,
        )


class ConcessionDelivered(RecordFragmentView):
    """What the client promised in return, beside its figures since and before."""

    model = Concession
    select_related = _RELATED
    title = _("Delivered")
    template_name = "concessions/concession_delivered.html"

    def permission(self, request: HttpRequest) -> Permission:
        """As the page, for those who read the client's figures."""
        can = _may_read(request.user)
        return _may_compare(request.user, self.object) if can else can

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Both sides."""
        compared = delivered(self.object, client_id=self.object.company.client.pk, on=timezone.localdate())
        return super().get_context_data(delivered=compared, **context)


class EvidenceDownload(FileDownload):
    """The file of a rival's offer, for those who read the request."""

    model = Concession
    file_field = "paper"

    def permission(self, request: HttpRequest) -> Permission:
        """As the page."""
        return _may_read(self.request.user)


class ConcessionEvents(RecordFragmentView):
    """What happened, newest first. Relationship managers read neither who decided nor that it was passed up."""

    model = Concession
    template_name = "concessions/concession_events.html"

    def permission(self, request: HttpRequest) -> Permission:
        """As the page."""
        return _may_read(self.request.user)

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """The rows. One statement."""
        levels = permissions.sees_levels(user=self.request.user, concession=self.object)
        events = ConcessionEvent.objects.visible_to(self.request.user).filter(concession=self.object).select_related("actor")
        if not levels:
            events = events.exclude(act__in=HIDDEN_ACTS)
            events = events if self.object.decided_at else events.exclude(act=Act.CLEARED)
        rows = [self._row(event, levels) for event in events.order_by("-pk")]
        return super().get_context_data(rows=rows, **context)

    @staticmethod
    def _row(event: ConcessionEvent, levels: bool) -> dict[str, Any]:
        known = levels or event.act not in RULING_ACTS
        level = f" · {Level(event.level).name}" if levels and event.level else ""
        who = f"{event.actor.name}{level}" if known and event.actor else ""
        return {
            "tone": "indigo",
            "title": event.get_act_display(),
            "at": event.at,
            "who": who,
            "texts": [event.words] if event.words else [],
        }


class CompanyConcessions(RecordFragmentView):
    """A company's concessions, as a panel of its page."""

    model = Company
    template_name = "concessions/company_concessions.html"

    def permission(self, request: HttpRequest) -> Permission:
        """As the pages of concessions."""
        return _may_read(self.request.user)

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """The newest ones."""
        rows = Concession.objects.visible_to(self.request.user).filter(company=self.object).select_related("owner").newest_first()
        found = [(row, *standing(row)) for row in rows[:PANEL_SHOWN]]
        may_ask = permissions.can_ask(user=self.request.user, company=self.object)
        return super().get_context_data(concessions=found, may_ask=bool(may_ask), **context)


class MonthReport(MonthPage):
    """`/concessions/report/?month=2026-03`: the in-centre rate, and the exceptions of a month by type, officer and client."""

    title = _("Concessions of a month")
    template_name = "concessions/report.html"

    def permission(self, request: HttpRequest) -> Permission:
        """Heads, head office, compliance, audit."""
        return permissions.can_read_figures(user=self.request.user)

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """The rate over both currencies, the exceptions in one."""
        return super().get_context_data(
            kpi=self._rate(), found=self._found(), crumbs=[Crumb(_("Concessions"), url_of("concessions:concession_list"))], **context
        )

    def report(self) -> Report:
        """The same, line by line: what it is a line of, of what, how many, income forgone, why."""
        found, rate = self._found(), self._rate()
        parts = ((_("By type"), found.by_kind), (_("By officer"), found.by_officer), (_("By client group"), found.by_client))
        lines: list[list[Exported]] = [[str(_("Decided in the centre")), f"{rate.rate}%" if rate.decided else "", rate.in_centre, None, ""]]
        lines += [[str(part), str(line.label), line.count, line.forgone, ""] for part, rows in parts for line in rows]
        lines += [
            [str(_("What stands out")), f"{row.number} · {row.company.name} · {row.owner.name}", 1, row.granted_forgone, str(one.why)]
            for one in found.outliers
            for row in (one.concession,)
        ]
        forgone = f"{_('Income forgone')} {self.currency}"
        return Report("concessions.report", self.title, [str(_("Part")), str(_("Of")), str(_("Granted")), forgone, str(_("Why"))], lines)

    def _rate(self) -> reporting.Kpi:
        return reporting.in_centre_rate(Concession.objects.visible_to(self.request.user), **self._span())

    def _found(self) -> reporting.Monthly:
        rows = Concession.objects.visible_to(self.request.user).filter(centre__currency=self.currency)
        return reporting.monthly(rows, **self._span())

    def _span(self) -> dict[str, Any]:
        return {"since": self.month.since, "until": self.month.later.since}
