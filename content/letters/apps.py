"""The app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LettersConfig(AppConfig):
    """Letter templates at the editors' desk."""

    name = "content.letters"
    label = "letters"
    verbose_name = _("Letter templates")
