"""Levels, outcomes, votes, kinds and states of conditions (domain 6.7, 6.8)."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from credit.packs.choices import State


class Level(models.TextChoices):
    """Who may decide at least: an approver of a grade, or the committee."""

    CO1 = "CO1", _("Credit approver 1")
    CO2 = "CO2", _("Credit approver 2")
    CO3 = "CO3", _("Credit approver 3")
    CC = "CC", _("Credit committee")


LEVELS = tuple(Level)
APPROVERS = (Level.CO1, Level.CO2, Level.CO3)


class Ground(models.TextChoices):
    """Why a pack goes to a level."""

    AMOUNT = "amount", _("Exposure of the group after the request")
    RATING = "rating", _("Risk class R4 or worse")
    CONNECTED = "connected", _("Connected party")
    EXCEPTION = "exception", _("Critical exception to policy")
    APPEAL = "appeal", _("Appeal: the next level")
    PASSED_UP = "passed_up", _("Passed up")


class Outcome(models.TextChoices):
    """What was decided; returning a pack is the review's."""

    APPROVED = "approved", pgettext_lazy("credit decision", "Approved")
    APPR_COND = "appr_cond", pgettext_lazy("credit decision", "Approved with conditions")
    DECLINED = "declined", pgettext_lazy("credit decision", "Declined")
    DEFERRED = "deferred", pgettext_lazy("credit decision", "Deferred")


STATE_OF = {
    Outcome.APPROVED: State.APPROVED,
    Outcome.APPR_COND: State.APPR_COND,
    Outcome.DECLINED: State.DECLINED,
    Outcome.DEFERRED: State.DEFERRED,
}
GRANTS = (Outcome.APPROVED, Outcome.APPR_COND)


class Word(models.TextChoices):
    """What an approver says, and what a motion of the committee is for."""

    APPROVE = "approve", pgettext_lazy("credit decision", "Approve")
    DECLINE = "decline", pgettext_lazy("credit decision", "Decline")
    DEFER = "defer", pgettext_lazy("credit decision", "Defer")


PASS_UP = "pass_up"  # noqa: S105 - no password


class Choice(models.TextChoices):
    """A member's vote. Who abstains is present."""

    FOR = "for", pgettext_lazy("vote", "For")
    AGAINST = "against", pgettext_lazy("vote", "Against")
    ABSTAIN = "abstain", pgettext_lazy("vote", "Abstains")


class MotionState(models.TextChoices):
    """A motion is open until its chair closes it."""

    OPEN = "open", pgettext_lazy("motion", "Open")
    CARRIED = "carried", pgettext_lazy("motion", "Carried")
    FELL = "fell", pgettext_lazy("motion", "Fell")


class ConditionKind(models.TextChoices):
    """Before the limit is live, or after."""

    PRECEDENT = "precedent", _("Before the limit is live")
    SUBSEQUENT = "subsequent", _("Afterwards, by a day")


class ConditionType(models.TextChoices):
    """What a condition is about (domain 6.7)."""

    LEGAL = "legal", pgettext_lazy("condition", "Legal")
    SECURITY = "security", pgettext_lazy("condition", "Security")
    KYC = "kyc", pgettext_lazy("condition", "Identity and checks")
    FINANCIAL = "financial", pgettext_lazy("condition", "Financial")
    INSURANCE = "insurance", pgettext_lazy("condition", "Insurance")
    EQUITY = "equity", pgettext_lazy("condition", "Equity")


class ConditionState(models.TextChoices):
    """Proposed with the case, open from the decision on."""

    PROPOSED = "proposed", pgettext_lazy("condition", "Proposed")
    DROPPED = "dropped", pgettext_lazy("condition", "Dropped")
    OPEN = "open", pgettext_lazy("condition", "Open")
    SHOWN = "shown", pgettext_lazy("condition", "Shown, to be checked")
    MET = "met", pgettext_lazy("condition", "Met")
    WAIVED = "waived", pgettext_lazy("condition", "Waived")


CONDITION_TRANSITIONS: dict[str, set[str]] = {
    ConditionState.PROPOSED: {ConditionState.OPEN, ConditionState.DROPPED},
    ConditionState.OPEN: {ConditionState.SHOWN, ConditionState.WAIVED},
    ConditionState.SHOWN: {ConditionState.MET, ConditionState.OPEN, ConditionState.WAIVED},
    ConditionState.MET: set(),
    ConditionState.WAIVED: set(),
    ConditionState.DROPPED: set(),
}
SETTLED = (ConditionState.MET, ConditionState.WAIVED)


class LifeWork(models.TextChoices):
    """What somebody has to do about what was granted."""

    LETTER = "credit_letter", _("Facility letter to be sent")
    CONDITION = "credit_condition", _("Condition falls due")
    BREACH = "credit_condition_late", _("Condition is overdue")
    ANNUAL = "credit_annual", _("Annual review falls due")


LETTER_NEWS, CONDITION_NEWS, LIMIT_NEWS = "credit_letter", "credit_condition", "credit_limit"
"""Kinds of what staff are told."""
BREACHED = "pack_condition_breached"
"""Announced with `pack_id` and `condition_id` on the day after a condition was due."""
LETTER_CONTEXT = "facility_letter"
"""The purpose under which editors write facility letters."""
