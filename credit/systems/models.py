"""Webhooks of credit systems, and what was delivered to them."""

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from credit.packs.models import PackEvent
from credit.systems.choices import FAILURES, DeliveryState
from credit.systems.querysets import DeliveryQuerySet, WebhookQuerySet
from crm.kernel.addresses import url_of
from crm.kernel.errors import Sentence
from crm.kernel.models import AuditedModel


class Webhook(AuditedModel):
    """Where a credit system wants to hear of the steps of the packs that were handed to it.

    Its secret is kept nowhere: it is made from the bank's own key, `salt` and `generation`, shown once and rotated by counting up. Seen by
    its account, administrators, compliance and audit.
    """

    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="webhooks", verbose_name=_("system"))
    url = models.CharField(_("address"), max_length=500)
    events = models.JSONField(_("events"), default=list, help_text="Names of events; empty: all.")
    salt = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    generation = models.PositiveSmallIntegerField(_("secret number"), default=1, editable=False)
    rotated_at = models.DateTimeField(_("secret of"), editable=False)
    ended_at = models.DateTimeField(_("ended"), null=True, editable=False)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, editable=False, related_name="+", verbose_name=_("ended by")
    )

    objects = WebhookQuerySet.as_manager()

    class Meta:
        verbose_name = _("webhook")
        verbose_name_plural = _("webhooks")
        constraints = [
            models.UniqueConstraint(
                fields=["account", "url"],
                condition=Q(ended_at=None),
                name="systems_webhook_once",
                violation_error_message=_("There is a webhook at this address already."),
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by=None) | Q(ended_at__isnull=False, ended_by__isnull=False), name="systems_webhook_ended"
            ),
        ]

    def __str__(self) -> str:
        return self.url

    def get_absolute_url(self) -> str:
        """Its page with what was delivered."""
        return url_of("systems:webhook_detail", self.pk)


class Delivery(models.Model):
    """One event for one webhook: how often it was tried, what came of it, when it is tried again."""

    webhook = models.ForeignKey(Webhook, on_delete=models.PROTECT, related_name="deliveries", verbose_name=_("webhook"))
    event = models.ForeignKey(PackEvent, on_delete=models.PROTECT, related_name="+", verbose_name=_("step"))
    name = models.CharField(_("event"), max_length=40)
    state = models.CharField(_("state"), max_length=8, choices=DeliveryState.choices, default=DeliveryState.WAITING)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    made_at = models.DateTimeField(_("made"))
    next_at = models.DateTimeField(_("next attempt"), null=True)
    done_at = models.DateTimeField(_("delivered"), null=True)
    log = models.JSONField(default=list, help_text="Each attempt: at, status of the answer (null: none), and why it failed.")

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        indexes = [models.Index(fields=["webhook", "-id"], name="systems_delivery_newest")]
        constraints = [
            models.UniqueConstraint(fields=["webhook", "event"], name="systems_delivery_once"),
            models.CheckConstraint(condition=Q(state="done", done_at__isnull=False) | ~Q(state="done"), name="systems_delivery_done"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.event_id}"

    @property
    def last(self) -> dict[str, Any]:
        """The newest attempt; empty before the first."""
        return self.log[-1] if self.log else {}

    @property
    def failure(self) -> Sentence:
        """Why the newest attempt failed; empty where it did not."""
        code = self.last.get("failure", "")
        return FAILURES.get(code, code)

    @staticmethod
    def webhook_model() -> type[Webhook]:
        """For querysets, which stand below the models."""
        return Webhook
