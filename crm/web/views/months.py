"""Reports of a month: what overseers read once the month is over, with its neighbours, in one currency, and as a file."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from crm.web.exports import Report, export_report
from crm.web.months import CURRENCIES, Month
from crm.web.views.base import Page


class MonthPage(Page):
    """A report at `?month=2026-03&currency=HKD`; a POST of `export=csv` or `export=xlsx` takes it as a file, which leaves a trail.

    Its template extends "web/month.html", whose heading has the neighbouring months, the other currencies and the file.
    """

    month: Month
    currency: str

    def load(self) -> None:
        """Which month, in which currency; this month's in the first currency where nothing that makes sense is asked for."""
        asked = self.request.GET.get("currency", "")
        self.month, self.currency = Month.named(self.request.GET.get("month", "")), asked if asked in CURRENCIES else CURRENCIES[0]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The page."""
        others = [one for one in CURRENCIES if one != self.currency]
        return self.render(self.template_name, self.get_context_data(month=self.month, currency=self.currency, others=others))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The file."""
        return export_report(self.report(), request=self.request, file_format=request.POST.get("export", ""))

    def report(self) -> Report:
        """What the file holds."""
        raise NotImplementedError
