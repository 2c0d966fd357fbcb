"""Who may keep alerts: whoever reads clippings."""

from typing import Any

from content.clippings.permissions import can_read_clippings
from crm.kernel.permission import Permission


def can_keep_alerts(*, user: Any) -> Permission:
    """All staff but administrators; what they are told of is for the rows."""
    return can_read_clippings(user=user)
