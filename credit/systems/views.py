"""Webhooks as administrators, compliance and audit see them: where they stand, what was delivered; administrators end one."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from credit.systems import permissions, services
from credit.systems.filters import WebhookFilters
from credit.systems.models import Delivery, Webhook
from credit.systems.tables import WebhookTable
from crm.kernel.addresses import url_of
from crm.kernel.permission import Permission
from crm.staff.permissions import can_read_staff
from crm.web.forms import NoFields
from crm.web.views import Action, DetailView, ListView, OperationView

SHOWN = 100


class WebhookList(ListView):
    """All webhooks."""

    model = Webhook
    title = _("Webhooks")
    table_class = WebhookTable
    filterset_class = WebhookFilters
    ordering = ("-created_at",)
    select_related = ("account",)

    def permission(self, request: HttpRequest) -> Permission:
        """As staff records."""
        return can_read_staff(user=request.user)


class WebhookDetail(DetailView):
    """One webhook and its newest deliveries."""

    model = Webhook
    template_name = "systems/webhook.html"
    crumb = (_("Webhooks"), "systems:webhook_list")
    select_related = ("account", "ended_by")

    def permission(self, request: HttpRequest) -> Permission:
        """As staff records."""
        return can_read_staff(user=request.user)

    def actions(self) -> Sequence[Action]:
        """End it."""
        may = permissions.can_end(user=self.request.user, webhook=self.object)
        return [Action(_("End"), url_of("systems:webhook_end", self.object.pk), dialog=True, refusal=may.reason)]

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """The newest deliveries."""
        rows = Delivery.objects.visible_to(self.request.user).filter(webhook=self.object).order_by("-pk")[:SHOWN]
        return super().get_context_data(deliveries=rows, **context)


class WebhookEnd(OperationView):
    """End a webhook."""

    model = Webhook
    form_class = NoFields
    title = _("End this webhook? Its system hears of nothing any more.")
    submit_label = pgettext_lazy("webhook", "End it")
    success_message = _("Ended. What waited for it is dropped.")
    tone = "bad"

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        return permissions.can_end(user=request.user, webhook=self.object)

    def perform(self, *, data: dict[str, Any], now: Any) -> Webhook:
        """End."""
        return services.end_webhook(webhook_id=self.object.pk, actor=self.request.user, now=now)
