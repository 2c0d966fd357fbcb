"""What an endorser says, and the kinds of work and news of the handoff."""

from django.db import models
from django.utils.translation import pgettext_lazy

WORK = "pack_endorse"
"""The work item that waits for the endorser, and the kind of request in the approvals inbox."""
NEWS = "pack_endorsed"
CHAIN, WHOLE_BANK = "pack seals", 0
"""The sequence that numbers the seals of the whole bank: its row is the chain's lock."""
EVENT = "pack_handed_off"
"""Announced with `pack_id` and `version_id` once a pack is with the credit department."""


class Verdict(models.TextChoices):
    """The endorser's word."""

    ENDORSE = "endorse", pgettext_lazy("credit pack", "Endorse")
    SEND_BACK = "send_back", pgettext_lazy("credit pack", "Send back")


class Act(models.TextChoices):
    """What an endorser may do with a request that waits."""

    ENDORSE = "endorse", pgettext_lazy("credit pack", "Endorse")
    SEND_BACK = "send_back", pgettext_lazy("credit pack", "Send back")
    PASS_UP = "pass_up", pgettext_lazy("credit pack", "Pass up")
