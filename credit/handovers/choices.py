"""Sides and states of a handover (domain 7.7)."""

from django.db import models
from django.utils.translation import pgettext_lazy

SUBJECT = "handovers.handover"
SIGN = "handover_sign"
"""The kind of work that each of the three has."""


class Side(models.TextChoices):
    """Who signs."""

    OUT = "out", pgettext_lazy("handover", "Hands over")
    IN = "in", pgettext_lazy("handover", "Takes over")
    WITNESS = "witness", pgettext_lazy("handover", "Witness")


class HandoverState(models.TextChoices):
    """Where a handover stands. The third signature moves the client."""

    OPEN = "open", pgettext_lazy("handover", "To be signed")
    DONE = "done", pgettext_lazy("handover", "Handed over")
    DROPPED = "dropped", pgettext_lazy("handover", "Dropped")


TRANSITIONS: dict[str, set[str]] = {
    HandoverState.OPEN: {HandoverState.DONE, HandoverState.DROPPED},
    HandoverState.DONE: set(),
    HandoverState.DROPPED: set(),
}
TONES = {HandoverState.OPEN: "amber", HandoverState.DONE: "jade", HandoverState.DROPPED: ""}
