"""The committee on a frozen file: convened, answered to, voted, decided; the decision stands, one objection is heard (domain 7.7)."""

import datetime as dt
from collections import Counter
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from credit.accountability import permissions, rules, selectors
from credit.accountability.choices import SUBJECT, Bench, CommitteeWork, Outcome
from credit.accountability.models import Ballot, Case, Compilation, DutyFile, Ruling, Statement
from credit.packs.rules import reasoned, refuse
from credit.reviews.rules import text
from crm.kernel.errors import RuleBroken
from crm.kernel.worklist import WorkItem
from crm.notifications.services import notify
from crm.staff.choices import RELATIONSHIP_ROLES, Role
from crm.staff.selectors import holders, working_calendar
from crm.visits.rules import closing_time

TOLD = "accountability_committee"


def _file(file_id: int, actor: Any) -> DutyFile:
    pk = DutyFile.objects.visible_to(actor).select_for_update(of=("self",)).values_list("pk", flat=True).get(pk=file_id)
    found: DutyFile = DutyFile.objects.select_related(*selectors.RELATED).get(pk=pk)
    return found


def _case(case_id: int, actor: Any) -> tuple[DutyFile, Case]:
    """The case under its file's lock, among those that the actor may see."""
    file_id = Case.objects.visible_to(actor).values_list("file_of_id", flat=True).get(pk=case_id)
    file = _file(file_id, actor)
    return file, Case.objects.select_related("actor", "manager").get(pk=case_id)


def _after(file: DutyFile, days: int, now: dt.datetime) -> dt.datetime:
    """As work closes, so many working days from today."""
    centre = file.client.centre
    today = timezone.localdate(now, centre.zone)
    calendar = working_calendar(centre, on=today)
    return closing_time(calendar.add_working_days(today, days), calendar)


def _ask(file: DutyFile, kind: str, person_id: int, *, actor: Any, due_at: dt.datetime) -> None:
    WorkItem.objects.create(
        kind=kind, title=f"{file.pack} · {file.client}"[:300], company_id=file.client.company_id, due_at=due_at, subject_type=SUBJECT,
        subject_id=file.pk, created_by=actor, assignee_id=person_id,
    )  # fmt: skip


def _finish(file: DutyFile, *kinds: str, actor: Any, now: dt.datetime, **narrowed: Any) -> None:
    rows = WorkItem.objects.open().filter(subject_type=SUBJECT, subject_id=file.pk, kind__in=kinds, **narrowed)
    for item in rows.select_for_update(of=("self",)):
        item.close(actor=actor, now=now)


def _tell(file: DutyFile, line: Any, people: set[int], *, key: str, now: dt.datetime) -> None:
    notify(kind=TOLD, user_ids=people, key=f"{TOLD}:{key}", line=line, url=file.get_absolute_url(), now=now)


@transaction.atomic
def convene(*, compilation_id: int, actor: Any, now: dt.datetime) -> Case:
    """Convene the committee on a frozen file. Who is judged may answer in writing until the bank's working days are over.

    Compilation.DoesNotExist where hidden; NotAllowed for others than its members, for who had a part, and a second time.
    """
    frozen = Compilation.objects.visible_to(actor).get(pk=compilation_id)
    file = _file(frozen.file_of_id, actor)
    permissions.can_convene(user=actor, file=file, frozen=frozen, case=selectors.case_of(frozen)).require()
    figures, _deferral = selectors.figures(file.client, timezone.localdate(now, file.client.centre.zone))
    until = _after(file, int(figures["statement_days"]), now)
    case: Case = Case.objects.create(
        file_of=file, compilation=frozen, manager_id=file.client.owner_id, statement_until=until, at=now, actor=actor, post=_seat(actor)
    )
    judged = selectors.respondents(file, case)
    for person_id in sorted(judged):
        _ask(file, CommitteeWork.ANSWER, person_id, actor=actor, due_at=until)
    _ask(file, CommitteeWork.CLOSE, actor.pk, actor=actor, due_at=_after(file, int(figures["decide_days"]), now))
    told = {"client": file.client, "pack": file.pack}
    _tell(file, _("Answer in writing on %(client)s (%(pack)s)") % told, judged, key=f"{case.pk}:answer", now=now)
    members = {one for role in (Role.HR, Role.AUD, Role.CO) for one in holders(role=role, unit_id=None, now=now)} - {actor.pk}
    _tell(file, _("A committee sits on %(client)s (%(pack)s)") % told, members, key=f"{case.pk}:sit", now=now)
    return case


def _seat(actor: Any) -> Any:
    return actor.actor.post(*rules.BENCHES)


@transaction.atomic
def answer(*, case_id: int, words: str, actor: Any, now: dt.datetime) -> Statement:
    """Answer in writing before the decision, once. NotAllowed for others, and when the time is over; RuleBroken without words."""
    file, case = _case(case_id, actor)
    sitting = permissions.Sitting(file, case, None, selectors.statements_of(case))
    permissions.can_answer(user=actor, sitting=sitting, now=now).require()
    kept = text(words, rules.WORDS, "words", _("Write down the words."))
    made: Statement = Statement.objects.create(case=case, words=kept, at=now, actor=actor, post=actor.actor.post(*RELATIONSHIP_ROLES))
    _finish(file, CommitteeWork.ANSWER, actor=actor, now=now, assignee_id=actor.pk)
    return made


@transaction.atomic
def vote(*, case_id: int, outcome: str, judgement: str, actor: Any, now: dt.datetime) -> Ballot:
    """Vote, once, with one's own judgement. NotAllowed for others than members without a part, and before who is judged was heard."""
    file, case = _case(case_id, actor)
    sitting = permissions.Sitting(file, case, selectors.ruling_of(case), selectors.statements_of(case))
    voted = list(case.ballots.values_list("actor_id", flat=True))
    permissions.can_vote(user=actor, sitting=sitting, voted=voted, now=now).require()
    if outcome not in Outcome.values:
        raise refuse("outcome", _("Pick one of the choices."))
    words = reasoned(judgement, "judgement")
    bench = str(permissions.bench(actor))
    made: Ballot = Ballot.objects.create(case=case, bench=bench, outcome=outcome, judgement=words, at=now, actor=actor, post=_seat(actor))
    return made


@transaction.atomic
def close_vote(*, case_id: int, reason: str, actor: Any, now: dt.datetime) -> Ruling:
    """Close the vote: what more than the bank's share of the ballots stands for is decided, for good. The deferral is a proposal.

    NotAllowed for others than who convened it; RuleBroken without a reason, below the quorum, where human resources, audit or credit has
    not voted (code `no_quorum`), and where no outcome has the majority (code `no_majority`): more members may vote then.
    """
    file, case = _case(case_id, actor)
    permissions.can_close(user=actor, case=case, ruling=selectors.ruling_of(case)).require()
    words = reasoned(reason)
    figures, deferral = selectors.figures(file.client, timezone.localdate(now, file.client.centre.zone))
    ballots = list(case.ballots.order_by("pk"))
    if len(ballots) < int(figures["quorum"]) or {one.bench for one in ballots} < set(Bench.values):
        told = {"quorum": figures["quorum"], "number": len(ballots)}
        sentence = _("%(quorum)s members decide, of human resources, audit and credit each at least one; %(number)s have voted.") % told
        raise RuleBroken(sentence, code="no_quorum")
    outcome = rules.carried((one.outcome for one in ballots), majority_percent=int(figures["majority_percent"]))
    if outcome is None:
        raise RuleBroken(_("No decision has the majority. Another member may vote."), code="no_majority")
    votes = dict(Counter(one.outcome for one in ballots))
    ruling: Ruling = Ruling.objects.create(
        case=case, outcome=outcome, reason=words, votes=votes, deferral_percent=int(deferral[outcome]), at=now, actor=actor,
        post=_seat(actor),
    )  # fmt: skip
    _finish(file, CommitteeWork.CLOSE, CommitteeWork.ANSWER, actor=actor, now=now)
    line = _("The committee has decided on %(client)s (%(pack)s)") % {"client": file.client, "pack": file.pack}
    _tell(file, line, selectors.respondents(file, case), key=f"{case.pk}:decided", now=now)
    return ruling


@transaction.atomic
def object_once(*, case_id: int, words: str, actor: Any, now: dt.datetime) -> Statement:
    """Object to the decision, once; it is kept beside it and told to who convened the committee. NotAllowed for others."""
    file, case = _case(case_id, actor)
    sitting = permissions.Sitting(file, case, selectors.ruling_of(case), selectors.statements_of(case))
    permissions.can_object(user=actor, sitting=sitting).require()
    kept = text(words, rules.WORDS, "words", _("Write down the words."))
    made: Statement = Statement.objects.create(
        case=case, words=kept, is_objection=True, at=now, actor=actor, post=actor.actor.post(*RELATIONSHIP_ROLES)
    )
    line = _("%(name)s objects to the decision on %(client)s") % {"name": actor.name, "client": file.client}
    _tell(file, line, {case.actor_id} if case.actor_id else set(), key=f"{case.pk}:objected:{actor.pk}", now=now)
    return made
