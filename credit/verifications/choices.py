"""Kinds, states, steps, channels and results of verifications (domain 7.5)."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

SUBJECT = "verifications.verification"


class Kind(models.TextChoices):
    """What is verified, and with whom."""

    BILL = "bill", _("Bill of lading, with the carrier")
    BUYER = "buyer", _("Buyer, called back at the number of the register")
    VAT = "vat", _("VAT invoice, with the tax authority")
    CREDIT = "credit", _("Letter of credit, through SWIFT")
    WAREHOUSE = "warehouse", _("Warehouse receipt, with the operator")
    LAND = "land", _("Land search")
    COURT = "court", _("Court search")
    CUSTOMS = "customs", _("Customs record")


class State(models.TextChoices):
    """Where a verification stands."""

    OPEN = "open", pgettext_lazy("verification", "To be sent")
    SENT = "sent", pgettext_lazy("verification", "Asked")
    CHASED = "chased", pgettext_lazy("verification", "Asked again")
    DONE = "done", pgettext_lazy("verification", "Settled")


TRANSITIONS: dict[str, set[str]] = {
    State.OPEN: {State.SENT, State.DONE},
    State.SENT: {State.CHASED, State.DONE},
    State.CHASED: {State.DONE},
    State.DONE: set(),
}
WAITING = (State.SENT, State.CHASED)


class Result(models.TextChoices):
    """What came of it."""

    GENUINE = "genuine", pgettext_lazy("verification", "Genuine")
    NOT_ISSUED = "not_issued", pgettext_lazy("verification", "Not issued")
    ALTERED = "altered", pgettext_lazy("verification", "Altered")
    DIFFERENT_SHIPMENT = "different", pgettext_lazy("verification", "Different shipment")
    NO_REPLY = "no_reply", pgettext_lazy("verification", "No reply")
    NOT_CHECKABLE = "unchecked", pgettext_lazy("verification", "Cannot be checked")


ANSWERED = (Result.GENUINE, Result.NOT_ISSUED, Result.ALTERED, Result.DIFFERENT_SHIPMENT)
"""Results that somebody's answer stands behind."""
FLAG_OF = {Result.NOT_ISSUED: "RF-03", Result.ALTERED: "RF-08", Result.NO_REPLY: "RF-05"}
"""Which flag a bill's result raises."""
AFTER = ("RF-01", "RF-02")
"""Flags after which every bill is verified."""
BAD_CHECK_DIGIT, VESSEL_ELSEWHERE, FINANCED_TWICE = "RF-04", "RF-07", "RF-09"
RESULT_TONES = {
    Result.GENUINE: "jade",
    Result.NOT_ISSUED: "seal",
    Result.ALTERED: "seal",
    Result.DIFFERENT_SHIPMENT: "seal",
    Result.NO_REPLY: "amber",
    Result.NOT_CHECKABLE: "amber",
}


class Act(models.TextChoices):
    """What was done."""

    OPEN = "open", pgettext_lazy("verification", "Paper transcribed")
    SHIP = "ship", pgettext_lazy("verification", "Ship’s position")
    SEND = "send", pgettext_lazy("verification", "Asked")
    CHASE = "chase", pgettext_lazy("verification", "Asked again")
    SETTLE = "settle", pgettext_lazy("verification", "Settled")
    NOTE = "note", pgettext_lazy("verification", "Note")


class Channel(models.TextChoices):
    """How something was asked or answered."""

    MAIL = "mail", pgettext_lazy("channel", "E-mail")
    PHONE = "phone", pgettext_lazy("channel", "Telephone")
    LETTER = "letter", pgettext_lazy("channel", "Letter")
    SWIFT = "swift", "SWIFT"
    REGISTER = "register", pgettext_lazy("channel", "Public register")
    WEB = "web", pgettext_lazy("channel", "Web page")


class Ground(models.TextChoices):
    """Why a deal is verified."""

    FIRST = "first", _("First deal of the client")
    FLAGGED = "flagged", _("After RF-01 or RF-02 every deal is verified")
    LARGE = "large", _("Above the bank’s amount")
    RANDOM = "random", _("Drawn by chance")
    CHOSEN = "chosen", _("Chosen by a person")


class CheckWork(models.TextChoices):
    """What somebody has to do about a verification."""

    SEND = "check_send", _("Send a verification")
    CHASE = "check_chase", _("Ask again about a verification")
