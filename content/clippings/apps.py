"""The app."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _


class ClippingsConfig(AppConfig):
    """Clippings of the papers."""

    name = "content.clippings"
    label = "clippings"
    verbose_name = _("News")

    def ready(self) -> None:
        """Listen to what editors publish; have their workflow."""
        import_string("content.clippings.editing.follow")
        post_migrate.connect(import_string("content.clippings.workflow.ensure_workflow"), sender=self)
