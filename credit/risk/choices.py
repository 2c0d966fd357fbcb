"""The five loan classes of both jurisdictions, the internal risk classes, and the steps of a proposed change (domain 7.1)."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from credit.reviews.choices import Rating

__all__ = ["Ground", "LoanClass", "ProposalState", "Rating", "Watch"]


class LoanClass(models.IntegerChoices):
    """The supervisor's five categories, the best first; the same in Hong Kong and on the mainland, where their words differ."""

    PASS = 1, pgettext_lazy("loan class", "Pass")
    SPECIAL_MENTION = 2, pgettext_lazy("loan class", "Special mention")
    SUBSTANDARD = 3, pgettext_lazy("loan class", "Substandard")
    DOUBTFUL = 4, pgettext_lazy("loan class", "Doubtful")
    LOSS = 5, pgettext_lazy("loan class", "Loss")


class Watch(models.TextChoices):
    """Why a client whose loans pass is watched more closely, as R3."""

    TRADE = "trade", _("Mostly trade finance")
    NEW = "new", _("New to the bank")
    FLAG = "flag", _("A medium red flag is open")


class Ground(models.TextChoices):
    """What moved a class."""

    OPENED = "opened", pgettext_lazy("risk class", "First class")
    DAYS = "days", pgettext_lazy("risk class", "Days overdue")
    WATCH = "watch", pgettext_lazy("risk class", "Closer watch")
    EVIDENCE = "evidence", pgettext_lazy("risk class", "Evidence")
    SET = "set", pgettext_lazy("risk class", "Set by credit")


class ProposalState(models.TextChoices):
    """A manager proposes, the head reviews, an approver of credit sets."""

    PROPOSED = "proposed", pgettext_lazy("risk class", "Waits for the head")
    REVIEWED = "reviewed", pgettext_lazy("risk class", "Waits for credit")
    SET = "set", pgettext_lazy("risk class", "Set")
    REFUSED = "refused", pgettext_lazy("risk class", "Refused")
    WITHDRAWN = "withdrawn", pgettext_lazy("risk class", "Withdrawn")


PROPOSAL_TRANSITIONS: dict[str, set[str]] = {
    ProposalState.PROPOSED: {ProposalState.REVIEWED, ProposalState.REFUSED, ProposalState.WITHDRAWN},
    ProposalState.REVIEWED: {ProposalState.SET, ProposalState.REFUSED, ProposalState.WITHDRAWN},
    ProposalState.SET: set(),
    ProposalState.REFUSED: set(),
    ProposalState.WITHDRAWN: set(),
}
PENDING = (ProposalState.PROPOSED, ProposalState.REVIEWED)
