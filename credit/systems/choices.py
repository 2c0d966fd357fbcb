"""Where a delivery stands, and the names of the work behind it."""

from django.db import models
from django.utils.translation import pgettext_lazy

SPREAD, DELIVER = "systems.spread", "systems.deliver"
"""Outbox tasks: a step becomes a delivery for each webhook, and each delivery is tried."""


class DeliveryState(models.TextChoices):
    """Of one event to one webhook."""

    WAITING = "waiting", pgettext_lazy("webhook delivery", "Waiting")
    DONE = "done", pgettext_lazy("webhook delivery", "Delivered")
    GIVEN_UP = "given_up", pgettext_lazy("webhook delivery", "Given up")
    DROPPED = "dropped", pgettext_lazy("webhook delivery", "Dropped")


TRANSITIONS: dict[str, set[str]] = {
    DeliveryState.WAITING: {DeliveryState.DONE, DeliveryState.GIVEN_UP, DeliveryState.DROPPED},
    DeliveryState.GIVEN_UP: {DeliveryState.WAITING},
    DeliveryState.DONE: {DeliveryState.WAITING},
    DeliveryState.DROPPED: set(),
}
"""Back to WAITING: its system asked for it again."""
