"""Reads for the pages of clients."""

import datetime as dt
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Q, QuerySet

from crm.clients.models import Client, TierRow
from crm.kernel.changes import Change, changes_of
from crm.kernel.worklist import WorkItem
from crm.staff.choices import RELATIONSHIP_ROLES

_HISTORY = ("number", "status", "tier", "owner", "team", "opened_on", "closed_on", "kyc_risk", "kyc_reviewed_on", "kyc_due_on")


def owners(user: Any) -> QuerySet[Any]:
    """Who looks after the clients within the reader's reach, by name."""
    seen = Client.objects.within(user.actor.reach()).order_by().values("owner_id").distinct()
    return get_user_model().objects.colleagues_of(user).filter(pk__in=seen).order_by("name_en", "pk")


def next_step(*, user: Any, client: Client) -> WorkItem | None:
    """What the reader has to do next about the client, the earliest first."""
    items = WorkItem.objects.visible_to(user).open().filter(company_id=client.company_id, due_at__isnull=False)
    return items.order_by("due_at", "pk").first()


def tiers_of(client: Client) -> list[TierRow]:
    """The client's tiers with who set them and why, the newest first."""
    return list(client.tiers.select_related("set_by").order_by("-from_on", "-pk"))


def history_of(client: Client) -> list[Change]:
    """Who changed what of the relationship, newest first."""
    return changes_of(client, _HISTORY)


def receivers(user: Any, client: Client, *, now: dt.datetime) -> Any:
    """Who may look after a client next: the other relationship managers of its centre, by name."""
    held = Q(posts__role__in=RELATIONSHIP_ROLES, posts__from_at__lte=now) & (Q(posts__to_at=None) | Q(posts__to_at__gt=now))
    people = get_user_model().objects.colleagues_of(user).filter(held & Q(posts__unit__centre_id=client.centre_id))
    return people.exclude(pk=client.owner_id).distinct().order_by("name_en")
