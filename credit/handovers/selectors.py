"""Reads over handovers: the open one of a client, who signed the list that stands, what came up since, who may take over and witness."""

import datetime as dt
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Exists, OuterRef, Q

from credit.handovers import parts, rules
from credit.handovers.choices import HandoverState
from credit.handovers.models import Handover, Signature
from credit.packs.choices import LIVE
from credit.packs.models import Pack
from crm.clients.models import Client
from crm.staff.choices import RELATIONSHIP_ROLES, Role
from crm.staff.models import Post

RELATED = ("client__company", "client__centre", "client__team", "client__owner", "outgoing", "incoming", "witness", "begun_by")


def has_live_credit(client: Client) -> bool:
    """A pack of its company is live."""
    return Pack.objects.filter(company_id=client.company_id, state__in=LIVE).exists()


def open_of(client: Client) -> Handover | None:
    """The one that waits to be signed."""
    found: Handover | None = Handover.objects.filter(client=client, state=HandoverState.OPEN).first()
    return found


def signatures_of(handover: Handover) -> list[Signature]:
    """Of the list that stands, in their order."""
    rows = Signature.objects.filter(handover=handover, sha256=handover.sha256).select_related("actor")
    return list(rows.order_by("at", "pk"))


def news_of(handover: Handover) -> list[tuple[str, str]]:
    """(section, what) that is open now and does not stand on the list."""
    current = parts.sections(handover.client, handover.outgoing_id)
    missing = rules.came_up(parts.keys_of(handover.told["sections"]), parts.keys_of(current))
    words = {(section["code"], row["key"]): row["label"] for section in current for row in section["rows"]}
    return [(code, words[code, key]) for code, key in missing]


def has_left(person: Any) -> bool:
    """Is no relationship manager of the bank any more."""
    return person.actor.post(*RELATIONSHIP_ROLES) is None


def witnesses(user: Any, client: Client, *, now: dt.datetime) -> Any:
    """Who may witness: the heads of the centre and its teams first, then others of the client's team, but not who looks after it."""
    placed = Q(posts__unit_id=client.team_id) if client.team_id else Q(pk__in=[])
    heads = Q(posts__role__in=(Role.TH, Role.RCH), posts__unit__centre_id=client.centre_id)
    held = Q(posts__from_at__lte=now) & (Q(posts__to_at=None) | Q(posts__to_at__gt=now))
    people = get_user_model().objects.colleagues_of(user).filter(held & (placed | heads))
    is_head = Exists(Post.objects.current(now).filter(user=OuterRef("pk"), role__in=(Role.TH, Role.RCH)))
    return people.exclude(pk=client.owner_id).annotate(is_head=is_head).distinct().order_by("-is_head", "name_en")
