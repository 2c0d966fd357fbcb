"""What is said and done about an open flag: explained, planned, visited, noted, read off."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from credit.flags import permissions, rules
from credit.flags.choices import ANSWERS, WORK_OF, FlagAct, FlagWork, Severity
from credit.flags.models import Flag
from credit.flags.services.traces import file_of, finish, locked, write_event, write_timeline
from credit.packs.rules import refuse
from credit.reviews.rules import text
from crm.staff.choices import Role


@transaction.atomic
def answer(*, flag_id: int, act: str, note: str, actor: Any, now: dt.datetime, file_id: int | None = None, link: str = "") -> Flag:
    """Note, explain, plan, or say what a visit found; the work of that kind is done by it.

    NotAllowed for others than those near the client, credit and compliance; RuleBroken without words, for a bad link or a foreign file.
    """
    flag = locked(flag_id, actor)
    permissions.can_answer(user=actor, flag=flag).require()
    if act not in ANSWERS:
        raise refuse("act", _("Pick one of the choices."))
    if act == FlagAct.LEGAL:
        permissions.can_call_legal(user=actor, flag=flag).require()
    words, address = text(note, rules.NOTE, "note", _("Write it down.")), rules.link_of(link)
    write_event(flag, act, actor=actor, now=now, note=words, file=file_of(file_id, actor), link=address)
    write_timeline(flag, act, actor=actor, now=now)
    finish(flag, WORK_OF[FlagAct(act)], actor=actor, now=now)
    return flag


@transaction.atomic
def read_off(*, flag_id: int, actor: Any, now: dt.datetime) -> Flag:
    """Say that one has read it: of a critical one for one's own side, credit or compliance. NotAllowed for others."""
    flag = locked(flag_id, actor)
    permissions.can_read_off(user=actor, flag=flag).require()
    write_event(flag, FlagAct.READ, actor=actor, now=now)
    if flag.severity == Severity.CRITICAL:
        sides = [role for role in (Role.CO, Role.COMP) if actor.actor.has_role(role)]
        finish(flag, FlagWork.ALERT, actor=actor, now=now, role__in=sides)
    else:
        finish(flag, FlagWork.READ, actor=actor, now=now)
    return flag
