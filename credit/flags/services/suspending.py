"""A critical flag suspends what a client may still draw; the last one that is closed gives it back (domain 7.4, invariant 26)."""

import datetime as dt
from typing import Any

from django.utils.translation import override

from credit.decisions import services as decisions
from credit.flags.choices import FlagAct
from credit.flags.models import Flag, Suspension
from credit.flags.selectors import STOPPED
from credit.flags.services.traces import write_event
from credit.packs.choices import Act, State
from credit.packs.models import Pack
from credit.packs.services import steps

DRAWABLE = (State.AVAILABLE, State.REVIEW_DUE)


def suspend(flag: Flag, *, now: dt.datetime) -> Suspension:
    """Stop the client's undrawn limits, unless they stand still already. The caller holds the client's lock.

    Live packs are suspended in nobody's name, and their reason says no more than that: a pack's own page is read by people who must not
    know why.
    """
    held = Suspension.objects.filter(client=flag.client, lifted_at=None).first()
    suspension = held or Suspension.objects.create(client=flag.client, flag=flag, since=now)
    rows = Pack.objects.filter(company_id=flag.client.company_id, state__in=DRAWABLE).select_for_update(of=("self",))
    for pack in rows.order_by("pk"):
        suspension.packs = [*suspension.packs, [pack.pk, pack.state]]
        with override("en"):
            decisions.suspend(pack_id=pack.pk, reason=str(STOPPED), actor=None, now=now, is_quiet=True)
    suspension.save(update_fields=["packs"])
    write_event(flag, FlagAct.SUSPEND, actor=None, now=now)
    return suspension


def restore(flag: Flag, *, actor: Any, now: dt.datetime) -> bool:
    """Give the limits back once no critical flag of the client is open. Returns whether it did. The caller holds the client's lock."""
    if Flag.objects.filter(client=flag.client).open().critical().exists():
        return False
    suspension = Suspension.objects.filter(client=flag.client, lifted_at=None).first()
    if suspension is None:
        return False
    before = dict(suspension.packs)
    for pack in Pack.objects.filter(pk__in=before, state=State.SUSPENDED).select_for_update(of=("self",)).order_by("pk"):
        steps.step(pack, Act.RESTORE, actor=None, now=now, target=before[pack.pk])
    suspension.lifted_at = now
    suspension.save(update_fields=["lifted_at"])
    write_event(flag, FlagAct.RESTORE, actor=actor, now=now)
    return True
