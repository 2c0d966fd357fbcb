"""States of a paper, how badly it is needed, and what is done with it (domain 6.3, 6.4)."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Need(models.TextChoices):
    """How badly a paper is needed."""

    REQUIRED = "required", pgettext_lazy("paper", "Required")
    CONDITIONAL = "conditional", pgettext_lazy("paper", "If it applies")
    DRAWDOWN = "drawdown", _("Before the first drawing")
    OFF = "off", _("Not asked for")


class ItemState(models.TextChoices):
    """Where a paper stands. EXPIRED is not written: it follows from the day until which the paper is good."""

    MISSING = "missing", pgettext_lazy("paper", "Missing")
    REQUESTED = "requested", pgettext_lazy("paper", "Requested")
    RECEIVED = "received", pgettext_lazy("paper", "Received")
    CHECKED = "checked", pgettext_lazy("paper", "Checked")
    EXPIRED = "expired", pgettext_lazy("paper", "Expired")
    WAIVED = "waived", pgettext_lazy("paper", "Waived")
    NOT_APPLICABLE = "na", pgettext_lazy("paper", "Does not apply")


class Group(models.TextChoices):
    """The headings under which papers stand."""

    COMPANY = "company", _("Company papers")
    ACCOUNTS = "accounts", _("Accounts and bank")
    TRADE = "trade", _("Trade")
    BANK = "bank", _("Checks by the bank")
    FACILITY = "facility", _("For the facilities")
    SECURITY = "security", _("For the security")
    GUARANTOR = "guarantor", _("Guarantors")


class AskedOf(models.TextChoices):
    """Who is to bring a paper of the bank's own: the borrower, or each guarantor of a pack."""

    BORROWER = "borrower", _("The borrower")
    COMPANIES = "companies", _("Each guarantor that is a company")
    PEOPLE = "people", _("Each guarantor that is a person")
    GUARANTORS = "guarantors", _("Each guarantor")


class WaiverState(models.TextChoices):
    """A waiver waits for a head."""

    ASKED = "asked", pgettext_lazy("waiver", "Asked for")
    GRANTED = "granted", pgettext_lazy("waiver", "Granted")
    REFUSED = "refused", pgettext_lazy("waiver", "Refused")
    OVER = "over", _("Not needed any more")


class WaiverAct(models.TextChoices):
    """What a head says."""

    APPROVE = "approve", _("Grant")
    REFUSE = "refuse", _("Refuse")


class EditionState(models.TextChoices):
    """A paper of the bank's own, as it is proposed, waits for a second person."""

    PROPOSED = "proposed", _("Waiting for a second person")
    APPROVED = "approved", _("Approved")
    REFUSED = "refused", _("Refused")
    WITHDRAWN = "withdrawn", _("Withdrawn")


EDITION_TRANSITIONS = {EditionState.PROPOSED: {EditionState.APPROVED, EditionState.REFUSED, EditionState.WITHDRAWN}}


class Source(models.TextChoices):
    """Whether a letter to the client may ask for it."""

    CLIENT = "client", _("The client brings it")
    BANK = "bank", _("The bank makes or gets it")


class ChecklistWork(models.TextChoices):
    """What somebody has to do about papers."""

    EDITION = "paper_edition", _("Change of the checklist")

    WAIVE = "paper_waiver", _("Waiver of a paper")
    EXPIRES = "paper_expires", _("Papers expire")


class WaivedBy(models.TextChoices):
    """Who waives a paper at least."""

    TH = "TH", _("Team head")
    RCH = "RCH", _("Centre head")
    NEVER = "never", pgettext_lazy("waives", "Nobody")


LEVELS = (WaivedBy.TH.value, WaivedBy.RCH.value)
NEVER = WaivedBy.NEVER.value
HERE = frozenset({ItemState.RECEIVED, ItemState.CHECKED})
WAIVER = "checklists.waiver"
