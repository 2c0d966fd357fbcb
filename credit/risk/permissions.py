"""Who reads, proposes, reviews and sets classes, and who may lower one at once (domain 7.1). Pages and services ask the same functions."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from credit.packs.querysets import CREDIT, READERS_OF_ALL
from credit.risk.choices import PENDING, ProposalState
from credit.risk.models import Proposal, Standing
from crm.clients.models import Client
from crm.kernel.permission import ALLOWED, Permission, denied
from crm.staff.choices import RELATIONSHIP_ROLES, Role

READERS = (*RELATIONSHIP_ROLES, Role.TH, Role.RCH, *READERS_OF_ALL, *CREDIT, Role.CAD)
WITNESSES = (*RELATIONSHIP_ROLES, Role.TH, Role.RCH, *CREDIT, Role.CAD, Role.COMP)
"""Whose evidence lowers a class at once."""


def can_read_risk(*, user: Any) -> Permission:
    """The business side, head office, compliance, audit and the credit department."""
    return ALLOWED if user.actor.has_role(*READERS) else denied(_("Your post reads no risk classes."))


def reads(user: Any) -> bool:
    """For the menu."""
    return bool(can_read_risk(user=user))


def heads(user: Any, client: Client) -> bool:
    """Is the client's head: of its team, or of its centre where it has no team."""
    if client.team_id is None:
        return any(post.role == Role.RCH and post.unit_id == client.centre_id for post in user.actor.posts)
    return any(post.role == Role.TH and post.unit_id == client.team_id for post in user.actor.posts)


def can_begin(*, user: Any, client: Client) -> Permission:
    """Whoever looks after the client, and its head."""
    owns = client.owner_id == user.pk and user.actor.has_role(*RELATIONSHIP_ROLES)
    return ALLOWED if owns or heads(user, client) else denied(_("The client’s relationship manager or its head does this."))


def can_propose(*, user: Any, standing: Standing, pending: Proposal | None) -> Permission:
    """The client's relationship manager, one proposal at a time."""
    if standing.client.owner_id != user.pk or not user.actor.has_role(*RELATIONSHIP_ROLES):
        return denied(_("The client’s relationship manager proposes."))
    return denied(_("A proposal is open already.")) if pending is not None else ALLOWED


def can_withdraw(*, user: Any, proposal: Proposal) -> Permission:
    """Whoever proposed, until it is set."""
    if proposal.proposed_by_id != user.pk:
        return denied(_("Only who proposed it takes it back."))
    return ALLOWED if proposal.state in PENDING else denied(_("This proposal is closed."))


def can_review(*, user: Any, proposal: Proposal) -> Permission:
    """The client's head, of another's proposal."""
    if not heads(user, proposal.standing.client):
        return denied(_("The client’s head reviews it."))
    if proposal.proposed_by_id == user.pk:
        return denied(_("Nobody reviews their own proposal."))
    return ALLOWED if proposal.state == ProposalState.PROPOSED else denied(_("This proposal does not wait for the head."))


def can_set(*, user: Any, proposal: Proposal) -> Permission:
    """An approver of credit, after the head; neither who proposed nor who reviewed."""
    if not user.actor.has_role(Role.CO):
        return denied(_("An approver of the credit department sets the class."))
    if user.pk in (proposal.proposed_by_id, proposal.reviewed_by_id):
        return denied(_("Who proposed or reviewed it does not set it."))
    return ALLOWED if proposal.state == ProposalState.REVIEWED else denied(_("This proposal does not wait for credit."))


def can_refuse(*, user: Any, proposal: Proposal) -> Permission:
    """Whoever could let it pass now."""
    review = can_review(user=user, proposal=proposal)
    return review or can_set(user=user, proposal=proposal)


def can_downgrade(*, user: Any, standing: Standing) -> Permission:
    """Anybody of the business side, credit or compliance who sees it: evidence lowers a class at once."""
    return ALLOWED if user.actor.has_role(*WITNESSES) else denied(_("Your post lowers no classes."))
