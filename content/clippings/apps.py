"""The app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ClippingsConfig(AppConfig):
    """Clippings of the papers."""

    name = "content.clippings"
    label = "clippings"
    verbose_name = _("News")
