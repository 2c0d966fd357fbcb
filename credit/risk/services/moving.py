"""A class moves: begun, lowered on evidence at once; each movement is an event, a line of the timeline, and told to who must know."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from credit.packs.rules import reasoned, refuse
from credit.risk import permissions, rules, selectors
from credit.risk.choices import Ground, LoanClass
from credit.risk.models import Movement, Standing
from credit.risk.parts import ClassWitness
from crm.clients.models import Client
from crm.kernel.contributions import of
from crm.kernel.errors import RuleBroken
from crm.kernel.worklist import TimelineRow
from crm.notifications.services import notify
from crm.staff.choices import Role
from crm.staff.selectors import holders

KIND = "risk_class"
MOVED = "risk_moved"
SUBJECT = "risk.standing"


def locked(standing_id: int, actor: Any) -> Standing:
    """The standing with client and centre, locked; DoesNotExist where it is hidden."""
    Standing.objects.visible_to(actor).select_for_update(of=("self",)).get(pk=standing_id)
    return Standing.objects.select_related("client__company", "client__centre", "client__team", "client__owner").get(pk=standing_id)


def readers_told(client: Client, now: dt.datetime) -> set[int]:
    """Who hears of a movement: the manager, the head, and the approvers of credit."""
    role, unit = (Role.TH, client.team_id) if client.team_id else (Role.RCH, client.centre_id)
    return {client.owner_id, *holders(role=role, unit_id=unit, now=now), *holders(role=Role.CO, unit_id=None, now=now)}


@dataclass(frozen=True)
class Verdict:
    """The class that a debt is put into, and why."""

    loan_class: int
    grade: int | None
    watch: list[str]
    ground: Ground
    reason: str = ""


def move(standing: Standing, verdict: Verdict, *, known: selectors.Figures, actor: Any, now: dt.datetime) -> Movement | None:
    """Put a locked standing into a class and write what happened; None where nothing moves. The caller has judged it."""
    client = standing.client
    today = selectors.today_of(client, now)
    loan_class, grade = verdict.loan_class, verdict.grade
    risk = known.risk_class(loan_class, grade, verdict.watch)
    before = (standing.loan_class, standing.risk_class) if standing.pk else (None, "")
    if before == (loan_class, risk) and grade == standing.grade:
        return None
    if before != (loan_class, risk):
        standing.since_on = today
    standing.loan_class, standing.risk_class, standing.grade, standing.watch = loan_class, risk, grade, verdict.watch
    standing.version += 1
    standing.record(actor=actor, reason=verdict.reason[:100])
    movement = Movement.objects.create(
        standing=standing,
        ground=verdict.ground,
        old_loan_class=before[0],
        old_risk_class=before[1],
        new_loan_class=loan_class,
        new_risk_class=risk,
        days_overdue=standing.days_overdue,
        reason=verdict.reason,
        on=today,
        at=now,
        actor=actor,
        post=actor.actor.post(*permissions.READERS) if actor else None,
    )
    _tell(movement, client, now)
    for witness in of(ClassWitness):
        witness.hear(movement=movement, now=now)
    return movement


def _tell(movement: Movement, client: Client, now: dt.datetime) -> None:
    label = LoanClass(movement.new_loan_class).label
    TimelineRow.objects.create(
        company_id=client.company_id,
        kind=KIND,
        at=now,
        actor=movement.actor,
        owner_id=client.owner_id,
        team_id=client.team_id,
        centre_id=client.centre_id,
        title=f"{movement.old_risk_class} → {movement.new_risk_class}" if movement.old_risk_class else movement.new_risk_class,
        subject_type=SUBJECT,
        subject_id=movement.standing_id,
    )
    if movement.ground == Ground.OPENED:
        return
    line = _("%(client)s is now %(risk)s, %(label)s") % {"client": client, "risk": movement.new_risk_class, "label": label}
    url = movement.standing.get_absolute_url()
    notify(kind=MOVED, user_ids=readers_told(client, now), key=f"{MOVED}:{movement.pk}", line=line, url=url, now=now)


def open_standing(client: Client, facility: str, *, actor: Any, now: dt.datetime) -> Standing:
    """A standing for a client or one of its facilities; the one that is there, where there is one. Not graded, as good as days allow."""
    found = Standing.objects.filter(client=client, facility=facility).select_related("client__centre", "client__company").first()
    if found is not None:
        return found
    today = selectors.today_of(client, now)
    known = selectors.figures(client.centre.jurisdiction, today)
    overdue = selectors.days_overdue([client.pk], on=today, stale_days=int(known.rules["stale_days"]))
    standing = Standing(client=client, facility=facility, since_on=today)
    if client.pk in overdue:
        standing.days_overdue, standing.days_on = overdue[client.pk].days, overdue[client.pk].on
    return first_class(standing, selectors.watch_of(client, known, today), known=known, actor=actor, now=now)


def first_class(standing: Standing, watch: list[str], *, known: selectors.Figures, actor: Any, now: dt.datetime) -> Standing:
    """Put a new standing into its first class: as good as its days allow, not graded yet."""
    ceiling = int(rules.best_class(standing.days_overdue, known.ladder))
    move(standing, Verdict(ceiling, None, watch, Ground.OPENED), known=known, actor=actor, now=now)
    return standing


@transaction.atomic
def begin(*, client_id: int, facility: str = "", actor: Any, now: dt.datetime) -> Standing:
    """Begin to class a client's debt, or one facility apart. Client.DoesNotExist where hidden; NotAllowed for others than its people."""
    client = Client.objects.visible_to(actor).select_related("centre", "company").get(pk=client_id)
    permissions.can_begin(user=actor, client=client).require()
    if len(facility) > 20 or not facility.isprintable():
        raise refuse("facility", _("A reference has 20 characters at most."))
    return open_standing(client, facility.strip(), actor=actor, now=now)


@transaction.atomic
def downgrade(
    *,
    standing_id: int,
    loan_class: int,
    grade: int | None = None,
    evidence: str,
    actor: Any,
    now: dt.datetime,
    version: int | None = None,
) -> Movement:
    """Lower a class at once, on evidence. NotAllowed by role; RuleBroken without evidence, or where it would not be lower; StaleVersion
    where `version`, the one that was shown, is not the one kept.
    """  # fmt: skip
    standing = locked(standing_id, actor)
    permissions.can_downgrade(user=actor, standing=standing).require()
    if version is not None:
        standing.require_version(version, shown=("grade",))
    rules.check_class(loan_class)
    rules.check_grade(grade)
    words = reasoned(evidence, "evidence")
    grade = grade if grade is not None else standing.grade
    known = selectors.figures(standing.client.centre.jurisdiction, selectors.today_of(standing.client, now))
    to = (loan_class, str(known.risk_class(loan_class, grade, standing.watch)))
    held = (standing.loan_class, standing.risk_class)
    if rules.is_better(to, held) or to == held:
        raise RuleBroken(_("Evidence lowers a class; to improve one, propose it."))
    verdict = Verdict(loan_class, grade, standing.watch, Ground.EVIDENCE, words)
    moved = move(standing, verdict, known=known, actor=actor, now=now)
    if moved is None:
        raise RuleBroken(_("Nothing would move."))
    return moved
