"""The app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BriefConfig(AppConfig):
    """The morning brief."""

    name = "content.brief"
    label = "brief"
    verbose_name = _("Morning brief")
