"""How sure a mention is, and why."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class MentionKind(TextChoices):
    """A link stands by itself; a suggestion waits for a person's yes."""

    LINK = "link", _("Link")
    SUGGESTION = "suggestion", _("Suggestion")


class Reason(TextChoices):
    """What made a mention a link or a suggestion."""

    FULL = "full", _("Full name")
    LISTED = "listed", _("Name held for the company")
    SHORT = "short", _("Short name of one company")
    CODE = "code", _("Stock code")
    TOGETHER = "together", _("Short name beside another name of the company")
    CONFIRMED = "confirmed", _("Confirmed by a person")
    SEVERAL = "several", _("Several companies share this name")
    COMMON = "common", _("Common word")
    BRIEF = "brief", _("Only two or three characters")
    LONGER = "longer", _("Perhaps part of a longer name")
    SMALL = "small", _("Not written as a name")
