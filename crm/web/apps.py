"""The toolkit's app: templates, static files, saved views."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WebConfig(AppConfig):
    """The interface toolkit."""

    name = "crm.web"
    label = "web"
    verbose_name = _("Interface")
