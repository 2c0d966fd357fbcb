"""Who may open the inbox. Each request is judged by its feature."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.approvals import selectors
from crm.kernel.permission import ALLOWED, Permission, denied


def can_open_inbox(*, user: Any) -> Permission:
    """Whoever holds a post in which requests are decided."""
    if not user.actor.posts:
        return denied(_("You hold no post at present. Ask an administrator."))
    return ALLOWED if selectors.decides(user) else denied(_("Approvals are for those who decide requests."))
