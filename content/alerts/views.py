"""`/news/alerts/`: one's alerts and what they found; keeping, changing and removing them, with what they would have sent."""

import datetime as dt
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from content.alerts import permissions, selectors, services
from content.alerts.forms import AlertForm
from content.alerts.models import Alert
from crm.kernel.addresses import url_of
from crm.kernel.errors import DomainError
from crm.kernel.permission import Permission
from crm.kernel.query import LONGEST_QUERY
from crm.web.forms import NoFields
from crm.web.views import Action, CreateView, FragmentView, OperationView, Page, UpdateView


class _OfAlerts(Page):
    """What those who may keep alerts open."""

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        return permissions.can_keep_alerts(user=request.user)


class AlertList(_OfAlerts):
    """One's own alerts, and the newest stories that they found, each with why."""

    title = _("Alerts")
    template_name = "alerts/alert_list.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Two statements besides the frame's."""
        context = self.get_context_data(
            alerts=selectors.alerts_of(request.user, now=timezone.now()),
            hits=selectors.newest_hits(request.user),
            actions=[Action(_("Add an alert"), url_of("alerts:alert_create"), "plus", primary=True)],
        )
        return self.render(self.template_name, context)


class _AlertForm(_OfAlerts):
    """What the forms of alerts share."""

    form_class = AlertForm
    template_name = "alerts/alert_form.html"

    def get_success_url(self, result: Any) -> str:
        """One's alerts."""
        return url_of("alerts:alert_list")

    def get_back_url(self) -> str:
        """One's alerts."""
        return url_of("alerts:alert_list")


class AlertCreate(_AlertForm, CreateView):
    """A new alert, filled with the query of `?query=`."""

    title = _("Keep an alert")
    submit_label = _("Keep it")
    success_message = _("Kept. New stories that it finds are told to you.")

    def get_initial(self) -> dict[str, Any]:
        """The query is its first name."""
        given = super().get_initial()
        return {"name": given.get("query", "")[:60]} | given

    def make_form(self, data: Any = None, files: Any = None) -> Any:
        """Kept at hand for its terms."""
        self.sent: Any = super().make_form(data, files)
        return self.sent

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Alert:
        """Keep it."""
        return services.keep_alert(terms=self.sent.terms, actor=self.request.user)


class AlertUpdate(_AlertForm, UpdateView):
    """Other terms."""

    model = Alert
    submit_label = _("Save")
    success_message = _("Saved.")

    def make_form(self, data: Any = None, files: Any = None) -> Any:
        """Kept at hand for its terms."""
        self.sent: Any = super().make_form(data, files)
        return self.sent

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Alert:
        """Change it."""
        terms = self.sent.terms
        return services.change_alert(alert_id=self.object.pk, version=self.version, terms=terms, actor=self.request.user, now=now)


class AlertRemove(OperationView, _OfAlerts):
    """Take it away."""

    model = Alert
    form_class = NoFields
    title = _("Remove this alert?")
    submit_label = _("Remove")
    success_message = _("Removed.")
    tone = "bad"

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> None:
        """Remove it."""
        services.remove_alert(alert_id=self.object.pk, actor=self.request.user)

    def get_success_url(self, result: Any) -> str:
        """One's alerts."""
        return url_of("alerts:alert_list")


class AlertPreview(FragmentView, _OfAlerts):
    """What the query of `?query=` would have sent in the last thirty days."""

    title = _("Had it run for the last 30 days")
    template_name = "alerts/preview.html"

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """The count and the days, or the sentence that says why there are none."""
        query = self.request.GET.get("query", "").replace("\x00", " ").strip()[: LONGEST_QUERY + 1]
        preview, wrong = None, ""
        if query:
            try:
                preview = selectors.preview_of(self.request.user, query, now=timezone.now())
            except DomainError as error:
                wrong = str(error.message)
        return super().get_context_data(query=query, preview=preview, wrong=wrong, **context)
