"""The app."""

from django.apps import AppConfig
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _


class LibraryConfig(AppConfig):
    """The information library."""

    name = "content.library"
    label = "library"
    verbose_name = _("Information")

    def ready(self) -> None:
        """Listen to what editors publish."""
        import_string("content.library.editing.follow")
