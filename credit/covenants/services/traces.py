"""What every step of a covenant has in common: its lock, its event row, work items, the timeline, the flag, who is told."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import override

from credit.covenants.choices import BREACH, SUBJECT, TEST, TIMELINE, WAIVER, Act
from credit.covenants.models import Covenant, CovenantEvent, CovenantTest
from credit.flags.choices import Origin
from credit.flags.services import raise_flag
from credit.packs.models import Pack
from credit.packs.services import steps
from credit.reviews import selectors as reviews
from crm.clients.models import Client
from crm.kernel.files import StoredFile
from crm.kernel.worklist import TimelineRow, WorkItem, WorkState
from crm.notifications.services import notify
from crm.visits.rules import closing_time


def locked(covenant_id: int, actor: Any) -> Covenant:
    """The covenant among those that the actor may see, under its pack's lock. Covenant.DoesNotExist where hidden."""
    pack_id = Covenant.objects.visible_to(actor).values_list("pack_id", flat=True).get(pk=covenant_id)
    pack = steps.locked(pack_id, actor)
    covenant: Covenant = Covenant.objects.get(pk=covenant_id)
    covenant.pack = pack
    return covenant


def locked_test(test_id: int, actor: Any) -> CovenantTest:
    """The test with its covenant, under its pack's lock. CovenantTest.DoesNotExist where hidden."""
    covenant_id = CovenantTest.objects.visible_to(actor).values_list("covenant_id", flat=True).get(pk=test_id)
    covenant = locked(covenant_id, actor)
    test: CovenantTest = CovenantTest.objects.get(pk=test_id)
    test.covenant = covenant
    return test


def write_event(
    covenant: Covenant,
    act: str,
    *,
    actor: Any,
    now: dt.datetime,
    test: CovenantTest | None = None,
    result: str = "",
    note: str = "",
    file: StoredFile | None = None,
    link: str = "",
    post: Any = None,
) -> CovenantEvent:
    """What was done."""
    made_in = post if post is not None or actor is None else actor.actor.post()
    told = {"result": result, "note": note[:1000], "file": file, "link": link, "actor": actor, "post": made_in, "at": now}
    return CovenantEvent.objects.create(covenant=covenant, test=test, act=act, **told)


def write_timeline(covenant: Covenant, act: str, *, actor: Any, now: dt.datetime) -> None:
    """The step on the client's timeline, in the scope of who looks after the pack."""
    pack = covenant.pack
    with override("en"):
        title = f"{covenant} · {Act(act).label}"
    TimelineRow.objects.create(
        company_id=pack.company_id, kind=TIMELINE, at=now, actor=actor, title=title[:300], subject_type=SUBJECT, subject_id=covenant.pk,
        owner_id=pack.owner_id, team_id=pack.team_id, centre_id=pack.centre_id,
    )  # fmt: skip


def due(pack: Pack, days: int, now: dt.datetime) -> dt.datetime:
    """When work ends at the pack's centre so many working days from now."""
    calendar = reviews.calendar_of(pack, now)
    return max(closing_time(calendar.add_working_days(reviews.today_of(pack, now), days), calendar), now)


def ask(covenant: Covenant, kind: str, *, about: Any, actor: Any, due_at: dt.datetime | None, **whose: Any) -> WorkItem:
    """A work item about a covenant, a test or a waiver, for somebody (`assignee`) or for a shared queue (`role`)."""
    return WorkItem.objects.create(created_by=actor, **item_of(covenant, kind, about=about, due_at=due_at, **whose))


def item_of(covenant: Covenant, kind: str, *, about: Any, due_at: dt.datetime | None, **whose: Any) -> dict[str, Any]:
    """The columns of such a work item."""
    with override("en"):
        title = f"{covenant.get_metric_display()} · {covenant.pack.company}"
    subject = {"subject_type": _subject(about), "subject_id": about.pk}
    return {"kind": kind, "title": title[:300], "company_id": covenant.pack.company_id, "due_at": due_at, **subject, **whose}


def finish(about: Any, *kinds: str, actor: Any, now: dt.datetime, state: WorkState = WorkState.DONE) -> None:
    """What was to be done about it is done, or need not be done any more. Without kinds: all of it."""
    rows = WorkItem.objects.open().filter(subject_type=_subject(about), subject_id=about.pk)
    if kinds:
        rows = rows.filter(kind__in=kinds)
    for item in rows.select_for_update(of=("self",)):
        item.close(actor=actor, now=now, state=state)


def _subject(about: Any) -> str:
    if isinstance(about, Covenant):
        return SUBJECT
    return TEST if isinstance(about, CovenantTest) else WAIVER


def raise_breach(covenant: Covenant, words: Promise | str, *, now: dt.datetime, test: CovenantTest | None, is_worst: bool = False) -> bool:
    """RF-41 on the borrower, in nobody's name; a borrower that is no client has none to bear it. Returns whether it was raised."""
    client = Client.objects.filter(company_id=covenant.pack.company_id).only("pk").first()
    if client is None:
        return False
    about = test if test is not None else covenant
    with override("en"):
        said = str(words)
        note = _now("%(covenant)s: %(words)s") % {"covenant": covenant, "words": said}
    flag = raise_flag(
        client_id=client.pk,
        code=BREACH,
        note=note,
        actor=None,
        now=now,
        origin=Origin.TERMS,
        is_worst=is_worst,
        link=about.get_absolute_url(),
    )
    write_event(covenant, Act.FLAG, actor=None, now=now, test=test, note=f"{flag.code} {flag.severity}: {said}")
    return True


def tell(kind: str, user_ids: Iterable[int], *, about: Any, key: str, line: Any, now: dt.datetime) -> None:
    """One line for staff who may read it."""
    notify(kind=kind, user_ids=user_ids, key=f"{kind}:{about.pk}:{key}", line=line, url=about.get_absolute_url(), now=now)
