"""Severities, origins, states and acts of red flags, and the kinds of work that they give (domain 7.4)."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

SUBJECT = "flags.flag"
TIMELINE = "red_flag"
COMPOSITE = "RF-3M"
"""The code of what three open mediums make; not one of the 45."""


class Severity(models.TextChoices):
    """How bad it is, which sets the clock and who may close it."""

    LOW = "L", pgettext_lazy("red flag", "Low")
    MEDIUM = "M", pgettext_lazy("red flag", "Medium")
    HIGH = "H", pgettext_lazy("red flag", "High")
    CRITICAL = "C", pgettext_lazy("red flag", "Critical")


TONES = {Severity.CRITICAL: "seal", Severity.HIGH: "seal", Severity.MEDIUM: "amber", Severity.LOW: ""}
WORST_FIRST = (Severity.CRITICAL, Severity.HIGH, Severity.MEDIUM, Severity.LOW)


class Origin(models.TextChoices):
    """How a flag came to be raised."""

    PERSON = "person", pgettext_lazy("red flag", "Raised by a person")
    FIGURES = "figures", pgettext_lazy("red flag", "Raised by figures")
    NEWS = "news", pgettext_lazy("red flag", "Taken from the news")
    CHECK = "check", pgettext_lazy("red flag", "Raised by a verification")
    VISIT = "visit", pgettext_lazy("red flag", "Raised at a visit")
    PAYMENT = "payment", pgettext_lazy("red flag", "Raised by a payment")
    TERMS = "terms", pgettext_lazy("red flag", "Raised by a covenant")
    SUM = "sum", pgettext_lazy("red flag", "Follows from other flags")


class FlagState(models.TextChoices):
    """Where a flag stands. A critical one that one of two has signed off is closing."""

    OPEN = "open", pgettext_lazy("red flag", "Open")
    CLOSING = "closing", pgettext_lazy("red flag", "Closing: a second signature is missing")
    CLOSED = "closed", pgettext_lazy("red flag", "Closed")


UNSETTLED = (FlagState.OPEN, FlagState.CLOSING)
FLAG_TRANSITIONS: dict[str, set[str]] = {
    FlagState.OPEN: {FlagState.CLOSING, FlagState.CLOSED},
    FlagState.CLOSING: {FlagState.OPEN, FlagState.CLOSED},
    FlagState.CLOSED: set(),
}


class FlagAct(models.TextChoices):
    """What was done."""

    RAISE = "raise", pgettext_lazy("red flag", "Raised")
    SEEN = "seen", pgettext_lazy("red flag", "Seen again")
    READ = "read", pgettext_lazy("red flag", "Read")
    NOTE = "note", pgettext_lazy("red flag", "Note")
    EXPLAIN = "explain", pgettext_lazy("red flag", "Explained")
    PLAN = "plan", pgettext_lazy("red flag", "Plan")
    VISIT = "visit", pgettext_lazy("red flag", "Visited")
    LEGAL = "legal", pgettext_lazy("red flag", "Legal department told")
    LATE = "late", pgettext_lazy("red flag", "Late: passed up")
    COUNT = "count", pgettext_lazy("red flag", "Counted with others")
    SUSPEND = "suspend", pgettext_lazy("red flag", "Undrawn limits suspended")
    RESTORE = "restore", pgettext_lazy("red flag", "Limits restored")
    SIGN = "sign", pgettext_lazy("red flag", "First signature for closing")
    KEEP = "keep", pgettext_lazy("red flag", "Not closed")
    CLOSE = "close", pgettext_lazy("red flag", "Closed")


ANSWERS = (FlagAct.NOTE, FlagAct.EXPLAIN, FlagAct.PLAN, FlagAct.VISIT, FlagAct.LEGAL)
"""What whoever looks after the client says or does about a flag, and those who call in the legal department."""


class SuggestionState(models.TextChoices):
    """What became of a flag that the news suggests."""

    OPEN = "open", pgettext_lazy("suggested flag", "To look at")
    TAKEN = "taken", pgettext_lazy("suggested flag", "Flag raised")
    REFUSED = "refused", pgettext_lazy("suggested flag", "No flag")


class FlagWork(models.TextChoices):
    """What somebody has to do about a flag."""

    NOTE = "flag_note", _("Note on a red flag")
    EXPLAIN = "flag_explain", _("Explain a red flag")
    PLAN = "flag_plan", _("Plan for a red flag")
    VISIT = "flag_visit", _("Visit because of a red flag")
    READ = "flag_read", _("Read a red flag")
    ALERT = "flag_alert", _("Critical red flag")
    LEGAL = "flag_legal", _("Call in the legal department")
    LATE = "flag_late", _("Late on a red flag")
    CLOSE = "flag_close", _("Second signature on a red flag")


WORK_OF = {
    FlagAct.NOTE: FlagWork.NOTE,
    FlagAct.EXPLAIN: FlagWork.EXPLAIN,
    FlagAct.PLAN: FlagWork.PLAN,
    FlagAct.VISIT: FlagWork.VISIT,
    FlagAct.LEGAL: FlagWork.LEGAL,
}
"""Which work an answer does."""
CLOCKED = tuple(WORK_OF.values())
