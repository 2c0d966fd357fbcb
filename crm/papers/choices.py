"""Languages of papers, and what can be wrong with one."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Language(models.TextChoices):
    """In what a client is written to."""

    EN = "en", "English"
    HANT = "zh-hant", "繁體中文"
    HANS = "zh-hans", "简体中文"


COLUMNS = {Language.EN.value: "en", Language.HANT.value: "hant", Language.HANS.value: "hans"}
"""The ending of a language's columns."""


class Step(models.TextChoices):
    """When a paper was refused."""

    SAVE = "save", _("When saved")
    RENDER = "render", _("When written")
    PDF = "pdf", _("When made a PDF")


class FaultKind(models.TextChoices):
    """Why."""

    FORM = "form", _("Braces")
    FIELD = "field", _("Field not allowed")
    PHRASE = "phrase", _("Words that never reach a client")
