"""Who may read the library."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from content.clippings.querysets import PUBLIC_READERS
from crm.kernel.permission import ALLOWED, Permission, denied


def can_read_library(*, user: Any) -> Permission:
    """All staff but administrators; which items is for the rows."""
    if user.actor.has_role(*PUBLIC_READERS):
        return ALLOWED
    return denied(_("The information library is read by all staff but administrators."))
