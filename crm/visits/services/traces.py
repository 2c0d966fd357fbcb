"""What an operation on a visit leaves elsewhere: who was there, work items, the timeline row, the company's dates of contact."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.contrib.auth import get_user_model
from django.utils.translation import gettext_lazy as _

from crm.companies.models import Company, Contact, Coverage
from crm.kernel.errors import RuleBroken
from crm.kernel.worklist import TimelineRow, WorkItem
from crm.staff.choices import Role, UnitKind
from crm.visits import rules
from crm.visits.choices import DecisionWeight, WorkKindName
from crm.visits.models import Attendee, BankAttendee, Promise, Visit
from crm.visits.permissions import VISITORS, can_give_work
from crm.visits.selectors import WorkingRules, newest_contact

SUBJECT = "visits.visit"
PROMISE_SUBJECT = "visits.promise"
PEOPLE_LIMIT = 20
_COVERAGE_READ = ("kind", "owner_id", "team_id", "centre_id", "company_id", "visited_elsewhere", "company__client__tier")


def locked_company(*, actor: Any, company_id: int) -> Company:
    """The company, locked, with who looks after it and its client. Company.DoesNotExist where hidden.

    Both are read once the lock is held: PostgreSQL joins a row that it waited for with the others as they stood before, and a company
    that became a client meanwhile would be none.
    """
    company = Company.objects.visible_to(actor).select_for_update(of=("self",)).get(pk=company_id)
    covered = Coverage.objects.current().filter(company_id=company_id).select_related("company__client")
    company.current_coverage = list(covered.only(*_COVERAGE_READ).order_by("kind"))
    return company


def tier_of(company: Company) -> str:
    """The client's tier, empty for a company that is no client."""
    rows = company.current_coverage
    held = rows[0].company if rows else Company.objects.select_related("client").get(pk=company.pk)
    return held.client.tier if hasattr(held, "client") else ""


def owned_by(actor: Any, company: Company) -> dict[str, Any]:
    """Owner, team and centre of a visit: the actor in the post that looks after the company, else in the highest."""
    posts = [post for post in actor.actor.posts if post.role in VISITORS]
    units = {unit_id for row in company.current_coverage for unit_id in (row.team_id, row.centre_id)}
    post = max(posts, key=lambda post: (post.unit_id in units, post.grade))
    return {"owner": actor, "team": post.unit if post.unit.kind == UnitKind.TEAM else None, "centre": post.unit.centre}


def who_was_met(*, met: Sequence[rules.Met], actor: Any, company: Company) -> list[Attendee]:
    """The attendees, not yet saved, contacts loaded. RuleBroken for a contact of another company or a name that is missing."""
    ids = [person.contact_id for person in met if person.contact_id]
    contacts = {contact.pk: contact for contact in Contact.objects.visible_to(actor).filter(company=company, pk__in=ids)} if ids else {}
    wrong = (
        len(met) > PEOPLE_LIMIT
        or len(contacts) != len(set(ids))
        or any(not person.contact_id and not person.name.strip() for person in met)
    )
    if wrong or any(person.weight not in ("", *DecisionWeight.values) for person in met):
        raise RuleBroken(
            _("Pick people of this company, or write the names of new ones."), fields={"met": _("Pick people of this company.")}
        )
    found: dict[Any, Attendee] = {}
    for person in met:
        name = " ".join(person.name.split())[:120]
        attendee = Attendee(contact=contacts.get(person.contact_id), name=name, title=person.title.strip()[:120], weight=person.weight)
        found[person.contact_id or name] = attendee
    return list(found.values())


def who_went_along(*, ids: Sequence[int], actor: Any) -> list[Any]:
    """Colleagues, without the actor. RuleBroken for somebody who is none."""
    wanted = set(ids) - {actor.pk}
    people = list(get_user_model().objects.colleagues_of(actor).filter(pk__in=wanted)) if wanted else []
    if len(people) != len(wanted) or len(people) > PEOPLE_LIMIT:
        raise RuleBroken(_("Pick colleagues who work here now."), fields={"colleagues": _("Pick colleagues who work here now.")})
    return people


def in_words(people: Sequence[Any]) -> str:
    """Names side by side, for lists and history."""
    names = [
        (person.contact.name_en or person.contact.name_zh) if getattr(person, "contact", None) else _own_name(person) for person in people
    ]
    return ", ".join(names)[:400]


def _own_name(person: Any) -> str:
    return person.name if isinstance(person, Attendee) else person.name_en


def write_people(visit: Visit, attendees: Sequence[Attendee], colleagues: Sequence[Any]) -> None:
    """Save who was there, in place of whoever stood there before."""
    if attendees:
        for attendee in attendees:
            attendee.visit = visit
        Attendee.objects.bulk_create(attendees)
    if colleagues:
        BankAttendee.objects.bulk_create(BankAttendee(visit=visit, user=user) for user in colleagues)


def same_people(visit: Visit, attendees: Sequence[Attendee], colleagues: Sequence[Any]) -> bool:
    """Whether they are the ones who stand there already."""
    there = {(one.contact_id, one.name, one.title, one.weight) for one in visit.attendees.all()}
    return there == {(one.contact_id, one.name, one.title, one.weight) for one in attendees} and set(
        visit.bank_attendees.values_list("user_id", flat=True)
    ) == {colleague.pk for colleague in colleagues}


def who_does_it(*, owner_id: int | None, actor: Any, now: dt.datetime, field: str) -> Any:
    """Who gets a task: the actor unless a colleague is named. NotAllowed for somebody outside the team, RuleBroken for nobody."""
    if owner_id is None or owner_id == actor.pk:
        return actor
    colleague = get_user_model().objects.colleagues_of(actor).filter(pk=owner_id).first()
    if colleague is None:
        raise RuleBroken(_("Pick colleagues who work here now."), fields={field: _("Pick colleagues who work here now.")})
    can_give_work(user=actor, to=colleague, now=now).require()
    return colleague


def next_step_item(visit: Visit, *, actor: Any, work: WorkingRules) -> list[WorkItem]:
    """The task of the next step, not yet saved; none where there is no next step."""
    if not visit.next_step or visit.next_step_on is None:
        return []
    due_at = rules.closing_time(visit.next_step_on, work.calendar)
    return [_item(visit, WorkKindName.TASK, visit.next_step, due_at, actor, assignee=visit.next_step_owner)]


def sign_off_item(visit: Visit, *, actor: Any, due_at: dt.datetime | None) -> list[WorkItem]:
    """Asks the head of the team to sign; for a team head's own visit the centre head, for a centre head's own head office."""
    if not visit.waits_for_sign_off:
        return []
    own_team = visit.team_id is not None and not actor.actor.has_role(Role.TH, Role.RCH)
    if own_team:
        place = {"unit": visit.team, "role": Role.TH}
    elif actor.actor.has_role(Role.RCH) or visit.centre is None:
        place = {"unit": visit.centre.parent if visit.centre else None, "role": Role.HO}
    else:
        place = {"unit": visit.centre, "role": Role.RCH}
    return [_item(visit, WorkKindName.SIGN_OFF, rules.first_line(visit.summary), due_at, actor, **place)]


def promise_items(promises: Sequence[Promise], visit: Visit, *, actor: Any, work: WorkingRules) -> list[WorkItem]:
    """A dated task for each promise."""
    return [
        WorkItem(
            kind=WorkKindName.PROMISE,
            title=promise.text,
            company_id=visit.company_id,
            assignee=promise.owner,
            due_at=rules.closing_time(promise.due_on, work.calendar),
            subject_type=PROMISE_SUBJECT,
            subject_id=promise.pk,
            created_by=actor,
        )
        for promise in promises
    ]


def _item(visit: Visit, kind: str, title: str, due_at: dt.datetime | None, actor: Any, **whose: Any) -> WorkItem:
    return WorkItem(
        kind=kind,
        title=title,
        company_id=visit.company_id,
        due_at=due_at,
        subject_type=SUBJECT,
        subject_id=visit.pk,
        created_by=actor,
        **whose,
    )


def plan_item(visit: Visit, *, actor: Any) -> WorkItem:
    """Stands on Today until the visit is logged or cancelled."""
    return _item(visit, WorkKindName.VISIT, visit.objective, visit.planned_at, actor, assignee=actor)


def close_items(visit: Visit, kind: str, *, actor: Any, now: dt.datetime) -> None:
    """What was to be done about the visit is done."""
    for item in WorkItem.objects.open().filter(subject_type=SUBJECT, subject_id=visit.pk, kind=kind).select_for_update(of=("self",)):
        item.close(actor=actor, now=now)


def write_timeline(visit: Visit) -> None:
    """The visit on the company's timeline, in the scope of whoever looks after the company; a change of the visit changes its row."""
    scope = next(iter(visit.company.current_coverage), visit)
    shown = {
        "company_id": visit.company_id,
        "kind": visit.kind,
        "at": visit.at,
        "actor_id": visit.owner_id,
        "owner_id": scope.owner_id,
        "team_id": scope.team_id,
        "centre_id": scope.centre_id,
        "title": rules.first_line(visit.summary),
        "facts": {"met": visit.met} if visit.met else {},
    }
    if visit.version > 1 and TimelineRow.objects.filter(subject_type=SUBJECT, subject_id=visit.pk).update(**shown):
        return
    TimelineRow.objects.create(subject_type=SUBJECT, subject_id=visit.pk, **shown)


def note_contact(company: Company, visit: Visit) -> None:
    """Bring the company's dates of contact forward. The company is locked, so reading before writing is safe."""
    changes = {}
    if rules.counts_as_contact(kind=visit.kind, two_way=visit.two_way) and _is_newer(visit.happened_at, company.last_contact_at):
        changes["last_contact_at"] = visit.happened_at
    if rules.counts_as_meeting(kind=visit.kind, purpose=visit.purpose) and _is_newer(visit.happened_at, company.last_met_at):
        changes["last_met_at"] = visit.happened_at
    if changes:
        Company.objects.filter(pk=company.pk).update(**changes)


def _is_newer(moment: dt.datetime | None, known: dt.datetime | None) -> bool:
    return moment is not None and (known is None or moment > known)


def recount_contact(company_id: int) -> None:
    """Work the company's dates of contact out anew, after a visit was changed."""
    contact, meeting = newest_contact(company_id)
    Company.objects.filter(pk=company_id).update(last_contact_at=contact, last_met_at=meeting)
