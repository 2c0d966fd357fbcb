"""What capture adds to shared screens: the ways to add a clipping."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from content.clippings import permissions
from crm.kernel.contributions import LogEntry, PaletteCommand, register


def _adds(user: Any) -> bool:
    return bool(permissions.can_add_clipping(user=user))


register(
    LogEntry(_("Clipping"), "capture:clipping_add", "news", order=60, shown=_adds),
    PaletteCommand(_("Add a clipping"), "capture:clipping_add", "news", words=_("news paper press page paste"), order=70, shown=_adds),
)
