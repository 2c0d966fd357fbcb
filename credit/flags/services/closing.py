"""Closing with evidence: M by the team head, H by the centre head, C by credit and compliance together (domain 7.4, invariant 27)."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from credit.flags import permissions, rules
from credit.flags.choices import FLAG_TRANSITIONS, FlagAct, FlagState, FlagWork, Severity
from credit.flags.models import Flag
from credit.flags.services.suspending import restore
from credit.flags.services.traces import ask_bank, file_of, finish, locked, write_event, write_timeline
from credit.packs.rules import refuse
from credit.reviews.rules import text
from crm.kernel.workflow import check_transition
from crm.kernel.worklist import WorkState
from crm.staff.choices import Role


@transaction.atomic
def close(*, flag_id: int, note: str, actor: Any, now: dt.datetime, file_id: int | None = None, link: str = "") -> Flag:
    """Close a flag, or sign a critical one off as the first of two; the second signature closes it and gives the limits back.

    NotAllowed for whoever raised it, looks after the client or is not of the level. RuleBroken without words, or without a paper or link.
    """
    flag = locked(flag_id, actor)
    permissions.can_close(user=actor, flag=flag).require()
    words, address = text(note, rules.NOTE, "note", _("Say what the evidence shows.")), rules.link_of(link)
    file = file_of(file_id, actor)
    if file is None and not address:
        raise refuse("evidence", _("Bring the evidence: a paper, or the address of one."))
    told = {"actor": actor, "now": now, "note": words, "file": file, "link": address}
    if flag.severity == Severity.CRITICAL and flag.state == FlagState.OPEN:
        return _sign(flag, told)
    check_transition(FLAG_TRANSITIONS, flag.state, FlagState.CLOSED)
    flag.state, flag.closed_by, flag.closed_at = FlagState.CLOSED, actor, now
    flag.record(actor=actor, reason=FlagAct.CLOSE, fields=["state", "closed_by", "closed_at"])
    write_event(flag, FlagAct.CLOSE, **told)
    write_timeline(flag, FlagAct.CLOSE, actor=actor, now=now)
    finish(flag, actor=actor, now=now, state=WorkState.DROPPED)
    if flag.severity == Severity.CRITICAL:
        restore(flag, actor=actor, now=now)
    return flag


def _sign(flag: Flag, told: dict[str, Any]) -> Flag:
    actor, now = told["actor"], told["now"]
    side = permissions.signing_role(actor, flag)
    check_transition(FLAG_TRANSITIONS, flag.state, FlagState.CLOSING)
    flag.state, flag.signed_by, flag.signed_as = FlagState.CLOSING, actor, side
    flag.record(actor=actor, reason=FlagAct.SIGN, fields=["state", "signed_by", "signed_as"])
    write_event(flag, FlagAct.SIGN, **told)
    finish(flag, FlagWork.ALERT, actor=actor, now=now, role=side)
    ask_bank(flag, FlagWork.CLOSE, role=Role.COMP if side == "CO" else Role.CO, actor=actor, due_at=None, now=now)
    return flag


@transaction.atomic
def keep_open(*, flag_id: int, note: str, actor: Any, now: dt.datetime) -> Flag:
    """Refuse the second signature, with a reason: the first one falls too. NotAllowed for others; RuleBroken without a word."""
    flag = locked(flag_id, actor)
    permissions.can_keep_open(user=actor, flag=flag).require()
    words = text(note, rules.NOTE, "note", _("Say why."))
    check_transition(FLAG_TRANSITIONS, flag.state, FlagState.OPEN)
    flag.state, flag.signed_by, flag.signed_as = FlagState.OPEN, None, ""
    flag.record(actor=actor, reason=FlagAct.KEEP, fields=["state", "signed_by", "signed_as"])
    write_event(flag, FlagAct.KEEP, actor=actor, now=now, note=words)
    finish(flag, FlagWork.CLOSE, actor=actor, now=now)
    return flag
