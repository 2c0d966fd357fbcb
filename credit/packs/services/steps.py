"""What every step of a pack has in common: its lock, its state, its event row, the queues and the timeline."""

import datetime as dt
import re
from typing import Any

from django.utils import timezone
from django.utils.translation import override

from credit.packs.choices import SUBJECT, TIMELINE, TRANSITIONS, Act
from credit.packs.models import Pack, PackEvent, PackVersion
from crm.kernel.models import Sequence
from crm.kernel.pinyin import syllables
from crm.kernel.reactions import announce
from crm.kernel.text import fold
from crm.kernel.workflow import check_transition
from crm.kernel.worklist import TimelineRow, WorkItem, WorkState
from crm.staff.choices import RELATIONSHIP_ROLES, Role

STEPPED = "pack_stepped"
"""Announced with `event_id`: a step of a pack that is or was with the credit department."""
_LEGAL_FORMS = frozenset(
    {"limited", "ltd", "co", "company", "inc", "corp", "corporation", "plc", "holdings", "holding", "group", "the", "of", "and"}
)
WRITERS = (*RELATIONSHIP_ROLES, Role.TH, Role.RCH, Role.HO, Role.CA, Role.CO, Role.CC, Role.CAD, Role.COMP, Role.SYS)


def next_number(company: Any, now: dt.datetime) -> str:
    """ "YT-2026-03": initials of the English name, else of the pinyin; one sequence for prefix and year in the whole bank."""
    year, prefix = timezone.localdate(now).year, prefix_of(company)
    return f"{prefix}-{year}-{Sequence.take(f'pack {prefix}', year):02d}"


def prefix_of(company: Any) -> str:
    """The first two initials of the English name without its legal form, else of the pinyin; "CP" for a name without letters."""
    words = [word for word in re.findall(r"[A-Za-z]+", company.name_en) if word.lower() not in _LEGAL_FORMS]
    letters = "".join(word[0] for word in words[:2]) if len(words) > 1 else (words[0][:2] if words else "")
    if not letters:
        letters = "".join(part[0] for part in syllables(fold(company.name_zh)[:4]) if part[:1].isascii() and part[:1].isalpha())
    return letters.upper() if len(letters) > 1 else "CP"


def locked(pack_id: int, actor: Any) -> Pack:
    """The pack, locked, among those that the actor may see; read with its company, centre and owner once the lock is held."""
    pk = Pack.objects.visible_to(actor).select_for_update(of=("self",)).values_list("pk", flat=True).get(pk=pack_id)
    return Pack.objects.select_related("company", "company__group", "centre", "team", "owner").get(pk=pk)


def step(
    pack: Pack,
    act: str,
    *,
    actor: Any,
    now: dt.datetime,
    target: str = "",
    version: PackVersion | None = None,
    reason: str = "",
    post: Any = None,
    **values: Any,
) -> PackEvent:
    """The event row of what was done; with `target` the pack moves there (InvalidTransition where its state does not lead there).

    The caller holds the lock. Other changed fields of the pack are saved by the caller before.
    """
    source = pack.state
    if target:
        check_transition(TRANSITIONS, source, target)
        pack.state, pack.state_since = target, now
        pack.record(actor=actor, reason=act, fields=["state", "state_since"])
    made_in = post if post is not None or actor is None else actor.actor.post(*WRITERS)
    event = PackEvent.objects.create(
        pack=pack,
        version=version,
        act=act,
        source=source,
        target=target,
        reason=reason[:1000],
        actor=actor,
        post=made_in,
        at=now,
        values={name: value if isinstance(value, int | list | dict) else str(value) for name, value in values.items() if value is not None},
    )
    if target:
        write_timeline(pack, event)
    if pack.handed_off_at is not None and act != Act.CHANGE:
        announce(STEPPED, actor=actor, event_id=event.pk)
    return event


def write_timeline(pack: Pack, event: PackEvent) -> None:
    """The step on the client's timeline, in the scope of who looks after the pack; without amounts or the credit department's words."""
    with override("en"):
        title = f"{pack.number} · {event.get_act_display()}"
    TimelineRow.objects.create(
        subject_type=SUBJECT,
        subject_id=pack.pk,
        company_id=pack.company_id,
        kind=TIMELINE,
        at=event.at,
        actor=event.actor,
        owner_id=pack.owner_id,
        team_id=pack.team_id,
        centre_id=pack.centre_id,
        title=title[:300],
    )


def ask(pack: Pack, kind: str, *, actor: Any, due_at: dt.datetime | None, **whose: Any) -> WorkItem:
    """A work item for somebody (`assignee`), or for a shared queue (`unit`, `role`)."""
    return WorkItem.objects.create(
        kind=kind,
        title=f"{pack.number} · {pack.company}"[:300],
        company_id=pack.company_id,
        due_at=due_at,
        subject_type=SUBJECT,
        subject_id=pack.pk,
        created_by=actor,
        **whose,
    )


def close(pack: Pack, *kinds: str, actor: Any, now: dt.datetime, state: WorkState = WorkState.DONE) -> None:
    """What was to be done is done, or need not be done any more."""
    rows = WorkItem.objects.open().filter(kind__in=kinds, subject_type=SUBJECT, subject_id=pack.pk)
    for item in rows.select_for_update(of=("self",)):
        item.close(actor=actor, now=now, state=state)
