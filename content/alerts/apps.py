"""The app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AlertsConfig(AppConfig):
    """Alerts."""

    name = "content.alerts"
    label = "alerts"
    verbose_name = _("Alerts")
