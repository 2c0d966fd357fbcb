"""Finance's postings, and the monthly exceptions for compliance and finance."""

import csv
import datetime as dt
import io
import re
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.hospitality import permissions, selectors, services
from crm.hospitality.effect import effects
from crm.hospitality.filters import BatchFilters
from crm.hospitality.models import Batch
from crm.hospitality.tables import BatchTable, oddities
from crm.kernel.addresses import url_of
from crm.kernel.permission import Permission
from crm.kernel.wording import listed
from crm.policy import selectors as policy
from crm.web.downloads import as_download
from crm.web.forms import NoFields
from crm.web.templatetags.ui import money
from crm.web.views import Action, Crumb, DetailView, Empty, Fact, FormPage, ListView, OperationView, Page, RecordPage

_MONTH = re.compile(r"20\d\d-(0[1-9]|1[0-2])", re.ASCII)
CURRENCIES = ("HKD", "CNY")
MOST_CLIENTS = 500


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


class Exceptions(Page):
    """`/hospitality/exceptions/?month=2026-03&currency=HKD`: what stands out in a month; `&file=csv` as a file."""

    title = _("Exceptions of the month")
    template_name = "hospitality/exceptions.html"

    def permission(self, request: HttpRequest) -> Permission:
        """Finance, compliance, head office and audit."""
        return permissions.can_read_books(user=request.user)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The month, by kind of exception, with its events."""
        today = timezone.localdate()
        asked, currency = request.GET.get("month", ""), request.GET.get("currency", "")
        month = asked if _MONTH.fullmatch(asked) else f"{today:%Y-%m}"
        currency = currency if currency in CURRENCIES else CURRENCIES[0]
        rows = selectors.exceptions(user=request.user, month=month, currency=currency)
        events = list(rows.select_related("company", "owner").order_by("event_at", "pk")[:2_000])
        if request.GET.get("file") == "csv":
            return _csv(_as_csv(events), f"hospitality-exceptions-{month}-{currency}.csv")
        first = dt.date.fromisoformat(f"{month}-01")
        context = self.get_context_data(
            rows=[(event, listed(oddities(event))) for event in events],
            month=month,
            currency=currency,
            currencies=CURRENCIES,
            earlier=f"{first - dt.timedelta(days=1):%Y-%m}",
            later=f"{(first + dt.timedelta(days=32)).replace(day=1):%Y-%m}",
            tally=_tally(events),
            crumbs=[Crumb(_("Hospitality"), url_of("hospitality:request_list"))],
        )
        return self.render(self.template_name, context)


def _tally(events: list[Any]) -> list[tuple[Any, int]]:
    counts: dict[str, int] = {}
    for event in events:
        for what in oddities(event):
            counts[str(what)] = counts.get(str(what), 0) + 1
    return sorted(counts.items(), key=lambda one: -one[1])


def _as_csv(events: list[Any]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(("number", "day", "host", "company", "kind", "heads", "per_head", "bill", "reimbursed", "currency", "exceptions"))
    for event in events:
        told = (event.number, event.event_on.isoformat(), _safe(event.owner.name), _safe(event.company.name), event.kind, event.heads)
        writer.writerow((*told, event.per_head, event.billed, event.paid, event.currency, listed(oddities(event))))
    return out.getvalue().encode("utf-8-sig")


def _safe(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text
