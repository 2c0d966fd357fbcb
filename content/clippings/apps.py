"""The app."""

from django.apps import AppConfig
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _


class ClippingsConfig(AppConfig):
    """Clippings of the papers."""

    name = "content.clippings"
    label = "clippings"
    verbose_name = _("News")

    def ready(self) -> None:
        """Listen to what editors publish."""
        import_string("content.clippings.editing.follow")
