"""What every step of a flag has in common: its lock, its event row, work items, the timeline, who is told."""

import datetime as dt
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from credit.flags import selectors
from credit.flags.choices import SUBJECT, TIMELINE, FlagAct
from credit.flags.models import Flag, FlagEvent
from credit.packs.rules import refuse
from crm.clients.models import Client
from crm.kernel.files import StoredFile
from crm.kernel.worklist import TimelineRow, WorkItem, WorkState
from crm.notifications.services import notify
from crm.staff.models import Post

OF_CLIENT = ("company", "owner", "team", "centre")


def hold_client(client_id: int) -> Client:
    """The client, locked: flags of one client are raised and closed one after the other. Client.DoesNotExist."""
    Client.objects.select_for_update(of=("self",)).get(pk=client_id)
    return Client.objects.select_related(*OF_CLIENT).get(pk=client_id)


def locked(flag_id: int, actor: Any) -> Flag:
    """The flag among those that the actor may see, under its client's lock. Flag.DoesNotExist where hidden."""
    client_id = Flag.objects.visible_to(actor).values_list("client_id", flat=True).get(pk=flag_id)
    client = hold_client(client_id)
    flag: Flag = Flag.objects.get(pk=flag_id)
    flag.client = client
    return flag


def file_of(file_id: int | None, actor: Any) -> StoredFile | None:
    """A file that this person brought. RuleBroken for somebody else's."""
    if file_id is None:
        return None
    file = StoredFile.objects.filter(pk=file_id, owner=actor).first()
    if file is None:
        raise refuse("evidence", _("Bring the file again."))
    return file


def write_event(
    flag: Flag, act: str, *, actor: Any, now: dt.datetime, note: str = "", file: StoredFile | None = None, link: str = ""
) -> Any:
    """What was done."""
    post = actor.actor.post() if actor is not None else None
    return FlagEvent.objects.create(flag=flag, act=act, note=note, file=file, link=link, actor=actor, post=post, at=now)


def write_timeline(flag: Flag, act: str, *, actor: Any, now: dt.datetime) -> None:
    """The step on the client's timeline; of a hushed flag none: whoever looks after the client reads all of its timeline."""
    if flag.is_hushed:
        return
    client = flag.client
    with override("en"):
        title = f"{flag.entry.label} · {FlagAct(act).label}"
    TimelineRow.objects.create(
        company_id=client.company_id,
        kind=TIMELINE,
        at=now,
        actor=actor,
        title=title[:300],
        subject_type=SUBJECT,
        subject_id=flag.pk,
        owner_id=client.owner_id,
        team_id=client.team_id,
        centre_id=client.centre_id,
    )


def ask(flag: Flag, kind: str, *, actor: Any, due_at: dt.datetime | None, **whose: Any) -> WorkItem:
    """A work item for somebody (`assignee`), or for a shared queue (`unit`, `role`)."""
    return WorkItem.objects.create(
        kind=kind,
        title=f"{flag.code} · {flag.client.company}"[:300],
        company_id=flag.client.company_id,
        due_at=due_at,
        subject_type=SUBJECT,
        subject_id=flag.pk,
        created_by=actor,
        **whose,
    )


def ask_bank(flag: Flag, kind: str, *, role: str, actor: Any, due_at: dt.datetime | None, now: dt.datetime) -> None:
    """For whoever holds a role anywhere in the bank: a work item in the queue of each unit that has such a post, done by the first of them.

    Where nobody holds it, one that waits in no queue, so that its clock runs all the same.
    """
    units = set(Post.objects.current(now).filter(role=role).values_list("unit_id", flat=True))
    for unit_id in sorted(units) or [None]:
        ask(flag, kind, actor=actor, due_at=due_at, unit_id=unit_id, role=role)


def finish(flag: Flag, *kinds: str, actor: Any, now: dt.datetime, state: WorkState = WorkState.DONE, **narrowed: Any) -> None:
    """What was to be done is done, or need not be done any more. Without kinds: all of it."""
    rows = WorkItem.objects.open().filter(subject_type=SUBJECT, subject_id=flag.pk, **narrowed)
    if kinds:
        rows = rows.filter(kind__in=kinds)
    for item in rows.select_for_update(of=("self",)):
        item.close(actor=actor, now=now, state=state)


def tell(flag: Flag, kind: str, user_ids: list[int], *, key: str, now: dt.datetime) -> None:
    """One line with the flag and the client, for staff who may read it."""
    line = f"{flag.code}: {flag.client.company}"
    notify(kind=kind, user_ids=user_ids, key=f"flag:{flag.pk}:{key}", line=line, url=flag.get_absolute_url(), now=now)


def tell_alerted(flag: Flag, *, key: str, now: dt.datetime) -> None:
    """Credit approvers and compliance, at once."""
    tell(flag, "flags.critical", selectors.alerted(now), key=key, now=now)
