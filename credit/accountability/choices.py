"""What people write into an accountability file, how it is read, and where it stands (domain 7.7)."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

SUBJECT = "accountability.dutyfile"


class EntryKind(models.TextChoices):
    """What is written down."""

    INSTRUCTION = "instruction", pgettext_lazy("accountability", "Instruction received")
    OBJECTION = "objection", pgettext_lazy("accountability", "Objection in writing")
    NOTE = "note", pgettext_lazy("accountability", "Note")


WITH_ANOTHER = (EntryKind.INSTRUCTION, EntryKind.OBJECTION)
"""Somebody stands on the other side: who gave it, or to whom it was addressed."""


class Way(models.TextChoices):
    """How a file was read."""

    PAGE = "page", pgettext_lazy("accountability", "Page")
    PDF = "pdf", "PDF"
    PAPER = "paper", pgettext_lazy("accountability", "Paper of an entry")
    API = "api", "API"


class Standing(models.TextChoices):
    """How a duty was met."""

    ON_TIME = "on_time", pgettext_lazy("duty", "On time")
    LATE = "late", pgettext_lazy("duty", "Late")
    MISSING = "missing", pgettext_lazy("duty", "Not done")


TONES = {Standing.ON_TIME: "jade", Standing.LATE: "amber", Standing.MISSING: "seal"}


class Outcome(models.TextChoices):
    """What a committee decides on a frozen file."""

    FULL_DILIGENCE = "full", pgettext_lazy("accountability", "Full diligence: exempt")
    PARTIAL = "partial", pgettext_lazy("accountability", "Part of the responsibility")
    MAJOR = "major", pgettext_lazy("accountability", "Major responsibility")
    FRAUD = "fraud", pgettext_lazy("accountability", "Fraud")


OUTCOME_TONES = {Outcome.FULL_DILIGENCE: "jade", Outcome.PARTIAL: "amber", Outcome.MAJOR: "seal", Outcome.FRAUD: "seal"}


class Bench(models.TextChoices):
    """The three sides of a committee; each has at least one member."""

    HR = "hr", pgettext_lazy("committee", "Human resources")
    AUDIT = "audit", pgettext_lazy("committee", "Internal audit")
    CREDIT = "credit", pgettext_lazy("committee", "Credit department")


class CommitteeWork(models.TextChoices):
    """What somebody has to do about a frozen file."""

    ANSWER = "accountability_answer", _("Answer before the accountability committee")
    CLOSE = "accountability_close", _("Close the vote of the accountability committee")
