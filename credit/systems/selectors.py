"""Reads for webhooks: the bank's figures, secrets, whom a step is for."""

import datetime as dt
from collections.abc import Iterable

from django.utils import timezone
from django.utils.crypto import salted_hmac

from credit.packs.models import PackEvent
from credit.systems.models import Webhook
from crm.policy import selectors as policy

_SALT = "credit.systems.webhook"


def figures(now: dt.datetime) -> dict[str, int]:
    """Waits, attempts and the overlap of secrets, on the day."""
    held = policy.table("systems.webhooks", jurisdiction="HK", on=timezone.localdate(now))
    return {key: int(value) for key, value in held.items()}


def secret_of(webhook: Webhook, *, generation: int | None = None) -> str:
    """The secret of a generation (the one that holds): made from the bank's own key each time, so that no database or backup holds it."""
    number = webhook.generation if generation is None else generation
    return f"whs_{salted_hmac(_SALT, f'{webhook.salt}:{number}', algorithm='sha256').hexdigest()}"


def secrets_of(webhook: Webhook, now: dt.datetime) -> list[str]:
    """Those to sign with: the newest, and for some hours the one before."""
    held = [secret_of(webhook)]
    if webhook.generation > 1 and now < webhook.rotated_at + dt.timedelta(hours=figures(now)["overlap_hours"]):
        held.append(secret_of(webhook, generation=webhook.generation - 1))
    return held


def is_told(webhook: Webhook, event: PackEvent) -> bool:
    """Whether the webhook's account may hear of a step: still let in, and of a pack that was handed to it."""
    return webhook.account.is_active and PackEvent.objects.visible_to(webhook.account).filter(pk=event.pk).exists()


def wanting(event: PackEvent, name: str) -> Iterable[Webhook]:
    """The webhooks that a step is for."""
    for webhook in Webhook.objects.live().select_related("account").order_by("pk"):
        if (not webhook.events or name in webhook.events) and is_told(webhook, event):
            yield webhook
