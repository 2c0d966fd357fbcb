"""Languages, events and classes of clippings; where a mention stands."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Language(models.TextChoices):
    """The language and script that a clipping is written in."""

    EN = "en", _("English")
    HANT = "zh-hant", _("Traditional Chinese")
    HANS = "zh-hans", _("Simplified Chinese")


class Event(models.TextChoices):
    """What happened to a company (domain 2.2, step 0), and two more that papers write of daily."""

    LISTING = "listing", _("Listing within a year")
    EXPANSION = "expansion", _("Expansion")
    PLANT = "plant", _("New plant")
    CONTRACT = "contract", _("Contract won")
    BOND = "bond", _("Bond")
    RELOCATION = "relocation", _("Relocation")
    MANAGEMENT = "management", _("Management change")
    LITIGATION = "litigation", _("Litigation")
    DEFAULT = "default", _("Default")
    RESULTS = "results", _("Results")
    COMPETITOR = "competitor", _("Competitor move")


TONES = {Event.LITIGATION: "seal", Event.DEFAULT: "seal", Event.COMPETITOR: "amber", Event.MANAGEMENT: "amber"}
"""The tone of an event's chip, where it is not plain."""


class Class(models.TextChoices):
    """Who may read it (domain 1.3): everybody, the bank's business side, or the few inside a deal."""

    PUBLIC = "P", pgettext_lazy("class of information", "Public")
    INTERNAL = "I", pgettext_lazy("class of information", "Internal")
    DEAL = "D", pgettext_lazy("class of information", "Deal")


class MentionState(models.TextChoices):
    """Where a mention stands: found for certain, to be confirmed, or ruled on by a person, whose answer no machine changes."""

    LINKED = "linked", _("Linked")
    SUGGESTED = "suggested", _("To confirm")
    CONFIRMED = "confirmed", _("Confirmed")
    REFUSED = "refused", _("Refused")


STANDING = (MentionState.LINKED, MentionState.CONFIRMED)
RULED = (MentionState.CONFIRMED, MentionState.REFUSED)

MENTION_TRANSITIONS = {
    MentionState.LINKED: {MentionState.CONFIRMED, MentionState.REFUSED},
    MentionState.SUGGESTED: {MentionState.CONFIRMED, MentionState.REFUSED},
    MentionState.CONFIRMED: {MentionState.REFUSED},
    MentionState.REFUSED: {MentionState.CONFIRMED},
}
