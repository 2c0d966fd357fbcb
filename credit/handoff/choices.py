"""What an endorser says, the kinds of work and news of the handoff, and what systems are told of a pack's steps."""

from django.db import models
from django.utils.translation import pgettext_lazy

from credit.packs.choices import Act as Step

WORK = "pack_endorse"
"""The work item that waits for the endorser, and the kind of request in the approvals inbox."""
NEWS = "pack_endorsed"
CHAIN, WHOLE_BANK = "pack seals", 0
"""The sequence that numbers the seals of the whole bank: its row is the chain's lock."""
EVENT = "pack_handed_off"
"""Announced with `pack_id` and `version_id` once a pack is with the credit department."""


EVENT_NAMES: dict[str, str] = {
    Step.ENDORSE: "pack.handed_off",  # from the second version on: pack.resubmitted
    Step.SEND_BACK: "pack.sent_back",
    Step.SUBMIT: "version.superseded",  # of the first version nobody hears: the pack is not handed off
    Step.OPEN_VERSION: "version.on_hold",
    Step.DROP_VERSION: "version.restored",
    Step.WITHDRAW: "pack.withdrawn",
    Step.ASSIGN: "pack.in_review",
    Step.START_MEMO: "pack.moved",
    Step.SEND_FACTS: "pack.moved",
    Step.CHECK_FACTS: "pack.moved",
    Step.ASK: "questions.asked",
    Step.ANSWER: "question.answered",
    Step.RESUME: "pack.resumed",
    Step.RETURN: "pack.returned",
    Step.ROUTE: "pack.for_decision",
    Step.DECIDE: "pack.decided",
    Step.ANSWER_DEFERRAL: "pack.in_review",
    Step.APPEAL: "pack.appealed",
    Step.OFFER: "pack.offered",
    Step.ACCEPT: "pack.accepted",
    Step.LAPSE: "pack.lapsed",
    Step.OPEN_CONDITIONS: "pack.conditions_open",
    Step.GO_LIVE: "pack.available",
    Step.SUSPEND: "pack.suspended",
    Step.RESTORE: "pack.restored",
    Step.REVIEW_DUE: "pack.review_due",
    Step.CANCEL: "pack.cancelled",
    Step.MATURE: "pack.matured",
}
"""The name under which systems hear of a step. Other steps are the relationship manager's and are told to none."""


class Verdict(models.TextChoices):
    """The endorser's word."""

    ENDORSE = "endorse", pgettext_lazy("credit pack", "Endorse")
    SEND_BACK = "send_back", pgettext_lazy("credit pack", "Send back")


class Act(models.TextChoices):
    """What an endorser may do with a request that waits."""

    ENDORSE = "endorse", pgettext_lazy("credit pack", "Endorse")
    SEND_BACK = "send_back", pgettext_lazy("credit pack", "Send back")
    PASS_UP = "pass_up", pgettext_lazy("credit pack", "Pass up")
