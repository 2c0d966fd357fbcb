"""The app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PapersConfig(AppConfig):
    """Papers for clients."""

    name = "crm.papers"
    label = "papers"
    verbose_name = _("Letters")
