"""Reminders: papers that are about to expire while a pack is prepared."""

import datetime as dt

from django.db import transaction

from credit.checklists import selectors
from credit.checklists.choices import ChecklistWork
from credit.packs.choices import PREPARING
from credit.packs.models import Pack, PackVersion
from credit.packs.services import steps
from crm.kernel.worklist import WorkItem
from crm.staff.selectors import working_calendar
from crm.visits.rules import closing_time

_BATCH = 500


def remind(*, now: dt.datetime) -> int:
    """For each pack in preparation whose papers expire within the days of the policy: one thing to do for its manager, at the first of
    these days. Returns how many were written; safe to run again.
    """  # fmt: skip
    written = 0
    drafts = PackVersion.objects.filter(state="draft", pack__state__in=PREPARING, papers__valid_until__isnull=False).distinct()
    for version in drafts.select_related("pack__centre", "pack__company").order_by("pk")[:_BATCH]:
        written += _remind(version, now)
    return written


@transaction.atomic
def _remind(version: PackVersion, now: dt.datetime) -> int:
    pack = Pack.objects.select_for_update(of=("self",)).select_related("company", "centre", "owner").get(pk=version.pack_id)
    on = selectors.today_of(pack, now)
    days = int(selectors.terms(pack.jurisdiction, on=on)["remind_days"])
    found = selectors.expiring(version, since=on, until=on + dt.timedelta(days=days))
    known = WorkItem.objects.open().filter(kind=ChecklistWork.EXPIRES, subject_type=steps.SUBJECT, subject_id=pack.pk)
    if not found:
        steps.close(pack, ChecklistWork.EXPIRES, actor=None, now=now)
        return 0
    if known.exists():
        return 0
    first = min(item.valid_until for item in found if item.valid_until is not None)
    due_at = closing_time(first, working_calendar(pack.centre, on=on))
    steps.ask(pack, ChecklistWork.EXPIRES, actor=None, due_at=due_at, assignee=pack.owner)
    return 1
