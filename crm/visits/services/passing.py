"""A client goes to another manager: what the one before promised at visits is the next one's to keep."""

import datetime as dt
from typing import Any

from crm.staff.models import Post
from crm.visits.models import Promise


def pass_promises(*, client: Any, before_id: int, post: Post, actor: Any, now: dt.datetime) -> int:
    """Open promises to the client's company that the manager before had to keep. Returns how many.

    For the transfer itself, in its transaction; no person calls it.
    """
    promises = list(Promise.objects.filter(company_id=client.company_id, owner_id=before_id, kept_at=None).order_by("pk"))
    for promise in promises:
        promise.owner_id = post.user_id
        promise.record(actor=actor, reason="client_transfer", fields=["owner"])
    return len(promises)
