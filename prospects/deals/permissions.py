"""Who may do what with deals (domain 1.2, "Prospect, lead"). The buttons and the services ask the same functions."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.kernel.permission import ALLOWED, Permission, denied
from crm.staff.choices import RELATIONSHIP_ROLES, Role
from prospects.deals.choices import Sight
from prospects.deals.models import Deal, Evidence
from prospects.deals.querysets import team_ids

_READERS = (*RELATIONSHIP_ROLES, Role.TH, Role.RCH, Role.HO, Role.COMP, Role.AUD)
_ASKERS = (*RELATIONSHIP_ROLES, Role.TH, Role.RCH, Role.HO, Role.COMP)

_NOT_YOURS = _("Only the owner, the team head and the centre head work on this prospect.")
_OVER = _("This prospect is won or lost. Take it up again first.")


def sight(*, user: Any, deal: Deal) -> Sight:
    """How much of a deal the reader sees: whole within reach, masked for the team mates of a relationship manager."""
    if user.actor.reach().covers(deal):
        return Sight.FULL
    return Sight.MASKED if deal.team_id in team_ids(user) else Sight.NONE


def can_list_deals(*, user: Any) -> Permission:
    """Open the lists and the board."""
    return ALLOWED if user.actor.has_role(*_READERS) else denied(_("Prospects are for relationship managers and their heads."))


def can_see_team_deals(*, user: Any) -> Permission:
    """Open the masked list of the team's prospects."""
    return ALLOWED if team_ids(user) else denied(_("The team's list is for relationship managers of a team."))


def can_ask_coverage(*, user: Any) -> Permission:
    """Ask who covers a company."""
    return ALLOWED if user.actor.has_role(*_ASKERS) else denied(_("This question is for those who look for clients."))


def can_open_deal(*, user: Any) -> Permission:
    """Take up a prospect for oneself, or as team head for somebody of the team."""
    if user.actor.has_role(*RELATIONSHIP_ROLES, Role.TH):
        return ALLOWED
    return denied(_("Relationship managers and team heads take up prospects."))


def can_open_deal_for(*, user: Any, owner: Any) -> Permission:
    """Take up a prospect that `owner` will own."""
    post = owner.actor.post(*RELATIONSHIP_ROLES)
    if post is None:
        return denied(_("A prospect is owned by a relationship manager."))
    if owner.pk == user.pk or post.unit_id in _headed_teams(user):
        return ALLOWED
    return denied(_("You take up prospects for yourself, or as team head for your team."))


def can_update_deal(*, user: Any, deal: Deal) -> Permission:
    """Change it and move it: the owner, the team head, the centre head, while it is open."""
    mine = _is_own(user, deal) or _heads(user, deal)
    if not mine:
        return denied(_NOT_YOURS)
    return ALLOWED if deal.is_open else denied(_OVER)


def can_reopen_deal(*, user: Any, deal: Deal) -> Permission:
    """Take up again what was lost or is nurtured."""
    return ALLOWED if _is_own(user, deal) or _heads(user, deal) else denied(_NOT_YOURS)


def can_assign_any(*, user: Any) -> Permission:
    """Give prospects to other owners at all."""
    return ALLOWED if user.actor.has_role(Role.TH, Role.RCH) else denied(_("Team heads and centre heads give prospects to other owners."))


def can_assign_deal(*, user: Any, deal: Deal) -> Permission:
    """Give this prospect to another owner: its team head or centre head, while it is open."""
    if not _heads(user, deal):
        return denied(_("Only the team head or the centre head gives this prospect to another owner."))
    return ALLOWED if deal.is_open else denied(_OVER)


def can_assign_to(*, user: Any, owner: Any) -> Permission:
    """`owner` may receive prospects from this head: a relationship manager of the head's team or centre."""
    post = owner.actor.post(*RELATIONSHIP_ROLES)
    if post is None:
        return denied(_("A prospect is owned by a relationship manager."))
    if post.unit_id in _headed_teams(user) or post.unit.centre_id in _headed_centres(user):
        return ALLOWED
    return denied(_("%(name)s does not belong to your team or centre.") % {"name": owner.name})


def can_confirm_evidence(*, user: Any, evidence: Evidence) -> Permission:
    """Confirm or decline what somebody else stated: the team head or the centre head (four eyes)."""
    if not _heads(user, evidence.deal):
        return denied(_("The team head or the centre head confirms this."))
    if evidence.stated_by_id == user.pk:
        return denied(_("Who stated it does not confirm it."))
    return ALLOWED


def available_operations(*, user: Any, deal: Deal) -> dict[str, Permission]:
    """Every operation on a deal with its answer, for buttons."""
    asks: dict[str, Callable[..., Permission]] = {
        "advance": can_update_deal,
        "move_back": can_update_deal,
        "nurture": can_update_deal,
        "lose": can_update_deal,
        "update": can_update_deal,
        "reopen": can_reopen_deal,
        "assign": can_assign_deal,
    }
    return {name: ask(user=user, deal=deal) for name, ask in asks.items()}


def _is_own(user: Any, deal: Deal) -> bool:
    return deal.owner_id == user.pk and user.actor.has_role(*RELATIONSHIP_ROLES)


def _headed_teams(user: Any) -> set[int]:
    return {post.unit_id for post in user.actor.posts if post.role == Role.TH}


def _headed_centres(user: Any) -> set[int]:
    return {post.unit_id for post in user.actor.posts if post.role == Role.RCH}


def _heads(user: Any, deal: Deal) -> bool:
    return deal.team_id in _headed_teams(user) or deal.centre_id in _headed_centres(user)
