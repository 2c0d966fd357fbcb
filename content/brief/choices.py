"""Why a story stands in somebody's brief, and the kind of its work item."""

from django.db import models
from django.utils.translation import gettext_lazy as _

READING = "reading"
"""The kind of the work item that asks for half an hour of reading by ten (domain 2.2, step 0)."""


class Why(models.TextChoices):
    """Why a story stands in the brief, in the order in which it is read."""

    CLIENT = "client", _("Your clients")
    PROSPECT = "prospect", _("Your prospects")
    SECTOR = "sector", _("Your sectors")
    COMPETITOR = "competitor", _("Competitors")
