"""Business operations on people, posts, leave cover and tokens."""

import datetime as dt
import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.kernel.errors import InvalidTransition, RuleBroken, Sentence
from crm.kernel.workflow import check_transition
from crm.kernel.worklist import WorkItem
from crm.policy import selectors as policy
from crm.staff import accounts, permissions, selectors
from crm.staff.choices import CHANGE_TRANSITIONS, CHANGE_WORK, DECIDING_ROLES, GRADED_CO, GRADES, UNITS_OF, AccountAct, ChangeState, Role
from crm.staff.models import ApiToken, LeaveCover, OrgUnit, Post, PostChange, User

TOKEN_SCOPES = ("read", "write")
LEAVE_COVER = "staff.leave_cover"
CHANGE_SUBJECT = "staff.postchange"
DECIDED_WITHIN_DAYS = 2


@transaction.atomic
def create_user(
    *, actor: User, username: str, name_en: str, password: str, name_zh: str = "", staff_number: str = "", email: str = ""
) -> User:
    """A member of staff without any post: posts come by a change that a second administrator approves.

    Raises NotAllowed for others than administrators, RuleBroken where the user name or staff number is taken or the password is weak.
    """
    permissions.can_administer(user=actor).require()
    user = User(
        username=username.strip().lower(), name_en=name_en.strip(), name_zh=name_zh.strip(), staff_number=staff_number.strip(), email=email
    )
    keep_new_user(user, password)
    return user


def keep_new_user(user: User, password: str) -> None:
    """Save somebody who is new, with a password to begin with. RuleBroken as `create_user`."""
    if User.objects.filter(username__iexact=user.username).exists():
        raise RuleBroken(_("This user name is taken."), fields={"username": _("This user name is taken.")})
    if user.staff_number and User.objects.filter(staff_number=user.staff_number).exists():
        raise RuleBroken(_("This staff number is taken."), fields={"staff_number": _("This staff number is taken.")})
    accounts.check_password(password, user)
    user.set_password(password)
    user.save()


@transaction.atomic
def set_active(*, user_id: int, active: bool, actor: User, now: dt.datetime) -> User:
    """Let somebody in or shut them out; shutting out ends their sessions at once. Nobody does so to themselves."""
    permissions.can_administer(user=actor).require()
    if user_id == actor.pk:
        raise RuleBroken(_("Another administrator does this for you."))
    user = User.objects.visible_to(actor).select_for_update(of=("self",)).get(pk=user_id)
    user.is_active = active
    user.sessions_valid_from = now
    user.save(update_fields=["is_active", "sessions_valid_from"])
    if not active:
        ApiToken.objects.filter(user=user, revoked_at=None).update(revoked_at=now)
    accounts.note(user, AccountAct.LET_IN if active else AccountAct.SHUT_OUT, actor=actor, now=now)
    return user


def check_post(*, role: str, grade: int, unit: OrgUnit) -> None:
    """RuleBroken unless the grade is the role's and the unit is of a kind that the role serves."""
    allowed = {GRADES[Role(role)]} if role in GRADES else set(GRADED_CO) if role == Role.CO else {0}
    if grade not in allowed:
        raise RuleBroken(
            _("The grade does not fit the role."),
            fields={"grade": _("This role has the grade %(grades)s.") % {"grades": ", ".join(str(g) for g in sorted(allowed))}},
        )
    if role in UNITS_OF and unit.kind not in UNITS_OF[Role(role)]:
        raise RuleBroken(_("The unit does not fit the role."), fields={"unit": _("This role is not held in a unit of this kind.")})


@transaction.atomic
def propose_post_change(
    *,
    user_id: int,
    actor: User,
    now: dt.datetime,
    role: str = "",
    grade: int = 0,
    unit_id: int | None = None,
    ends_id: int | None = None,
    from_at: dt.datetime | None = None,
    reason: str,
) -> PostChange:
    """Propose that somebody gets a post, changes one (`ends_id` names the old one) or loses one (no role).

    Raises RuleBroken where nothing would change, grade or unit do not fit the role, the unit is closed, or the same change waits already.
    """  # fmt: skip
    permissions.can_administer(user=actor).require()
    user = User.objects.visible_to(actor).select_for_update(of=("self",)).get(pk=user_id)
    if not role and not ends_id:
        raise RuleBroken(_("Name the post to give or the post to end."))
    if not reason.strip():
        raise RuleBroken(_("Say why."), fields={"reason": _("Say why.")})
    # Held until the change waits: a unit is not closed between the look and the proposal.
    unit = OrgUnit.objects.select_for_update(of=("self",)).filter(pk=unit_id).first() if unit_id else None
    if role:
        if unit is None:
            raise RuleBroken(_("Choose a unit."), fields={"unit": _("Choose a unit.")})
        if unit.closed_on is not None:
            raise RuleBroken(_("This unit is closed."), fields={"unit": _("This unit is closed.")})
        if (role == Role.SYS) != user.is_service:
            raise RuleBroken(_("This role is for system accounts, and they hold no other."), fields={"role": _("Choose another role.")})
        check_post(role=role, grade=grade, unit=unit)
    ends = Post.objects.filter(user=user, to_at=None, pk=ends_id).first() if ends_id else None
    if ends_id and ends is None:
        raise RuleBroken(_("That post has ended already."))
    waiting = PostChange.objects.filter(user=user, state=ChangeState.PROPOSED, role=role, unit=unit if role else None, ends=ends)
    if waiting.exists():
        raise RuleBroken(_("The same change waits for a decision already."))
    change = PostChange(
        user=user, ends=ends, role=role, grade=grade, unit=unit if role else None, from_at=from_at or now, reason=reason, proposed_by=actor
    )
    change.record(actor=actor, reason=reason)
    _ask_the_others(change, actor=actor, now=now)
    return change


def _ask_the_others(change: PostChange, *, actor: User, now: dt.datetime) -> None:
    """Put it before the other administrators, by the close of the second working day."""
    calendar = selectors.calendar_of(actor, now=now)
    day = calendar.add_working_days(timezone.localdate(now, calendar.zone), DECIDED_WITHIN_DAYS)
    WorkItem.objects.create(
        kind=CHANGE_WORK,
        title=change.user.name_en,
        role=Role.ADM,
        due_at=dt.datetime.combine(day, calendar.spans_on(day)[-1][1], calendar.zone).astimezone(dt.UTC),
        subject_type=CHANGE_SUBJECT,
        subject_id=change.pk,
        created_by=actor,
    )


@transaction.atomic
def decide_post_change(*, change_id: int, approve: bool, actor: User, now: dt.datetime) -> PostChange:
    """A second administrator approves or refuses. Approved: the old post ends, the new one begins, open sessions end.

    Raises NotAllowed for the proposer and the person concerned, InvalidTransition where it is decided already.
    """
    change = PostChange.objects.visible_to(actor).select_for_update(of=("self",)).get(pk=change_id)
    check_transition(CHANGE_TRANSITIONS, change.state, ChangeState.APPROVED if approve else ChangeState.REFUSED)
    permissions.can_decide_change(user=actor, change=change).require()
    change.state = ChangeState.APPROVED if approve else ChangeState.REFUSED
    change.decided_by, change.decided_at = actor, now
    change.record(actor=actor, reason=change.reason, fields=["state", "decided_by", "decided_at"])
    for item in WorkItem.objects.open().filter(subject_type=CHANGE_SUBJECT, subject_id=change.pk):
        item.close(actor=actor, now=now)
    if approve:
        _carry_out(change, actor=actor, now=now)
    return change


def _carry_out(change: PostChange, *, actor: User, now: dt.datetime) -> None:
    start = max(change.from_at, now)
    if change.ends:
        change.ends.to_at = start
        change.ends.record(actor=actor, reason=change.reason, fields=["to_at"])
    if change.role:
        held = Post.objects.filter(user=change.user, role=change.role, unit=change.unit, to_at=None).exclude(pk=change.ends_id)
        if held.exists():
            raise RuleBroken(_("This person holds that post already."))
        Post(user=change.user, role=change.role, grade=change.grade, unit=change.unit, from_at=start).record(
            actor=actor, reason=change.reason
        )
    change.user.sessions_valid_from = now
    change.user.save(update_fields=["sessions_valid_from"])


@dataclass(frozen=True)
class Absence:
    """Who is away from the first to the last day, who keeps the desk, and why."""

    principal_id: int
    deputy_id: int
    from_on: dt.date
    to_on: dt.date
    reason: str


@transaction.atomic
def name_deputy(*, actor: User, now: dt.datetime, absence: Absence) -> LeaveCover:
    """Name the one deputy for some days (domain 1.2, "Delegation"). Days are those of the principal's centre, both included.

    Raises NotAllowed for others than the principal and their head; RuleBroken where the days are past, turned round, too many or covered
    already, or where the deputy is the principal or does not reach up to every desk of theirs. User.DoesNotExist where nobody has the id.
    """
    principal = User.objects.filter(is_active=True).select_for_update(of=("self",)).get(pk=absence.principal_id)
    permissions.can_name_deputy(user=actor, principal=principal).require()
    _check_days(absence, principal, now)
    deputy = User.objects.filter(pk=absence.deputy_id, is_active=True).first()
    refusal = deputy_refusal(principal, deputy)
    if deputy is None or refusal:
        raise RuleBroken(refusal, fields={"deputy": refusal})
    if LeaveCover.objects.standing().filter(principal=principal).touching(absence.from_on, absence.to_on).exists():
        sentence = _("Some of these days are covered already.")
        raise RuleBroken(sentence, fields={"from_on": sentence})
    cover = LeaveCover(
        principal=principal,
        deputy=deputy,
        from_on=absence.from_on,
        to_on=absence.to_on,
        reason=" ".join(absence.reason.split()),
        made_by=actor,
    )
    cover.record(actor=actor, reason=cover.reason)
    return cover


def deputy_refusal(principal: User, deputy: User | None) -> Sentence:
    """Why this person is no deputy for the principal; empty where they are."""
    if deputy is None:
        return _("Choose a deputy.")
    if deputy.pk == principal.pk:
        return _("Nobody is their own deputy.")
    desks = [post for post in principal.actor.posts if post.role in DECIDING_ROLES]
    if not all(deputy.actor.stands_in_for(post) for post in desks):
        return _("A deputy holds the same role with the same grade or a higher one.")
    return ""


def _own_unit(principal: User) -> OrgUnit:
    """The centre in whose days the principal's absence counts, or the unit where there is none; of the first desk to be kept."""
    unit = next(post.unit for post in principal.actor.posts if post.role in DECIDING_ROLES)
    return unit.centre or unit


def today_of(principal: User, now: dt.datetime) -> dt.date:
    """The day at the principal's desk."""
    return timezone.localdate(now, _own_unit(principal).zone)


def longest_cover(principal: User, now: dt.datetime) -> int:
    """For how many days one names a deputy at most."""
    figures = policy.table(LEAVE_COVER, jurisdiction=_own_unit(principal).jurisdiction, on=today_of(principal, now))
    return int(figures["max_days"])


def _check_days(absence: Absence, principal: User, now: dt.datetime) -> None:
    today, most = today_of(principal, now), longest_cover(principal, now)
    if not absence.reason.strip():
        raise RuleBroken(_("Say why."), fields={"reason": _("Say why.")})
    if absence.from_on < today:
        sentence = _("Choose today or a later day.")
        raise RuleBroken(sentence, fields={"from_on": sentence})
    if absence.to_on < absence.from_on:
        sentence = _("The last day is not before the first.")
        raise RuleBroken(sentence, fields={"to_on": sentence})
    if (absence.to_on - absence.from_on).days + 1 > most:
        too_long = _("A deputy is named for %(most)s days at most.") % {"most": most}
        raise RuleBroken(too_long, fields={"to_on": too_long})


@transaction.atomic
def end_cover(*, cover_id: int, actor: User, now: dt.datetime) -> LeaveCover:
    """The principal is back, or the deputy gives the desk back: from this moment nothing of it is the deputy's.

    Raises NotAllowed for others than the two and the head, InvalidTransition where it has ended already.
    """
    cover = LeaveCover.objects.visible_to(actor).select_for_update(of=("self",)).select_related("principal").get(pk=cover_id)
    if cover.ended_at is not None:
        raise InvalidTransition(_("This cover has ended already."))
    permissions.can_end_cover(user=actor, cover=cover).require()
    cover.ended_at, cover.ended_by = now, actor
    cover.record(actor=actor, reason=cover.reason, fields=["ended_at", "ended_by"])
    return cover


def digest_of(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def create_token(*, user: User, scopes: Iterable[str] = TOKEN_SCOPES, made_by: User | None = None) -> str:
    """A new bearer token of the API; its text is returned here and never again. RuleBroken for an unknown scope.

    `made_by`: an administrator, for a system account; it works once another administrator has confirmed it.
    """
    wanted = sorted(set(scopes))
    if not wanted or not set(wanted) <= set(TOKEN_SCOPES):
        raise RuleBroken(_("A token's scopes are read and write."))
    token = f"rpt_{secrets.token_urlsafe(32)}"
    ApiToken.objects.create(user=user, digest=digest_of(token), hint=token[-4:], scopes=wanted, made_by=made_by)
    return token


def revoke_token(*, token_id: int, actor: User, now: dt.datetime) -> None:
    """End a token, at once. NotAllowed for one that is neither one's own nor, for an administrator, a system account's."""
    token = ApiToken.objects.visible_to(actor).get(pk=token_id)
    permissions.can_revoke_token(user=actor, token=token).require()
    ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=now)


def user_of_token(token: str) -> tuple[User, frozenset[str]] | None:
    """The active user and the scopes behind a token, or None."""
    row = ApiToken.objects.working().select_related("user").filter(digest=digest_of(token)).first()
    return (row.user, frozenset(row.scopes)) if row else None
