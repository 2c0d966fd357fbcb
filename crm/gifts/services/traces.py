"""What an operation on a gift leaves elsewhere: its event row, work items, the timeline row; and how a gift is found and placed."""

import datetime as dt
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _now

from crm.companies.models import Company, Contact
from crm.gifts import rules
from crm.gifts.choices import GIFT_TRANSITIONS, GiftWork
from crm.gifts.models import Gift, GiftEvent
from crm.gifts.permissions import GIVERS
from crm.gifts.selectors import Figures, covered, once_official_by_name
from crm.kernel.contributions import known_officials
from crm.kernel.models import Sequence
from crm.kernel.names.keys import typed_key
from crm.kernel.text import strip_controls
from crm.kernel.workflow import check_transition
from crm.kernel.worklist import TimelineRow, WorkItem
from crm.staff.choices import Role, UnitKind
from crm.staff.models import Post
from crm.visits.rules import closing_time

SUBJECT = "gifts.gift"
TIMELINE = "gift"


def found(gift_id: int, actor: Any) -> Gift:
    """The gift, locked, among those that the actor may see. Gift.DoesNotExist where hidden."""
    locked = Gift.objects.visible_to(actor).select_for_update(of=("self",)).get(pk=gift_id)
    return Gift.objects.select_related("company", "item", "owner", "team", "centre").get(pk=locked.pk)


def company_of(company_id: int, actor: Any) -> Company:
    """The company with who covers it now. Company.DoesNotExist where hidden."""
    return covered(Company.objects.visible_to(actor).get(pk=company_id))


def placed(actor: Any, company: Company) -> dict[str, Any]:
    """Owner, team and centre of a gift: the actor in the post that looks after the company, else in the highest; head office by itself."""
    posts = [post for post in actor.actor.posts if post.role in GIVERS]
    units = {unit_id for row in company.current_coverage for unit_id in (row.team_id, row.centre_id)}
    post = max(posts, key=lambda post: (post.unit_id in units, post.grade))
    team = post.unit if post.unit.kind == UnitKind.TEAM else None
    return {"owner": actor, "team": team, "centre": post.unit.centre or post.unit}


def role_of(actor: Any, where: dict[str, Any]) -> str:
    """The role in which the owner gives, from where the gift was placed."""
    unit = where["team"] or where["centre"]
    return str(max((post for post in actor.actor.posts if post.unit_id == unit.pk), key=lambda post: post.grade).role)


def named(person: rules.Person, company: Company, actor: Any) -> dict[str, Any]:
    """The columns that say who is on the other side: a contact where one is meant, also by name. RuleBroken for nobody, or a stranger's.

    Once an official, always an official.
    """
    contacts = Contact.objects.visible_to(actor).filter(company=company)
    typed = " ".join(strip_controls(person.name).split())[:120]
    contact = None
    if person.contact_id is not None:
        contact = contacts.filter(pk=person.contact_id).first()
        if contact is None:
            raise rules.refuse("contact", _now("Pick a person of this company, or write the name of a new one."))
    elif typed:
        contact = contacts.filter(Q(name_en__iexact=typed) | Q(name_zh=typed)).order_by("pk").first()
    else:
        raise rules.refuse("contact", _now("Say who it is."))
    name = (contact.name_en or contact.name_zh) if contact else typed
    key = f"contact:{contact.pk}" if contact else f"name:{company.pk}:{typed_key(typed)}"[:60]
    known = bool(known_officials([contact.pk])) if contact else once_official_by_name(key)
    return {
        "contact": contact,
        "person": name,
        "person_title": (contact.title if contact else " ".join(strip_controls(person.title).split()))[:120],
        "person_key": key,
        "relation": person.relation,
        "is_official": person.is_official or known,
    }


def next_number(now: dt.datetime, today: dt.date) -> str:
    """The next number of the register."""
    return f"GR-{today.year}-{Sequence.take('GR', today.year):04d}"


def write_event(gift: Gift, act: str, *, actor: Any, now: dt.datetime, source: str = "", note: str = "", post: Any = None) -> GiftEvent:
    """What was done, from which state to the one that stands now."""
    note = strip_controls(note).strip()[: rules.TEXT_LIMIT]
    post = post or (actor.actor.post() if actor else None)
    return GiftEvent.objects.create(gift=gift, act=act, from_state=source, to_state=gift.state, note=note, actor=actor, post=post, at=now)


def move(
    gift: Gift, target: str, act: str, *, actor: Any, now: dt.datetime, note: str = "", post: Any = None, fields: tuple[str, ...] = ()
) -> GiftEvent:
    """Take a gift to another state and write the event. InvalidTransition where its state does not lead there."""
    source = gift.state
    check_transition(GIFT_TRANSITIONS, source, target)
    gift.state = target
    gift.version += 1
    gift.record(actor=actor, reason=note[:100], fields=["state", "version", *fields])
    return write_event(gift, act, actor=actor, now=now, source=source, note=note, post=post)


def ask(gift: Gift, figures: Figures, *, actor: Any, now: dt.datetime) -> None:
    """Put the gift into the queue in which it waits now: compliance's, or that of the level which decides."""
    due_at = closing_time(figures.calendar.add_working_days(figures.today, figures.decide_days), figures.calendar)
    if gift.waits_for_consent:
        place: dict[str, Any] = {"kind": GiftWork.CONSENT, "unit": None, "role": Role.COMP}
    else:
        unit = {"TH": gift.team, "RCH": gift.centre}.get(gift.level)
        place = {"kind": GiftWork.DECIDE, "unit": unit, "role": gift.level}
    _item(gift, due_at=due_at, created_by=actor, **place)


def ask_to_issue(gift: Gift, *, actor: Any, now: dt.datetime) -> None:
    """The centre's counter is to issue it; where it has none, that of the whole bank."""
    counters = Post.objects.current(now).filter(role=Role.OPS, user__is_active=True).select_related("unit").order_by("pk")
    own = any(gift.centre_id in (post.unit_id, post.unit.centre_id) for post in counters)
    elsewhere = next((post.unit for post in counters if not post.unit.centre_id), gift.centre)
    _item(gift, kind=GiftWork.ISSUE, unit=gift.centre if own else elsewhere, role=Role.OPS, due_at=None, created_by=actor)


def ask_to_dispose(gift: Gift, *, actor: Any, due_at: dt.datetime) -> None:
    """Its receiver is to say what became of it."""
    _item(gift, kind=GiftWork.DISPOSE, assignee_id=gift.owner_id, due_at=due_at, created_by=actor)


def _item(gift: Gift, *, kind: str, **fields: Any) -> None:
    WorkItem.objects.create(
        kind=kind, title=f"{gift.number} {gift.what}"[:300], company_id=gift.company_id, subject_type=SUBJECT, subject_id=gift.pk, **fields
    )


def close_items(gift: Gift, *, actor: Any, now: dt.datetime) -> None:
    """What was to be done about the gift is done."""
    for item in WorkItem.objects.open().filter(subject_type=SUBJECT, subject_id=gift.pk).select_for_update(of=("self",)):
        item.close(actor=actor, now=now)


def write_timeline(gift: Gift, *, now: dt.datetime) -> None:
    """The gift on the company's timeline, in the scope of whoever gave or received it."""
    TimelineRow.objects.create(
        company_id=gift.company_id,
        kind=TIMELINE,
        at=now,
        actor_id=gift.owner_id,
        owner_id=gift.owner_id,
        team_id=gift.team_id,
        centre_id=gift.centre_id,
        title=gift.what[:300],
        facts={"met": gift.person, "direction": gift.direction},
        subject_type=SUBJECT,
        subject_id=gift.pk,
    )
