"""Who may ask, exercise, decide, review, tell. The services ask the same functions as the buttons."""

import datetime as dt
from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.companies.models import Company
from crm.companies.permissions import covers
from crm.concessions import selectors
from crm.concessions.choices import GRANTED, ROLE_AT, STANDING, CreditState, Kind, Level, ReviewState, State
from crm.concessions.models import Concession
from crm.kernel.permission import ALLOWED, Permission, denied
from crm.staff.choices import Role

READERS = (*selectors.ASKERS, Role.HO, Role.COMP, Role.AUD, Role.FIN, Role.CO, Role.CC, Role.OPS)
REGISTER_READERS = (Role.HO, Role.COMP, Role.AUD, Role.FIN)
DECIDERS = (Role.TH, Role.RCH, Role.HO, Role.CO, Role.OPS)
_NOT_YOURS = _("Another person decides this.")


def can_read_concessions(*, user: Any) -> Permission:
    """Domain 1.2: the business side, head office, compliance, audit, finance; credit and the business office what concerns them."""
    return ALLOWED if user.actor.has_role(*READERS) else denied(_("Your post reads no concessions."))


def is_asker(user: Any) -> bool:
    """Holds a post that looks after clients: relationship managers, team heads, centre heads."""
    return bool(user.actor.has_role(*selectors.ASKERS))


def can_ask_at_all(*, user: Any) -> Permission:
    """Those who look after clients."""
    return ALLOWED if is_asker(user) else denied(_("Relationship managers and their heads ask for concessions."))


def can_ask(*, user: Any, company: Company) -> Permission:
    """For a client that one looks after, or one's team or centre does."""
    if not is_asker(user):
        return can_ask_at_all(user=user)
    if not covers(user=user, company=company):
        return denied(_("Neither you nor your team looks after this company."))
    client = getattr(company, "client", None)
    if client is None or client.closed_on is not None:
        return denied(_("Concessions are for clients. This company is none."))
    return ALLOWED


def can_ask_with(user: Any, record: Any) -> Permission:
    """`can_ask` for a company, or whatever belongs to one, as a record's button asks it."""
    return can_ask(user=user, company=getattr(record, "company", record))


def can_read_register(*, user: Any) -> Permission:
    """Head office, compliance, audit, finance."""
    return (
        ALLOWED
        if user.actor.has_role(*REGISTER_READERS)
        else denied(_("The register is read by head office, compliance, audit and finance."))
    )


def reads_revenue_only(user: Any) -> bool:
    """Finance reads what is forgone, and not what was said about the client (domain 1.2)."""
    return bool(user.actor.has_role(Role.FIN)) and not user.actor.has_role(*(role for role in READERS if role != Role.FIN))


def can_read_figures(*, user: Any) -> Permission:
    """The in-centre rate: heads, head office, compliance, audit."""
    if user.actor.has_role(Role.TH, Role.RCH, Role.HO, Role.COMP, Role.AUD):
        return ALLOWED
    return denied(_("Heads read these figures."))


def sees_levels(*, user: Any, concession: Concession) -> bool:
    """Class R: who decided at which level. Head office, compliance, audit; of the heads those at that level or above."""
    if user.actor.has_role(Role.HO, Role.COMP, Role.AUD):
        return True
    level = concession.decided_level or concession.queue_level or Level.OPERATIONS
    return any(post.role in (Role.TH, Role.RCH) and selectors.level_of(post) >= level for post in user.actor.posts)


def queue_post(*, user: Any, concession: Concession) -> Any:
    """The post in which this person serves the queue that the request waits in: own, or one kept for somebody; None without one."""
    if concession.queue_level is None:
        return None
    level = Level(concession.queue_level)
    for post in user.actor.deciding_posts:
        if post.role != ROLE_AT[level]:
            continue
        if level == Level.TH and post.unit_id != concession.team_id:
            continue
        if level == Level.RCH and post.unit_id != concession.centre_id:
            continue
        return post
    return None


def can_decide(*, user: Any, concession: Concession, now: dt.datetime) -> Permission:
    """Who serves the queue, and neither asked nor keeps the desk of who asked, nor is in conflict with the client, nor suspended."""
    if concession.state != State.REQUESTED:
        return denied(_("This request does not wait for a decision any more."))
    if concession.owner_id == user.pk:
        return denied(_("Nobody decides their own request."))
    post = queue_post(user=user, concession=concession)
    if post is None:
        return denied(_NOT_YOURS)
    if post.user_id == concession.owner_id:
        return denied(_("You keep the desk of who asked. Another person decides this."))
    if selectors.has_no_authority(user, concession.company, now=now):
        return denied(_("You have no authority over this client now. Pass it to a colleague."))
    return ALLOWED


def decision_level(*, user: Any, post: Any) -> Level:
    """The level at which somebody decides in a post: for a desk kept for another the lower of both (domain 1.2)."""
    level = selectors.level_of(post)
    if level > Level.HO:
        return level
    return Level(min(level, user.actor.authority_for(post)) or Level.ARM)


def can_answer(*, user: Any, concession: Concession) -> Permission:
    """Who asked, once it came back with a question."""
    if concession.owner_id != user.pk:
        return denied(_("Only who asked may answer."))
    return ALLOWED if concession.state == State.RETURNED else denied(_("No question is open."))


def can_withdraw(*, user: Any, concession: Concession) -> Permission:
    """Who asked, before the decision."""
    if concession.owner_id != user.pk:
        return denied(_("Only who asked may withdraw it."))
    if concession.state in (State.REQUESTED, State.RETURNED):
        return ALLOWED
    return denied(_("It is decided already."))


def can_say_credit(*, user: Any, concession: Concession, now: dt.datetime) -> Permission:
    """Credit approvers, within their two hours, before the client is told."""
    if not any(post.role == Role.CO for post in user.actor.deciding_posts):
        return denied(_("The credit approver says this."))
    if concession.owner_id == user.pk:
        return denied(_("Nobody decides their own request."))
    if concession.credit_state != CreditState.OPEN or concession.told_at is not None:
        return denied(_("Credit has said its word already."))
    if concession.credit_until is not None and now > concession.credit_until:
        return denied(_("The time to object is over."))
    return ALLOWED


def looks_after(*, user: Any, concession: Concession) -> bool:
    """Asked for it, or looks after the company now."""
    return concession.owner_id == user.pk or covers(user=user, company=concession.company)


def can_tell(*, user: Any, concession: Concession, now: dt.datetime) -> Permission:
    """Whoever looks after the client, once the decision is there and its time has come (domain 5.4)."""
    if not is_asker(user) or not looks_after(user=user, concession=concession):
        return denied(_("Who looks after the client tells them."))
    if concession.told_at is not None:
        return denied(_("The client is told already."))
    if concession.state not in (*GRANTED, State.REFUSED, State.VETOED, State.APPLIED):
        return denied(_("There is nothing to tell yet."))
    if concession.credit_state == CreditState.OPEN and concession.credit_until is not None and now <= concession.credit_until:
        return denied(_("Credit may still object."))
    if concession.tell_not_before is not None and now < concession.tell_not_before:
        return denied(_("It is too early to tell the client. See from when on."))
    return ALLOWED


def can_apply(*, user: Any, concession: Concession, now: dt.datetime) -> Permission:
    """Whoever looks after the client; value types only once the client is told (invariant 11)."""
    if not is_asker(user) or not looks_after(user=user, concession=concession):
        return denied(_("Who looks after the client puts it in force."))
    if concession.state not in GRANTED:
        return denied(_("It is not granted, or in force already."))
    if concession.kind in (Kind.CT1, Kind.CT2, Kind.CT3, Kind.CT4, Kind.CT10) and concession.told_at is None:
        return denied(_("The client is told first."))
    if concession.credit_state == CreditState.OPEN and concession.credit_until is not None and now <= concession.credit_until:
        return denied(_("Credit may still object."))
    return ALLOWED


def can_revoke(*, user: Any, concession: Concession) -> Permission:
    """Heads, within reach: from now on, never backwards."""
    within = user.actor.has_role(Role.HO, Role.COMP) or (
        user.actor.has_role(Role.TH, Role.RCH) and covers(user=user, company=concession.company)
    )
    if not within or concession.owner_id == user.pk:
        return denied(_("A head of who asked revokes a concession."))
    return ALLOWED if concession.state in STANDING else denied(_("It does not stand any more."))


def can_renew(*, user: Any, concession: Concession) -> Permission:
    """Whoever looks after the client, of one that is in force or over."""
    if concession.state not in (State.APPLIED, State.EXPIRED):
        return denied(_("Only a concession in force, or one that is over, is renewed."))
    return can_ask(user=user, company=concession.company)


def can_keep_promise(*, user: Any, concession: Concession) -> Permission:
    """Whoever looks after the client."""
    if not concession.promise or concession.promise_kept_at is not None or concession.granted is None:
        return denied(_("No promise is open."))
    return ALLOWED if looks_after(user=user, concession=concession) else denied(_("Who looks after the client notes this."))


def reviewer_place(concession: Concession) -> tuple[Level, Any]:
    """(level, unit) of who reviews an exercise: the head above who exercised."""
    exercised = Level(concession.decided_level or Level.RM)
    if exercised < Level.TH:
        return Level.TH, concession.team
    return (Level.RCH, concession.centre) if exercised == Level.TH else (Level.HO, None)


def review_post(*, user: Any, concession: Concession) -> Any:
    """The post in which this person reviews the exercise; None without one."""
    level, unit = reviewer_place(concession)
    fitting = (post for post in user.actor.deciding_posts if post.role == level.name and (unit is None or post.unit_id == unit.pk))
    return next(fitting, None)


def can_review(*, user: Any, concession: Concession) -> Permission:
    """The head above, never who exercised."""
    if concession.review_state != ReviewState.DUE:
        return denied(_("This waits for no review."))
    if concession.owner_id == user.pk:
        return denied(_("Nobody reviews their own exercise."))
    post = review_post(user=user, concession=concession)
    if post is None or post.user_id == concession.owner_id:
        return denied(_("The head above reviews this."))
    return ALLOWED


def can_declare(*, user: Any, company: Company) -> Permission:
    """A conflict of one's own: whoever decides or asks."""
    if user.actor.has_role(*DECIDERS, *selectors.ASKERS):
        return ALLOWED
    return denied(_("Those who ask or decide declare conflicts."))


def can_suspend(*, user: Any, person: Any) -> Permission:
    """Centre heads for their people, head office and compliance for all; nobody for themselves."""
    if person.pk == user.pk:
        return denied(_("Nobody sets their own authority."))
    if user.actor.has_role(Role.HO, Role.COMP):
        return ALLOWED
    centres = {post.unit_id for post in user.actor.posts if post.role == Role.RCH}
    if any(post.unit.centre_id in centres for post in person.actor.posts):
        return ALLOWED
    return denied(_("Centre heads, head office and compliance suspend authority."))


def may_suspend_anybody(user: Any) -> bool:
    """Sees the button."""
    return bool(user.actor.has_role(Role.RCH, Role.HO, Role.COMP))


def can_confirm(*, user: Any, concession: Concession, now: dt.datetime) -> Permission:
    """The letter of confirmation: who looks after the client, of a grant that stands, once the client may be told."""
    if not is_asker(user) or not covers(user=user, company=concession.company):
        return denied(_("Who looks after the client writes to them."))
    if concession.state not in STANDING:
        return denied(_("Nothing is granted that could be confirmed."))
    if concession.told_at is None:
        return can_tell(user=user, concession=concession, now=now)
    return ALLOWED


def can_end_standing(*, user: Any, standing: Any) -> Permission:
    """A conflict ends by the word of a head above, head office or compliance; never of the person."""
    if standing.person_id == user.pk:
        return denied(_("Another person says that it is over."))
    if user.actor.has_role(Role.TH, Role.RCH, Role.HO, Role.COMP):
        return ALLOWED
    return denied(_("A head, head office or compliance says that it is over."))
