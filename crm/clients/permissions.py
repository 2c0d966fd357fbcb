"""Who may read what of clients, and who may change it (domain 1.2, "Client 360")."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.clients.choices import ClientStatus
from crm.clients.models import Client
from crm.clients.parts import refusal_of
from crm.companies.choices import Ring
from crm.companies.models import Company
from crm.companies.permissions import BUSINESS_ROLES, covers
from crm.kernel.permission import ALLOWED, Permission, denied
from crm.staff.choices import RELATIONSHIP_ROLES, Role

_READERS = (*BUSINESS_ROLES, Role.HO, Role.COMP, Role.AUD, Role.FIN, Role.LOB, Role.BH)

ALL_FIELDS = frozenset({"number", "tier", "status", "owner", "opened_on", "kyc", "contact_times"})
"""Groups of a client's fields. The name is seen by whoever sees the client."""


def can_read_clients(*, user: Any) -> Permission:
    """Those who look after clients and their heads, head office, compliance, audit; finance and the branches by name."""
    return ALLOWED if user.actor.has_role(*_READERS) else denied(_("Your post reads no clients."))


def sight(*, user: Any, client: Client) -> Ring | None:
    """All; all but contact data (head office); the name (finance, lobby, branch head); None where the client is hidden."""
    actor = user.actor
    if actor.has_role(Role.COMP, Role.AUD) or actor.reach_of().covers(client):
        return Ring.FULL
    if actor.has_role(Role.HO):
        return Ring.MASKED
    return Ring.NAME if actor.has_role(Role.FIN, Role.LOB, Role.BH) else None


def fields_seen(*, user: Any, client: Client) -> frozenset[str]:
    """Which groups of fields of this client are shown: on page, list, export, API and history alike."""
    ring = sight(user=user, client=client)
    if ring in (Ring.FULL, Ring.MASKED):
        return ALL_FIELDS
    return _by_name(user) if ring == Ring.NAME else frozenset()


def columns_seen(*, user: Any) -> frozenset[str]:
    """Which groups of fields a list may filter and sort by: those that the reader sees of every row in it, so that no order tells more."""
    if user.actor.has_role(Role.COMP, Role.AUD, Role.HO) or not user.actor.has_role(Role.FIN, Role.LOB, Role.BH):
        return ALL_FIELDS
    return _by_name(user)


def _by_name(user: Any) -> frozenset[str]:
    """Domain 1.2: finance reads name and number, the lobby and branch heads name and tier."""
    number = {"number"} if user.actor.has_role(Role.FIN) else set()
    tier = {"tier"} if user.actor.has_role(Role.LOB, Role.BH) else set()
    return frozenset(number | tier)


def can_open_client(*, user: Any, company: Company) -> Permission:
    """Who looks after the company as a prospect, or their heads."""
    if covers(user=user, company=company):
        return ALLOWED
    return denied(_("Only those who look after this company make it a client."))


def can_change_tier(*, user: Any, client: Client) -> Permission:
    """Team and centre heads within reach: a tier decides how much of a manager's week a client gets."""
    if user.actor.has_role(Role.TH, Role.RCH) and user.actor.reach_of().covers(client):
        return ALLOWED
    return denied(_("The team head or centre head sets a tier by hand."))


def can_review_kyc(*, user: Any, client: Client) -> Permission:
    """Who looks after the client, their heads, and compliance."""
    if user.actor.has_role(Role.COMP) or user.actor.reach_of().covers(client):
        return ALLOWED
    return denied(_("Those who look after the client, or compliance, record the review."))


def can_change_status(*, user: Any, client: Client) -> Permission:
    """Who looks after the client, and their heads."""
    if user.actor.reach_of().covers(client):
        return ALLOWED
    return denied(_("Only those who look after the client change its status."))


def heads_client(*, user: Any, client: Client) -> bool:
    """Is a head over this client: of its team, or of its centre."""
    return any(
        (post.role == Role.TH and post.unit_id == client.team_id) or (post.role == Role.RCH and post.unit_id == client.centre_id)
        for post in user.actor.posts
    )


def can_transfer_client(*, user: Any, client: Client) -> Permission:
    """The head of its team or centre, where no feature wants more than that (a client with live credit is handed over by a list)."""
    if not heads_client(user=user, client=client):
        return denied(_("The head of its team or centre gives a client to another manager."))
    if client.status == ClientStatus.CLOSED:
        return denied(_("This client is closed."))
    stops = refusal_of(client)
    return denied(stops) if stops else ALLOWED


def can_receive(*, person: Any, client: Client) -> Permission:
    """A relationship manager of the client's centre, other than who looks after it."""
    post = person.actor.post(*RELATIONSHIP_ROLES)
    if post is None:
        return denied(_("A client is looked after by a relationship manager."))
    if post.unit.centre_id != client.centre_id:
        return denied(_("%(name)s does not belong to the client’s centre.") % {"name": person.name})
    return denied(_("Pick another manager.")) if person.pk == client.owner_id else ALLOWED
