"""Where a delivery stands, and the names of the work behind it."""

from django.db import models
from django.utils.translation import gettext_lazy as _
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

FAILURES = {
    "status": _("the answer was not a success"),
    "not_listed": _("the address is not on the bank’s list"),
    "not_handed": _("the pack is not its any more"),
    "too_slow": _("no answer in time"),
    "unreachable": _("not reached"),
    "unknown_host": _("no such host"),
    "private": _("a network that is closed to it"),
    "insecure": _("its certificate is not trusted"),
    "broken": _("the answer broke off"),
}
"""Why an attempt failed, as it is read; by the code in the log."""
