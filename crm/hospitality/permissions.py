"""Who may ask, decide, report, claim, check and post. The services ask the same functions as the buttons (domain 1.2 and 4.3)."""

import datetime as dt
from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.companies.models import Company
from crm.companies.permissions import covers
from crm.hospitality.choices import EDITABLE, LEVELS, UNREPORTED, ExtraState, Level, State
from crm.hospitality.models import Extra, HospitalityRequest
from crm.hospitality.querysets import READERS_OF_ALL
from crm.hospitality.selectors import HOSTS
from crm.kernel.permission import ALLOWED, Permission, denied
from crm.staff.choices import GRADES, Role

READERS = (*HOSTS, *READERS_OF_ALL)


def is_host(user: Any) -> bool:
    """Holds a post that invites guests."""
    return bool(user.actor.has_role(*HOSTS))


def can_read(*, user: Any) -> Permission:
    """Hosts, their heads, head office, compliance, finance and audit."""
    if user.actor.has_role(*READERS):
        return ALLOWED
    return denied(_("Hospitality is read by those who host, their heads, compliance, finance and audit."))


def can_host(*, user: Any, company: Company) -> Permission:
    """Who looks after the company; head office for every company that somebody looks after."""
    if not is_host(user):
        return denied(_("Guests are invited by relationship managers and their heads."))
    if covers(user=user, company=company) or (user.actor.has_role(Role.HO) and company.current_coverage):
        return ALLOWED
    return denied(_("Neither you nor your team looks after this company. Ask who covers it."))


def can_host_with(user: Any, record: Any) -> Permission:
    """`can_host` for a company, or whatever belongs to one, as a record's button asks it."""
    return can_host(user=user, company=getattr(record, "company", record))


def is_host_of(user: Any, event: HospitalityRequest) -> bool:
    """The person who invited."""
    return bool(event.owner_id == user.pk and user.actor.posts)


def _own(user: Any, event: HospitalityRequest) -> Permission:
    return ALLOWED if is_host_of(user, event) else denied(_("Only the host does this."))


def can_change(*, user: Any, event: HospitalityRequest) -> Permission:
    """The host, as long as it is a draft or was returned."""
    if not (own := _own(user, event)):
        return own
    return ALLOWED if event.state in EDITABLE else denied(_("It is submitted. Ask for its return, or cancel it."))


def can_cancel(*, user: Any, event: HospitalityRequest) -> Permission:
    """The host, until it is reported."""
    if not (own := _own(user, event)):
        return own
    if event.state in (*EDITABLE, State.SUBMITTED, *UNREPORTED):
        return ALLOWED
    return denied(_("It is too late to cancel this."))


def _at_table(user: Any, event: HospitalityRequest) -> Permission:
    """Host, guest or beneficiary never decides, whatever the post (domain 4.3)."""
    if event.owner_id == user.pk:
        return denied(_("Nobody decides on their own hospitality."))
    if event.seats.filter(user_id=user.pk).exists():
        return denied(_("You sit at this table, so another decides."))
    return ALLOWED


def deciding_post(user: Any, event: HospitalityRequest, level: str) -> Any:
    """The post in which this person decides at `level` or above it: of the host's team, of the centre, of head office. None without one."""
    reached = LEVELS[LEVELS.index(Level(level)) :] if level else ()
    places = {Level.TH: event.team_id, Level.RCH: event.centre_id}
    fitting = (
        post
        for post in user.actor.deciding_posts
        if post.role in reached
        and (post.role == Level.HO or post.unit_id == places[Level(post.role)])
        and user.actor.authority_for(post) >= GRADES[Role(level)]
    )
    return max(fitting, key=lambda post: post.grade, default=None)


def can_decide(*, user: Any, event: HospitalityRequest) -> Permission:
    """The level that the request goes to, or one above it; never the host or a colleague at the table; after compliance's consent."""
    if event.state != State.SUBMITTED:
        return denied(_("This waits for no decision."))
    if not (apart := _at_table(user, event)):
        return apart
    if deciding_post(user, event, event.level) is None:
        return denied(_("This goes to another level."))
    if event.needs_consent and event.consented_at is None:
        return denied(_("Compliance consents first."))
    return ALLOWED


def can_consent(*, user: Any, event: HospitalityRequest) -> Permission:
    """Compliance, before anybody decides."""
    if not user.actor.has_role(Role.COMP):
        return denied(_("Compliance alone consents."))
    if event.state != State.SUBMITTED or not event.needs_consent or event.consented_at is not None:
        return denied(_("This waits for no consent."))
    return _at_table(user, event)


def can_reopen(*, user: Any, event: HospitalityRequest) -> Permission:
    """The centre head, or head office, where nobody reported in time (domain 4.4)."""
    if event.state != State.EXPIRED:
        return denied(_("Only what expired is reopened."))
    if not (apart := _at_table(user, event)):
        return apart
    if deciding_post(user, event, Level.RCH) is None:
        return denied(_("The centre head reopens it."))
    return ALLOWED


def can_report(*, user: Any, event: HospitalityRequest, now: dt.datetime) -> Permission:
    """The host, after the event."""
    if not (own := _own(user, event)):
        return own
    if event.state not in UNREPORTED:
        return denied(_("There is nothing to report here now."))
    return ALLOWED if event.event_at <= now else denied(_("It has not taken place yet."))


def can_claim(*, user: Any, event: HospitalityRequest, now: dt.datetime) -> Permission:
    """The host, once it is reported, in time; again where finance asks."""
    if not (own := _own(user, event)):
        return own
    if event.state not in (State.REPORTED, State.QUERIED):
        return denied(_("No report, no payment. Report it first.") if event.state in UNREPORTED else _("There is nothing to claim now."))
    if event.state == State.REPORTED and not event.billed:
        return denied(_("There is nothing to claim now."))
    late = event.state == State.REPORTED and event.claim_due_at is not None and now > event.claim_due_at
    return denied(_("The time to claim is over.")) if late else ALLOWED


def can_ask_more(*, user: Any, event: HospitalityRequest) -> Permission:
    """The host, while a part of the bill is their own cost and finance has not checked the claim."""
    if not (own := _own(user, event)):
        return own
    if event.state not in (State.REPORTED, State.CLAIMED, State.QUERIED):
        return denied(_("Nothing more can be asked for now."))
    if event.eligible is None or event.eligible <= event.paid:
        return denied(_("All that may be claimed is paid."))
    return ALLOWED


def can_grant_more(*, user: Any, extra: Extra) -> Permission:
    """The level that it goes to; never the host or a colleague at the table."""
    event = extra.request
    if extra.state != ExtraState.ASKED:
        return denied(_("This waits for no decision."))
    if not (apart := _at_table(user, event)):
        return apart
    if deciding_post(user, event, extra.level) is None:
        return denied(_("This goes to another level."))
    return ALLOWED


def can_verify(*, user: Any, event: HospitalityRequest) -> Permission:
    """Finance; never the host or claimant."""
    if not user.actor.has_role(Role.FIN):
        return denied(_("Finance checks claims."))
    if event.owner_id == user.pk:
        return denied(_("Nobody checks their own claim."))
    return ALLOWED if event.state == State.CLAIMED else denied(_("This waits for no check."))


def can_post(*, user: Any) -> Permission:
    """Finance."""
    return ALLOWED if user.actor.has_role(Role.FIN) else denied(_("Finance posts claims."))


def can_read_books(*, user: Any) -> Permission:
    """Finance, compliance, head office and audit."""
    if user.actor.has_role(*READERS_OF_ALL):
        return ALLOWED
    return denied(_("Postings are read by finance, compliance, head office and audit."))


def can_read_effect(*, user: Any) -> Permission:
    """Heads, head office, compliance and audit, who read both hospitality and figures; an RM asks for one client on its page."""
    if user.actor.has_role(Role.TH, Role.RCH, Role.HO, Role.COMP, Role.AUD):
        return ALLOWED
    return denied(_("What hospitality brings is read by heads, head office, compliance and audit."))


def can_claw_back(*, user: Any, event: HospitalityRequest) -> Permission:
    """Finance, once it is posted; never the host."""
    if not (books := can_post(user=user)):
        return books
    if event.owner_id == user.pk:
        return denied(_("Nobody checks their own claim."))
    return ALLOWED if event.state in (State.POSTED, State.PAID) else denied(_("Nothing was posted."))
