"""What time alone does to flags: late answers go one level up, once for each step."""

import datetime as dt

from django.db import transaction

from credit.flags.choices import CLOCKED, SUBJECT, FlagAct, FlagWork
from credit.flags.models import Flag
from credit.flags.services.traces import ask, ask_bank, hold_client, tell, write_event
from crm.kernel.worklist import WorkItem
from crm.staff.choices import Role
from crm.staff.selectors import holders

_TO_CENTRE = (FlagWork.PLAN, FlagWork.VISIT, FlagWork.READ)


def watch(*, now: dt.datetime) -> int:
    """Pass up what is late on open flags. Returns how many steps; safe to run again at any time."""
    late = WorkItem.objects.open().filter(subject_type=SUBJECT, kind__in=(*CLOCKED, FlagWork.READ, FlagWork.ALERT), due_at__lte=now)
    steps = {(flag_id, kind) for flag_id, kind in late.values_list("subject_id", "kind") if flag_id is not None}
    return sum([_pass_up(flag_id, kind, now) for flag_id, kind in sorted(steps)])


@transaction.atomic
def _pass_up(flag_id: int, kind: str, now: dt.datetime) -> int:
    """To the head of the team, or of the centre; of a critical flag that one side has not read, to head office."""
    client = hold_client(Flag.objects.values_list("client_id", flat=True).get(pk=flag_id))
    flag = Flag.objects.get(pk=flag_id)
    flag.client = client
    if not flag.is_open or flag.events.filter(act=FlagAct.LATE, note=kind).exists():
        return 0
    if kind in (FlagWork.ALERT, FlagWork.LEGAL):
        ask_bank(flag, FlagWork.LATE, role=Role.HO, actor=None, due_at=now, now=now)
        tell(flag, "flags.critical", holders(role=Role.HO, unit_id=None, now=now), key="late", now=now)
    elif kind in _TO_CENTRE or not client.team_id:
        ask(flag, FlagWork.LATE, actor=None, due_at=now, unit=client.centre, role=Role.RCH)
    else:
        ask(flag, FlagWork.LATE, actor=None, due_at=now, unit=client.team, role=Role.TH)
    write_event(flag, FlagAct.LATE, actor=None, now=now, note=kind)
    return 1
