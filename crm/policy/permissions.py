"""Who may propose and decide changes of figures (domain 1.2, "Authority matrix"; 5.1; invariant 43)."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.kernel.contributions import PolicyTable
from crm.kernel.permission import ALLOWED, Permission, denied
from crm.policy.choices import CENTRE_GRADE, CENTRE_HEAD, GRADE_KEYS, HEAD_OFFICE, READ_ALL, TEAM_HEAD, TOP_GRADE, ChangeState
from crm.policy.models import FigureChange


def grade_of(user: Any) -> int:
    """The grade of the highest head's post held now: 4, 5 or 6; 0 without one."""
    return max(
        (GRADE_KEYS.index(post.role) + 1 for post in user.actor.posts if post.role in (TEAM_HEAD, CENTRE_HEAD, HEAD_OFFICE)), default=0
    )


def is_over(user: Any, person: Any) -> bool:
    """Whether `user` heads `person`: head office everybody; team and centre heads those of a lower grade in their team or centre."""
    return user.actor.has_role(HEAD_OFFICE) or any(_heads(post, person) for post in user.actor.posts)


def _heads(post: Any, person: Any) -> bool:
    below = max((GRADE_KEYS.index(held.role) + 1 for held in person.actor.posts if held.role in GRADE_KEYS), default=0)
    if post.role == TEAM_HEAD:
        return below < CENTRE_GRADE - 1 and any(held.unit_id == post.unit_id for held in person.actor.posts)
    return post.role == CENTRE_HEAD and below < CENTRE_GRADE and any(held.unit.centre_id == post.unit_id for held in person.actor.posts)


def can_read_changes(*, user: Any) -> Permission:
    """Who proposes or decides, compliance and audit."""
    if user.actor.has_role(*READ_ALL, TEAM_HEAD, CENTRE_HEAD):
        return ALLOWED
    return denied(_("Proposed changes of figures are for heads, compliance and internal audit."))


def can_propose(*, user: Any, policy: PolicyTable) -> Permission:
    """Head office for everybody's figures."""
    if user.actor.has_role(HEAD_OFFICE):
        return ALLOWED
    return denied(_("Only head office proposes figures for everybody."))


def can_propose_for_somebody(*, user: Any, policy: PolicyTable) -> Permission:
    """Heads for their people, in tables that know figures of one person."""
    if not policy.personal:
        return denied(_("This table has no figures for one person."))
    if user.actor.has_role(TEAM_HEAD, CENTRE_HEAD, HEAD_OFFICE):
        return ALLOWED
    return denied(_("A person’s own figures are proposed by their heads."))


def can_propose_for(*, user: Any, policy: PolicyTable, person: Any) -> Permission:
    """Their own heads, never themselves."""
    permission = can_propose_for_somebody(user=user, policy=policy)
    if not permission:
        return permission
    if person.pk == user.pk:
        return denied(_("Nobody changes their own figures."))
    return ALLOWED if is_over(user, person) else denied(_("A person’s own figures are proposed by their heads."))


def can_decide(*, user: Any, change: FigureChange) -> Permission:
    """A second person: head office; for a lowering of one person's also another centre head over them, not below the proposer.

    Who keeps a centre head's desk decides as they would, but not what they proposed themselves, or what concerns them.
    """
    if change.state != ChangeState.PROPOSED:
        return denied(_("This change is decided already."))
    if change.proposed_by_id == user.pk:
        return denied(_("You proposed this change, so another person decides it."))
    if change.person_id == user.pk:
        return denied(_("Nobody changes their own figures."))
    if user.actor.has_role(HEAD_OFFICE):
        return ALLOWED
    if change.person_id is None:
        return denied(_("Only head office decides figures for everybody."))
    if change.is_raise:
        return denied(_("Only head office gives one person more than their grade."))
    least, parties = max(CENTRE_GRADE, change.proposed_grade), (change.proposed_by_id, change.person_id)
    posts = (post for post in user.actor.deciding_posts if post.user_id not in parties)
    if any(_heads(post, change.person) and user.actor.authority_for(post) >= least for post in posts):
        return ALLOWED
    return denied(_("The centre head or head office decides this."))


def can_withdraw(*, user: Any, change: FigureChange) -> Permission:
    """Who proposed it, as long as nobody decided."""
    if change.state != ChangeState.PROPOSED:
        return denied(_("This change is decided already."))
    return ALLOWED if change.proposed_by_id == user.pk else denied(_("Only who proposed it withdraws it."))


def may_raise(*, user: Any) -> bool:
    """Whether this person may propose more than a grade's own figure for somebody."""
    return grade_of(user) == TOP_GRADE
