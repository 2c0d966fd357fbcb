"""Finance's postings, and the monthly exceptions for compliance and finance."""

import datetime as dt
from collections import Counter
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.hospitality import permissions, selectors, services
from crm.hospitality.effect import effects
from crm.hospitality.filters import BatchFilters
from crm.hospitality.models import Batch, HospitalityRequest
from crm.hospitality.tables import BatchTable, oddities
from crm.kernel.addresses import url_of
from crm.kernel.permission import Permission
from crm.kernel.wording import listed
from crm.policy import selectors as policy
from crm.web.downloads import as_download
from crm.web.exports import Report
from crm.web.forms import NoFields
from crm.web.tables import Exported
from crm.web.templatetags.ui import money
from crm.web.views import Action, Crumb, DetailView, Empty, Fact, FormPage, ListView, OperationView, Page, RecordPage
from crm.web.views.months import MonthPage

MOST_CLIENTS = 500
MOST_EVENTS = 2_000


def _csv(content: bytes, name: str) -> HttpResponse:
    return as_download(HttpResponse(content, content_type="text/csv; charset=utf-8"), name)


class BatchList(ListView):
    """`/hospitality/postings/`: what was posted, newest first, and what waits to be."""

    model = Batch
    table_class = BatchTable
    filterset_class = BatchFilters
    title = _("Postings")
    ordering = ("-posted_at",)
    select_related = ("posted_by",)
    template_name = "hospitality/batch_list.html"
    empty = Empty(_("Nothing posted yet"), _("Claims that are checked wait here to be posted."), "", "", "directories")

    def permission(self, request: HttpRequest) -> Permission:
        """Finance, compliance, head office and audit."""
        return permissions.can_read_books(user=request.user)

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Adds what waits to be posted."""
        waiting = list(selectors.ready_to_post().order_by("event_at")[:50])
        return super().get_context_data(waiting=waiting, **context)

    def actions(self) -> list[Action]:
        """Post, for finance."""
        if not permissions.can_post(user=self.request.user):
            return []
        return [Action(_("Post what is checked"), url_of("hospitality:batch_create"), "check", primary=True, dialog=True)]


class BatchCreate(FormPage):
    """Post every checked claim."""

    form_class = NoFields
    title = _("Post every checked claim?")
    submit_label = _("Post")
    success_message = _("Posted.")

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        return permissions.can_post(user=request.user)

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Any:
        """Post."""
        return services.post_claims(actor=self.request.user, now=now)

    def get_success_url(self, result: list[Batch]) -> str:
        """The posting, or the list where there are several."""
        return result[0].get_absolute_url() if len(result) == 1 else url_of("hospitality:batch_list")

    def get_back_url(self) -> str:
        """The list."""
        return url_of("hospitality:batch_list")


class BatchDetail(DetailView):
    """A posting and its lines."""

    model = Batch
    select_related = ("posted_by", "paid_by")
    template_name = "hospitality/batch_detail.html"
    crumb = (_("Postings"), "hospitality:batch_list")

    def permission(self, request: HttpRequest) -> Permission:
        """Finance, compliance, head office and audit."""
        return permissions.can_read_books(user=request.user)

    def facts(self) -> list[Fact]:
        """Period, total, paid or not."""
        batch = self.object
        facts = [Fact(_("Period"), batch.period), Fact(_("Total"), money(batch.total, batch.currency)), Fact(_("By"), batch.posted_by.name)]
        return [*facts, Fact(_("Paid by"), batch.paid_by.name)] if batch.paid_by else facts

    def actions(self) -> list[Action]:
        """The file for the accounts; the payment, for finance."""
        actions = [Action(_("Posting file"), url_of("hospitality:batch_file", self.object.pk), "download")]
        if permissions.can_post(user=self.request.user) and self.object.paid_at is None and not self.object.is_reversal:
            actions.append(Action(_("Mark as paid"), url_of("hospitality:batch_pay", self.object.pk), "check", primary=True, dialog=True))
        return actions

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Adds the lines."""
        lines = list(self.object.lines.select_related("request").order_by("pk"))
        return super().get_context_data(
            lines=lines,
            debit=sum(line.debit for line in lines),
            credit=sum(line.credit for line in lines),
            **context,
        )


class BatchPay(OperationView):
    """The payment went out."""

    model = Batch
    form_class = NoFields
    title = _("Was this paid?")
    submit_label = _("Mark as paid")
    success_message = _("Paid.")

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        return permissions.can_post(user=request.user)

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Batch:
        """Pay it."""
        return services.pay_batch(batch_id=self.object.pk, actor=self.request.user, now=now)


class BatchFile(RecordPage):
    """The lines of a posting as a file for finance's own system."""

    model = Batch

    def permission(self, request: HttpRequest) -> Permission:
        """Finance, compliance, head office and audit."""
        return permissions.can_read_books(user=request.user)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The file."""
        return _csv(services.posting_file(self.object), f"{self.object.number}.csv")


class EffectPage(Page):
    """`/hospitality/effect/`: what was spent on each client in twelve months, beside its income and its deposits."""

    title = _("What hospitality brings")
    template_name = "hospitality/effect.html"

    def permission(self, request: HttpRequest) -> Permission:
        """Heads, head office, compliance and audit."""
        return permissions.can_read_effect(user=request.user)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Outliers first."""
        on = timezone.localdate()
        rows = effects(user=request.user, on=on)
        context = self.get_context_data(
            rows=rows[:MOST_CLIENTS],
            outliers=sum(one.is_outlier for one in rows),
            limit=policy.table("hospitality.effect", jurisdiction="", on=on)["outlier_percent"],
            on=on,
        )
        return self.render(self.template_name, context)


class Exceptions(MonthPage):
    """`/hospitality/exceptions/?month=2026-03&currency=HKD`: what stands out in a month."""

    title = _("Exceptions of the month")
    template_name = "hospitality/exceptions.html"

    def permission(self, request: HttpRequest) -> Permission:
        """Finance, compliance, head office and audit."""
        return permissions.can_read_books(user=request.user)

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """The events with what stands out, and how often each kind of exception does."""
        events = self._events()
        return super().get_context_data(
            rows=[(event, listed(oddities(event))) for event in events],
            tally=Counter(str(what) for event in events for what in oddities(event)).most_common(),
            crumbs=[Crumb(_("Hospitality"), url_of("hospitality:request_list"))],
            **context,
        )

    def report(self) -> Report:
        """The same events."""
        heads = (_("Number"), _("Day"), _("Host"), _("Company"), _("Kind"), _("Heads"), _("Per head"), _("Bill"), _("Reimbursed"))
        lines: list[list[Exported]] = [
            [
                *(event.number, event.event_on, event.owner.name, event.company.name, event.get_kind_display(), event.heads),
                *(event.per_head, event.billed, event.paid, event.currency, listed(oddities(event))),
            ]
            for event in self._events()
        ]
        return Report("hospitality.exceptions", self.title, [str(head) for head in (*heads, _("Currency"), _("Stands out"))], lines)

    def _events(self) -> list[HospitalityRequest]:
        month = self.month
        rows = selectors.exceptions(user=self.request.user, first=month.first, last=month.last, currency=self.currency)
        return list(rows.select_related("company", "owner").order_by("event_at", "pk")[:MOST_EVENTS])
