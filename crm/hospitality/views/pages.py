"""The list, an event's page with its tabs, a company's events."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.companies.models import Company
from crm.gifts.models import Gift
from crm.hospitality import permissions, previews, selectors
from crm.hospitality.approving import needs_in_words
from crm.hospitality.choices import EDITABLE, SUBJECT, UNREPORTED, ExtraState, Purpose, State
from crm.hospitality.filters import RequestFilters
from crm.hospitality.models import HospitalityRequest
from crm.hospitality.tables import TONES, RequestTable, oddities
from crm.kernel.addresses import url_of
from crm.kernel.changes import changes_of
from crm.kernel.errors import Sentence
from crm.kernel.permission import ALLOWED, Permission
from crm.web.templatetags.ui import money
from crm.web.views import Action, DetailView, Empty, Fact, ListView, RecordFragmentView, Tab

PARTS = ("company", "owner", "centre", "team", "decided_by", "consented_by")
HISTORY = (
    "state",
    "event_at",
    "venue",
    "kind",
    "purpose",
    "note",
    "estimate",
    "guest_names",
    "is_away",
    "approved",
    "reserved",
    "paid",
    "own_reason",
)


class RequestList(ListView):
    """`/hospitality/`: events, newest first, with the reader's own month above; the register of compliance and finance."""

    model = HospitalityRequest
    table_class = RequestTable
    filterset_class = RequestFilters
    title = _("Hospitality")
    ordering = ("-event_at",)
    select_related = ("company", "owner")
    search_hint = _("Company, number, guest or place")
    template_name = "hospitality/request_list.html"
    empty = Empty(
        _("No hospitality yet"),
        _("Ask before the event; below the limit it may simply happen and be reported."),
        "hospitality:request_create",
        _("Ask for hospitality"),
        "hospitality",
    )

    def permission(self, request: HttpRequest) -> Permission:
        """Whoever reads hospitality at all."""
        return permissions.can_read(user=request.user)

    def search(self, queryset: Any, q: str) -> Any:
        """By company, number, guest or place."""
        return queryset.found(q, Company.objects.visible_to(self.request.user).named(q))

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Adds the reader's own month."""
        month = selectors.own_month(self.request.user, now=timezone.now())
        return super().get_context_data(month=month, **context)

    def actions(self) -> list[Action]:
        """Ask, for hosts; the books and the exceptions for those who check."""
        user, actions = self.request.user, []
        if permissions.can_read_books(user=user):
            actions.append(Action(_("Exceptions of the month"), url_of("hospitality:exceptions"), "warn"))
            actions.append(Action(_("Postings"), url_of("hospitality:batch_list"), "directories"))
        if permissions.can_read_effect(user=user):
            actions.append(Action(_("What it brings"), url_of("hospitality:effect"), "star"))
        if permissions.is_host(user):
            actions.append(Action(_("Ask for hospitality"), url_of("hospitality:request_create"), "plus", primary=True))
        return actions


class RequestDetail(DetailView):
    """An event's page."""

    model = HospitalityRequest
    select_related = PARTS
    template_name = "hospitality/request_detail.html"
    crumb = (_("Hospitality"), "hospitality:request_list")

    def get_tabs(self) -> list[Tab]:
        """The request; report and claim once there are any; what was done; the history."""
        event = self.object
        tabs = [Tab("request", pgettext_lazy("hospitality", "Request"), "hospitality:request_outline")]
        if hasattr(event, "report"):
            tabs.append(Tab("report", _("Report"), "hospitality:request_report"))
        if hasattr(event, "expense_claim") or event.extras.exists():
            tabs.append(Tab("claim", _("Claim"), "hospitality:request_claim"))
        return [*tabs, Tab("history", _("History"), "hospitality:request_history")]

    def facts(self) -> list[Fact]:
        """When, who, how much."""
        event = self.object
        local = timezone.localtime(event.event_at)
        facts = [
            Fact(_("When"), date_format(local, "DATE_FORMAT"), date_format(local, "H:i")),
            Fact(_("Host"), event.owner.name),
            Fact(_("Estimate"), money(event.estimate, event.currency)),
        ]
        if event.reserved:
            facts.append(Fact(_("Reserved"), money(event.reserved, event.currency)))
        if event.billed is not None:
            facts.append(Fact(_("Reimbursed"), money(event.paid, event.currency), event.get_own_reason_display()))
        return facts

    def actions(self) -> list[Action]:
        """What this person may do with it now."""
        event, user, now = self.object, self.request.user, timezone.now()
        extra = event.extras.select_related("request").filter(state=ExtraState.ASKED).first()
        if extra:
            extra.request = event
        offered: list[tuple[Any, Sentence, str, str, bool]] = [
            (permissions.can_change(user=user, event=event), _("Change"), "request_update", "edit", False),
            (permissions.can_cancel(user=user, event=event), _("Cancel"), "request_cancel", "x", False),
            (permissions.can_change(user=user, event=event), _("Submit"), "request_submit", "check", True),
            (permissions.can_consent(user=user, event=event), _("Consent"), "request_consent", "check", True),
            (self._may_send_back(user, event), _("Reject"), "request_reject", "x", False),
            (self._may_send_back(user, event), _("Return"), "request_return", "undo", False),
            (permissions.can_decide(user=user, event=event), _("Pass up"), "request_pass_up", "up", False),
            (permissions.can_decide(user=user, event=event), _("Approve"), "request_approve", "check", True),
            (permissions.can_reopen(user=user, event=event), _("Reopen"), "request_reopen", "undo", True),
            (permissions.can_report(user=user, event=event, now=now), _("Report"), "report_create", "edit", True),
            (permissions.can_ask_more(user=user, event=event), _("Ask for more"), "extra_create", "plus", False),
            (permissions.can_claim(user=user, event=event, now=now), _("Claim"), "claim_create", "upload", True),
            (permissions.can_verify(user=user, event=event), _("Query"), "claim_query", "undo", False),
            (permissions.can_verify(user=user, event=event), _("Check"), "claim_verify", "check", True),
            (permissions.can_claw_back(user=user, event=event), _("Claw back"), "claim_claw_back", "undo", False),
        ]
        pages = ("request_update", "report_create", "claim_create")
        actions = [
            Action(label, url_of(f"hospitality:{name}", event.pk), icon, primary=primary, dialog=name not in pages)
            for permission, label, name, icon, primary in offered
            if permission and not (name == "claim_create" and not event.paid)
        ]
        if extra and permissions.can_grant_more(user=user, extra=extra):
            actions.append(Action(_("Refuse more"), url_of("hospitality:extra_refuse", extra.pk), "x", dialog=True))
            actions.append(Action(_("Grant more"), url_of("hospitality:extra_grant", extra.pk), "check", primary=True, dialog=True))
        return actions

    def _may_send_back(self, user: Any, event: HospitalityRequest) -> bool:
        return bool(permissions.can_consent(user=user, event=event) or permissions.can_decide(user=user, event=event))

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Adds the tone of its state, and the way it goes."""
        event = self.object
        return super().get_context_data(tone=TONES.get(event.state, ""), steps=way(event), **context)


def way(event: HospitalityRequest) -> list[dict[str, Any]]:
    """What happened and what happens next, as steps."""
    order = (State.SUBMITTED, State.APPROVED, State.HELD, State.REPORTED, State.CLAIMED, State.VERIFIED, State.PAID)
    stands = {State.FREE: State.APPROVED, State.DRAFT: "", State.RETURNED: "", State.QUERIED: State.REPORTED, State.POSTED: State.VERIFIED}
    at = stands.get(State(event.state), event.state)
    place = order.index(State(at)) if at in order else -1
    notes = {State.APPROVED: event.decided_by.name if event.decided_by else ""}
    due = {State.REPORTED: event.report_due_at, State.CLAIMED: event.claim_due_at}
    return [
        {
            "label": state.label,
            "state": "done" if number <= place else "now" if number == place + 1 else "",
            "by": notes.get(state, "") if number <= place else "",
            "due": due.get(state) if number > place else None,
        }
        for number, state in enumerate(order)
        if event.needs or state != State.SUBMITTED
    ]


class EventFragment(RecordFragmentView):
    """A part of an event's page."""

    model = HospitalityRequest
    select_related = PARTS

    def permission(self, request: HttpRequest) -> Permission:
        """Whoever sees the event."""
        return ALLOWED


class RequestOutline(EventFragment):
    """What is asked for, who sits at the table with the whole bank's totals, what was done."""

    template_name = "hospitality/outline.html"

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Guests, colleagues, steps, room."""
        event = self.object
        figures = selectors.setting_of(event).figures
        open_now = event.state in (*EDITABLE, State.SUBMITTED, *UNREPORTED)
        month = selectors.month_room(user_id=event.owner_id, month=event.month, cap=figures.month, currency=event.currency)
        return super().get_context_data(
            needs=needs_in_words(event),
            guests=selectors.guest_rows(event, most=figures.guest),
            seats=list(event.seats.select_related("user")),
            steps_done=list(event.steps.select_related("actor").order_by("at", "pk")),
            month=month,
            client_used=selectors.client_used(event),
            client_cap=figures.client,
            open_now=open_now,
            odd=oddities(event),
            **context,
        )


class RequestReport(EventFragment):
    """The report: the bill, how the relationship stands, what came of it."""

    template_name = "hospitality/report.html"

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """The report and its texts."""
        report = getattr(self.object, "report", None)
        names = ("topics", "client_requests", "commitments", "result", "intelligence", "next_step", "deviation")
        told = [(report._meta.get_field(name).verbose_name, getattr(report, name)) for name in names if report and getattr(report, name)]
        bill = [(report._meta.get_field(name).verbose_name, getattr(report, name)) for name in previews.BILL if report] if report else []
        return super().get_context_data(
            report=report,
            told=told,
            bill=[(label, value) for label, value in bill if value],
            purposes=[Purpose(code).label for code in (report.purposes if report else ()) if code in Purpose.values],
            carried=list(self.object.taken_home.order_by("pk")),
            gifts=Gift.objects.visible_to(self.request.user).filter(source_type=SUBJECT, source_id=self.object.pk).order_by("pk"),
            **context,
        )


class RequestClaim(EventFragment):
    """The claim: receipts, who checked it, where it is posted, what more was asked for."""

    template_name = "hospitality/claim.html"

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Receipts, extras, lines."""
        event = self.object
        sees_books = permissions.can_read_books(user=self.request.user)
        return super().get_context_data(
            claim=getattr(event, "expense_claim", None),
            receipts=list(event.receipts.select_related("file").order_by("pk")),
            extras=list(event.extras.select_related("decided_by").order_by("pk")),
            lines=list(event.lines.select_related("batch").order_by("pk")) if sees_books else [],
            **context,
        )


class RequestHistory(EventFragment):
    """Who changed what."""

    template_name = "companies/history.html"

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Every saved version."""
        return super().get_context_data(changes=changes_of(self.object, HISTORY), **context)


class CompanyHospitality(RecordFragmentView):
    """A company's events, as a panel of its page."""

    model = Company
    template_name = "hospitality/company_hospitality.html"

    def permission(self, request: HttpRequest) -> Permission:
        """Whoever reads hospitality at all; which events is for the rows."""
        return permissions.can_read(user=request.user)

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """The newest events."""
        user, company = self.request.user, previews.with_coverage(self.object)
        rows = selectors.of_company(user=user, company_id=company.pk)[: selectors.OUTLINE_ROWS]
        return super().get_context_data(events=list(rows), may_host=permissions.can_host(user=user, company=company), **context)
