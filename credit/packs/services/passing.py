"""A client goes to another manager: its packs go along. Who submitted them stays written in their steps."""

import datetime as dt
from typing import Any

from credit.packs.models import Pack
from crm.companies.services.coverage import owner_columns
from crm.staff.models import Post


def follow_client(*, client: Any, before_id: int, post: Post, actor: Any, now: dt.datetime) -> int:
    """The packs of the client's company that the manager before looked after, live and in progress alike. Returns how many.

    For the transfer itself, in its transaction; no person calls it.
    """
    packs = list(Pack.objects.select_for_update(of=("self",)).filter(company_id=client.company_id, owner_id=before_id).order_by("pk"))
    for pack in packs:
        for column, value in owner_columns(post).items():
            setattr(pack, column, value)
        pack.version += 1
        pack.record(actor=actor, reason="client_transfer", fields=["owner", "team", "centre", "version"])
    return len(packs)
