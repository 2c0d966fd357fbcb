"""Units of figures, states of a proposed change, and the roles that policy asks for by code (people stand above this package)."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

GRADE_KEYS = ("ARM", "RM", "SRM", "TH", "RCH", "HO")
"""The keys of figures by grade, from the lowest to the highest: the codes of the roles."""
TEAM_HEAD, CENTRE_HEAD, HEAD_OFFICE = "TH", "RCH", "HO"
CENTRE_GRADE, TOP_GRADE = 5, 6
READ_ALL = (HEAD_OFFICE, "COMP", "AUD")


class Unit(models.TextChoices):
    """What the values of a table are, and so how they are written down and shown."""

    MONEY = "money", _("Amount of money")
    DAYS = "days", _("Days")
    MONTHS = "months", _("Months")
    HOURS = "hours", _("Hours")
    MINUTES = "minutes", _("Minutes")
    TIMES = "times", _("Times")
    COUNT = "count", pgettext_lazy("unit", "Number")
    PERCENT = "percent", _("Percent")
    BASIS_POINTS = "bp", _("Basis points")
    POINTS = "points", _("Points")
    MEGABYTES = "mb", _("Megabytes")
    TEXT = "text", pgettext_lazy("policy", "Text")
    WORDS = "words", _("Words, one a line")
    SPANS = "spans", _("Opening hours")


NUMBERS = frozenset(Unit) - {Unit.TEXT, Unit.WORDS, Unit.SPANS}


class Jurisdiction(models.TextChoices):
    """Where a figure holds. A jurisdiction's own figure stands before the one for everywhere."""

    EVERYWHERE = "", pgettext_lazy("policy", "Everywhere")
    HK = "HK", _("Hong Kong")
    CN = "CN", _("Mainland China")


class ChangeState(models.TextChoices):
    """A proposed change waits for a second person."""

    PROPOSED = "proposed", _("Waiting for a second person")
    APPROVED = "approved", _("Approved")
    REFUSED = "refused", _("Refused")
    WITHDRAWN = "withdrawn", _("Withdrawn")


CHANGE_TRANSITIONS = {ChangeState.PROPOSED: {ChangeState.APPROVED, ChangeState.REFUSED, ChangeState.WITHDRAWN}}


class WorkKindName(models.TextChoices):
    """What somebody has to do about a change."""

    DECIDE = "policy_change", _("Policy change")
