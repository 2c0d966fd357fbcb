"""The board of flags, one flag with its way so far, a client's flags, what the news suggests, evidence."""

import datetime as dt
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from content.clippings.models import Clipping
from credit.flags import permissions, pictures, selectors
from credit.flags.choices import Severity
from credit.flags.filters import FlagFilters
from credit.flags.models import Flag, FlagEvent
from credit.flags.tables import STATE_TONES, FlagTable
from crm.companies.models import Company
from crm.kernel.addresses import url_of
from crm.kernel.permission import ALLOWED, Permission
from crm.web.views import Action, DetailView, Empty, Fact, FileDownload, ListView, Page, RecordFragmentView

PANEL_SHOWN = 20
FIGURE_NAMES = {
    "as_of": _("Figures up to"),
    "before": _("Before"),
    "now": _("Now"),
    "fall_percent": _("Fall (%)"),
    "returned_items": _("Items returned"),
    "excess_days": _("Days over the limit on end"),
    "excess_times": _("Times over the limit"),
    "advanced": _("Paid by the bank (HKD)"),
    "late_days": _("Days late"),
    "largest_out": _("Largest payment out"),
    "average": _("Average deposits"),
    "ends_on": _("Year ended"),
    "equity": _("Equity"),
    "net_profit": _("Net profit"),
    "net_profit_before": _("Net profit, year before"),
    "stock": _("Stock"),
    "sales": _("Sales"),
    "debtor_days": _("Debtor days"),
    "flags": _("Flags"),
}


class FlagBoard(ListView):
    """`/credit/flags/`: all flags that one sees, with their picture of ninety days."""

    model = Flag
    table_class = FlagTable
    filterset_class = FlagFilters
    title = _("Red flags")
    template_name = "flags/board.html"
    ordering = ("-raised_at",)
    select_related = ("client__company", "client__owner")
    search_hint = _("Company, stock code or code of the flag")
    empty = Empty(_("No red flags"), _("What is seen at a visit, in figures or in papers and points to trouble stands here."), icon="warn")

    def permission(self, request: HttpRequest) -> Permission:
        """Whoever reads flags."""
        return permissions.can_read_flags(user=request.user)

    def search(self, queryset: Any, q: str) -> Any:
        """By the company, or the beginning of the code."""
        named = Company.objects.visible_to(self.request.user).named(q)
        return queryset.filter(client__company__in=named) | queryset.filter(code__istartswith=q)

    def actions(self) -> list[Action]:
        """Raise one; what the news suggests."""
        found = [Action(_("Suggested by the news"), url_of("flags:suggestion_list"), "news")]
        if permissions.raises(self.request.user):
            found.append(Action(_("Raise a flag"), url_of("flags:flag_raise"), "plus", primary=True))
        return found

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Adds the picture and its numbers."""
        today, now = timezone.localdate(), timezone.now()
        since = now - dt.timedelta(days=selectors.SHOWN_DAYS)
        shown = selectors.shown_since(self.request.user, since=since)
        rows = [
            (flag.severity, timezone.localdate(flag.raised_at), flag.tone or "amber", flag.is_open, f"{flag.code} {flag.client}")
            for flag in shown
        ]
        return super().get_context_data(
            dots=pictures.dots(rows, today=today, days=selectors.SHOWN_DAYS),
            marks=pictures.marks(today=today, days=selectors.SHOWN_DAYS),
            lanes=list(zip(pictures.lanes().values(), selectors.counts(self.request.user, since=since), strict=True)),
            **context,
        )


class FlagDetail(DetailView):
    """`/credit/flags/<id>/`: what was seen, what is asked for, what was done."""

    model = Flag
    select_related = selectors.RELATED
    template_name = "flags/flag_detail.html"
    crumb = (_("Red flags"), "flags:flag_list")

    def permission(self, request: HttpRequest) -> Permission:
        """Whoever sees it."""
        return ALLOWED

    def facts(self) -> list[Fact]:
        """Who raised it when, by when it is answered, who looks after the client."""
        flag = self.object
        facts = [Fact(_("Raised by"), flag.raised_by.name if flag.raised_by else flag.get_origin_display())]
        if permissions.is_told(self.request.user, flag):
            facts.append(Fact(_("Relationship manager"), flag.client.owner.name))
            closers = {
                Severity.LOW: _("Head of the team"),
                Severity.MEDIUM: _("Head of the team"),
                Severity.HIGH: _("Head of the centre"),
                Severity.CRITICAL: _("Credit approver and compliance together"),
            }
            facts.append(Fact(_("Closed by"), closers[Severity(flag.severity)]))
        return facts

    def actions(self) -> list[Action]:
        """What this person may do with it now."""
        flag, user = self.object, self.request.user
        if not permissions.is_told(user, flag):
            return []
        offered = (
            (permissions.can_read_off(user=user, flag=flag), _("I have read it"), "flags:flag_read", "check", False),
            (permissions.can_answer(user=user, flag=flag), _("Answer"), "flags:flag_answer", "edit", True),
            (permissions.can_keep_open(user=user, flag=flag), _("Keep it open"), "flags:flag_keep", "undo", False),
            (permissions.can_close(user=user, flag=flag), _("Close with evidence"), "flags:flag_close", "check", False),
        )
        return [
            Action(label, url_of(name, flag.pk), icon, primary=primary, dialog=True)
            for allowed, label, name, icon, primary in offered
            if allowed
        ]

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Adds the way so far; the news behind it where the reader sees it; whether limits are suspended."""
        flag, user = self.object, self.request.user
        told = permissions.is_told(user, flag)
        clipping = Clipping.objects.visible_to(user).filter(pk=flag.clipping_id).first() if flag.clipping_id else None
        return super().get_context_data(
            events=selectors.events_of(flag, user=user),
            is_told=told,
            clipping=clipping,
            figures=[(FIGURE_NAMES.get(name, name), value) for name, value in flag.figures.items()],
            state_tone=STATE_TONES.get(flag.state, ""),
            stopped=selectors.is_stopped(flag.client_id),
            counted=list(flag.counted.visible_to(user).order_by("pk")) if told else [],
            **context,
        )


class CompanyFlags(RecordFragmentView):
    """A client's flags as a timeline, as a panel of its page."""

    model = Company
    template_name = "flags/company_flags.html"

    def permission(self, request: HttpRequest) -> Permission:
        """Whoever reads flags; which ones is for the rows."""
        return permissions.can_read_flags(user=request.user)

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """The newest ones, and whether limits are suspended."""
        user, company = self.request.user, self.object
        rows = Flag.objects.visible_to(user).filter(client__company=company).select_related("client__company", "raised_by")
        return super().get_context_data(
            flags=list(rows.order_by("-raised_at", "-pk")[:PANEL_SHOWN]),
            stopped=selectors.stopped([company.pk]).get(company.pk, ""),
            may_raise=permissions.raises(user),
            **context,
        )


class Suggestions(Page):
    """`/credit/flags/suggestions/`: what the news suggests, for a person to rule on."""

    title = _("Suggested by the news")
    template_name = "flags/suggestions.html"

    def permission(self, request: HttpRequest) -> Permission:
        """Whoever reads flags."""
        return permissions.can_read_flags(user=request.user)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """The newest hundred."""
        rows = [(row, permissions.can_rule(user=request.user, suggestion=row)) for row in selectors.suggestions(request.user)[:100]]
        return self.render(self.template_name, self.get_context_data(rows=rows))


class EvidenceDownload(FileDownload):
    """Evidence of a flag, for whoever sees the event."""

    model = FlagEvent
