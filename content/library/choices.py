"""Kinds and classes of what is in the library."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Kind(models.TextChoices):
    """Kinds of information (domain 8.1)."""

    PRODUCT = "product", _("Product sheet")
    INDUSTRY = "industry", pgettext_lazy("kind of information", "Industry")
    MANAGEMENT = "management", _("Business management")
    PRIVATE = "private", _("Private interests")


class Class(models.TextChoices):
    """Who reads it (domain 1.3). Only what is public may go to a client."""

    PUBLIC = "P", _("Public")
    INTERNAL = "I", _("Internal")


class Language(models.TextChoices):
    """In what it is written."""

    EN = "en", "English"
    HANT = "zh-hant", "繁體中文"
    HANS = "zh-hans", "简体中文"


COLUMNS = {Language.EN.value: "en", Language.HANT.value: "hant", Language.HANS.value: "hans"}
"""The ending of a language's columns."""

SHORT = {Language.EN.value: "EN", Language.HANT.value: "繁", Language.HANS.value: "简"}
"""A language as lists show it."""
