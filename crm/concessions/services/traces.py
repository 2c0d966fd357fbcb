"""What an operation on a concession leaves elsewhere: events, work items, timeline rows; and the locks that it takes first."""

import datetime as dt
from typing import Any

from django.utils import timezone

from crm.companies.models import Company, Coverage
from crm.concessions import selectors
from crm.concessions.choices import ROLE_AT, Act, Level, TimelineName, WorkKindName
from crm.concessions.models import Concession, ConcessionEvent
from crm.kernel.calendars import WorkingCalendar
from crm.kernel.text import strip_controls
from crm.kernel.worklist import TimelineRow, WorkItem, WorkState
from crm.staff.choices import UnitKind
from crm.staff.selectors import working_calendar

SUBJECT = Concession._meta.label_lower


def concession_of(concession_id: int, actor: Any) -> Concession:
    """The concession, locked, with what its operations read. Concession.DoesNotExist where hidden."""
    locked = Concession.objects.visible_to(actor).select_for_update(of=("self",)).get(pk=concession_id)
    return _with_relations(locked.pk)


def any_concession(concession_id: int) -> Concession:
    """As `concession_of`, for the system's own work."""
    locked = Concession.objects.select_for_update(of=("self",)).get(pk=concession_id)
    return _with_relations(locked.pk)


def _with_relations(pk: int) -> Concession:
    found = Concession.objects.select_related("company__client", "owner", "team", "centre").get(pk=pk)
    found.company.current_coverage = list(Coverage.objects.current().filter(company_id=found.company_id).order_by("kind"))
    return found


def lock_group(company: Company) -> None:
    """Hold the companies of the group until the transaction ends: nobody else decides about them meanwhile, so what is read stays true."""
    ids = selectors.members(company)
    list(Company.objects.filter(pk__in=ids).select_for_update(of=("self",), no_key=True).order_by("pk").values_list("pk", flat=True))


def company_of(company_id: int, actor: Any) -> Company:
    """The company with who looks after it and its client. Company.DoesNotExist where hidden."""
    company = Company.objects.visible_to(actor).select_related("client", "group").get(pk=company_id)
    company.current_coverage = list(Coverage.objects.current().filter(company_id=company_id).order_by("kind"))
    return company


def place_of(post: Any) -> dict[str, Any]:
    """Team and centre of a request that is made in this post."""
    return {"team": post.unit if post.unit.kind == UnitKind.TEAM else None, "centre": post.unit.centre}


def calendar_at(centre: Any, now: dt.datetime) -> WorkingCalendar:
    """The working time of the centre."""
    return working_calendar(centre, on=timezone.localdate(now, centre.zone))


def tidy(text: str) -> str:
    """What was typed, without what nobody sees."""
    return strip_controls(text).strip()


def note(
    concession: Concession, act: Act, *, actor: Any, now: dt.datetime, post: Any = None, words: str = "", level: int | None = None
) -> ConcessionEvent:
    """The event row."""
    return ConcessionEvent.objects.create(concession=concession, act=act, actor=actor, post=post, at=now, words=words, level=level)


def title_of(concession: Concession) -> str:
    """Number and client, in no language."""
    return f"{concession.number} · {concession.company.name_en or concession.company.name_zh}"[:300]


def queue_item(concession: Concession, *, actor: Any) -> WorkItem:
    """Asks whoever serves the request's level."""
    level = Level(concession.queue_level or Level.TH)
    unit = {Level.TH: concession.team, Level.RCH: concession.centre}.get(level)
    return _item(concession, WorkKindName.DECIDE, actor=actor, due_at=concession.due_at, unit=unit, role=ROLE_AT[level])


def credit_item(concession: Concession, *, actor: Any) -> WorkItem:
    """Tells the credit approvers, who may object."""
    return _item(concession, WorkKindName.CREDIT, actor=actor, due_at=concession.credit_until, role=ROLE_AT[Level.CREDIT])


def review_item(concession: Concession, place: tuple[Level, Any], *, actor: Any) -> WorkItem:
    """Asks the head above to look at an exercise."""
    level, unit = place
    return _item(concession, WorkKindName.REVIEW, actor=actor, due_at=concession.review_due_at, unit=unit, role=ROLE_AT[level])


def own_item(concession: Concession, kind: WorkKindName, *, actor: Any, due_at: dt.datetime | None, title: str = "") -> WorkItem:
    """Something that whoever asked has to do."""
    return _item(concession, kind, actor=actor, due_at=due_at, assignee=concession.owner, title=title)


def head_item(concession: Concession, kind: WorkKindName, *, due_at: dt.datetime | None) -> WorkItem:
    """Something that the head of who asked is told."""
    place = {"unit": concession.team, "role": "TH"} if concession.team_id else {"unit": concession.centre, "role": "RCH"}
    return _item(concession, kind, actor=None, due_at=due_at, **place)


def _item(concession: Concession, kind: str, *, actor: Any, due_at: dt.datetime | None, title: str = "", **whose: Any) -> WorkItem:
    return WorkItem.objects.create(
        kind=kind,
        title=title or title_of(concession),
        company_id=concession.company_id,
        due_at=due_at,
        subject_type=SUBJECT,
        subject_id=concession.pk,
        created_by=actor,
        **whose,
    )


def close_items(concession: Concession, *kinds: str, actor: Any, now: dt.datetime, state: WorkState = WorkState.DONE) -> None:
    """What was to be done about it is done, or need not be done any more."""
    rows = WorkItem.objects.open().filter(subject_type=SUBJECT, subject_id=concession.pk, kind__in=kinds)
    for item in rows.select_for_update(of=("self",)).order_by("pk"):
        item.close(actor=actor, now=now, state=state)


def on_timeline(concession: Concession, kind: TimelineName, *, actor: Any, now: dt.datetime) -> None:
    """A row on the company's timeline, in the scope of the concession. Who decided is never on it."""
    amount = f" · {concession.currency} {concession.amount:,.2f}" if concession.amount is not None else ""
    TimelineRow.objects.create(
        company_id=concession.company_id,
        kind=kind,
        at=now,
        actor=actor,
        owner_id=concession.owner_id,
        team_id=concession.team_id,
        centre_id=concession.centre_id,
        title=f"{concession.number} · {concession.kind}{amount}",
        subject_type=SUBJECT,
        subject_id=concession.pk,
    )
