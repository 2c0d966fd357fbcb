"""Types, levels and states of concessions (domain 5.1, 5.3), and what leads from one state to the next."""

from enum import IntEnum

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """The ten types (domain 5.1)."""

    CT1 = "CT1", _("Loan margin cut")
    CT2 = "CT2", _("Deposit rate uplift")
    CT3 = "CT3", _("Fee discount or waiver")
    CT4 = "CT4", _("FX spread cut")
    CT5 = "CT5", _("Temporary excess")
    CT6 = "CT6", _("Document deferral")
    CT7 = "CT7", _("Drawing on uncleared items")
    CT8 = "CT8", _("LC cash-margin cut")
    CT9 = "CT9", _("Cut-off extension")
    CT10 = "CT10", _("Prepayment fee waiver")


class Level(IntEnum):
    """Who decides: the six grades, and beyond them the credit department or the head of operations. Class R."""

    ARM = 1
    RM = 2
    SRM = 3
    TH = 4
    RCH = 5
    HO = 6
    CREDIT = 7
    OPERATIONS = 8


GRADED = (Level.ARM, Level.RM, Level.SRM, Level.TH, Level.RCH, Level.HO)
IN_CENTRE = GRADED[:5]
ROLE_AT = {level: level.name for level in GRADED} | {Level.CREDIT: "CO", Level.OPERATIONS: "OPS"}
"""The role that serves the queue of a level."""

VALUE_KINDS = (Kind.CT1, Kind.CT2, Kind.CT3, Kind.CT4, Kind.CT10)
"""Told to the client with a gap (domain 5.4), and applied only after that."""
CREDIT_KINDS = (Kind.CT5, Kind.CT8)
"""The credit department is told and may object; closed for risk classes R4 and R5."""
KYC_KINDS = (Kind.CT1, Kind.CT2, Kind.CT3, Kind.CT4)
"""Blocked by an overdue KYC review (domain 1.3, rule 8)."""
ONCE_A_QUARTER = (Kind.CT5, Kind.CT7)
"""Forgo no income, but count once per quarter: a further one goes one level up."""
CLOSED_CLASSES = ("R4", "R5")


class State(models.TextChoices):
    """Where a concession stands."""

    REQUESTED = "requested", _("Waits for a decision")
    RETURNED = "returned", _("Returned with a question")
    APPROVED = "approved", _("Granted")
    PART = "part", _("Granted in part")
    REFUSED = "refused", _("Refused")
    VETOED = "vetoed", _("Stopped by credit")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    APPLIED = "applied", _("In force")
    LAPSED = "lapsed", _("Not taken up")
    EXPIRED = "expired", _("Over, back to the card rate")
    RENEWED = "renewed", _("Renewed")
    REVOKED = "revoked", _("Revoked")


_GRANTED_TO = {State.APPLIED, State.LAPSED, State.REVOKED, State.VETOED}
TRANSITIONS: dict[str, set[str]] = {
    State.REQUESTED: {State.RETURNED, State.APPROVED, State.PART, State.REFUSED, State.VETOED, State.WITHDRAWN, State.REQUESTED},
    State.RETURNED: {State.REQUESTED, State.WITHDRAWN, State.VETOED},
    State.APPROVED: set(_GRANTED_TO),
    State.PART: set(_GRANTED_TO),
    State.REFUSED: set(),
    State.VETOED: set(),
    State.WITHDRAWN: set(),
    State.APPLIED: {State.EXPIRED, State.RENEWED, State.REVOKED},
    State.LAPSED: set(),
    State.EXPIRED: {State.RENEWED},
    State.RENEWED: set(),
    State.REVOKED: set(),
}
OPEN = (State.REQUESTED, State.RETURNED)
GRANTED = (State.APPROVED, State.PART)
STANDING = (*GRANTED, State.APPLIED)
DECIDED = (State.APPROVED, State.PART, State.REFUSED)
COUNTED = (*OPEN, *GRANTED, State.APPLIED, State.EXPIRED, State.RENEWED, State.REVOKED)
"""Added together within thirty days (domain 5.3): all but what was refused, withdrawn or not taken up."""


class Act(models.TextChoices):
    """What somebody did with a concession."""

    REQUESTED = "requested", _("Asked for")
    EXERCISED = "exercised", _("Own authority exercised")
    ANSWERED = "answered", _("Question answered")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    RETURNED = "returned", _("Returned with a question")
    PASSED_UP = "passed_up", _("Passed up with an opinion")
    ESCALATED = "escalated", _("Passed up by the clock")
    APPROVED = "approved", _("Granted")
    PART = "part", _("Granted in part")
    REFUSED = "refused", _("Refused")
    CLEARED = "cleared", _("Credit does not object")
    VETOED = "vetoed", _("Stopped by credit")
    TOLD = "told", _("Client told")
    APPLIED = "applied", _("In force")
    LAPSED = "lapsed", _("Not taken up")
    KEPT = "kept", _("Promise kept")
    EXPIRED = "expired", _("Over, back to the card rate")
    RENEWED = "renewed", _("Renewed")
    REVOKED = "revoked", _("Revoked")
    CONFIRMED = "confirmed", _("Exercise confirmed")
    COACHED = "coached", _("Exercise talked over")
    REVERSED = "reversed", _("Exercise reversed from now on")
    LETTER = "letter", _("Letter written")


HIDDEN_ACTS = (Act.PASSED_UP, Act.ESCALATED)
"""Would tell a relationship manager which level decides."""
RULING_ACTS = (Act.APPROVED, Act.PART, Act.REFUSED, Act.RETURNED, Act.CLEARED, Act.VETOED)
"""Shown to relationship managers without who did it."""


class DecideAct(models.TextChoices):
    """What a decider may do with a request."""

    APPROVE = "approve", _("Grant")
    PART = "part", _("Grant in part")
    REFUSE = "refuse", _("Refuse")
    RETURN = "return", _("Return")
    PASS_UP = "pass_up", _("Pass up")


class ReviewAct(models.TextChoices):
    """What a reviewer says of an exercise of own authority."""

    CONFIRM = "confirm", _("Confirm")
    COACH = "coach", _("Talk it over")
    REVERSE = "reverse", _("Reverse from now on")


class CreditAct(models.TextChoices):
    """What the credit department says within its two hours."""

    CLEAR = "clear", _("No objection")
    VETO = "veto", _("Stop it")


class ReviewState(models.TextChoices):
    """Every exercise is in the population; those that a rule or the draw picks are reviewed."""

    NONE = "", "—"
    POPULATION = "population", _("Not drawn")
    DUE = "due", _("To be reviewed")
    CONFIRMED = "confirmed", _("Confirmed")
    COACHED = "coached", _("Talked over")
    REVERSED = "reversed", _("Reversed")


class CreditState(models.TextChoices):
    """Whether credit may still object."""

    NONE = "", "—"
    OPEN = "open", _("May still object")
    CLEARED = "cleared", _("Does not object")
    VETOED = "vetoed", _("Objected")


class TellChannel(models.TextChoices):
    """How the client was told."""

    MEETING = "meeting", _("In person")
    PHONE = "phone", _("By phone")
    LETTER = "letter", _("By letter")
    EMAIL = "email", _("By e-mail")


class ClientReaction(models.TextChoices):
    """How the client took it."""

    PLEASED = "pleased", _("Pleased")
    NEUTRAL = "neutral", _("Took note")
    ASKS_MORE = "asks_more", _("Asks for more")
    DECLINED = "declined", _("Does not take it up")


class WorkKindName(models.TextChoices):
    """Kinds of work items that concessions write."""

    DECIDE = "concession", _("Concession")
    REVIEW = "concession_review", _("Exercise to review")
    CREDIT = "concession_credit", _("Excess or margin: credit’s word")
    TELL = "concession_tell", _("Tell the client")
    ANSWER = "concession_answer", _("Answer a question")
    PROMISE = "concession_promise", _("Promise of the client")
    LATE = "concession_late", _("Client not told in time")
    PROBING = "concession_probing", _("Many tries at concessions")


class TimelineName(models.TextChoices):
    """Kinds of timeline rows."""

    ASKED = "concession_asked", _("Concession asked for")
    GRANTED = "concession_granted", _("Concession granted")
    REFUSED = "concession_refused", _("Concession refused")
    TOLD = "concession_told", _("Concession told")
    ENDED = "concession_ended", _("Concession ended")


class ProbeVia(models.TextChoices):
    """Where somebody looked whose decision a concession would be."""

    PAGE = "page", _("Form")
    API = "api", _("API")
    COMMAND = "command", _("Command line")
    EXERCISE = "exercise", _("Own authority tried")


LINE, TEXT = 300, 2_000
