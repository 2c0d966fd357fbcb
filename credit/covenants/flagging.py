"""What covenants and red flags have to do with each other: proceeds that stay away ask for a look at the covenants of turnover."""

import datetime as dt

from credit.covenants import selectors
from credit.covenants.choices import PROCEEDS, SUBJECT, Act, CovenantWork
from credit.covenants.services import nightly
from credit.covenants.services.traces import ask, due, write_event
from credit.flags.models import Flag
from credit.reviews import selectors as reviews
from crm.kernel.worklist import WorkItem
from crm.staff.choices import Role


def hear_flag(*, flag: Flag, now: dt.datetime) -> None:
    """RF-21: an analyst looks at each covenant of turnover of the client (domain 7.4, "covenant check"), once at a time."""
    if flag.code != PROCEEDS:
        return
    for covenant in selectors.turnover_in_force(flag.client_id).select_related(*selectors.RELATED):
        waits = WorkItem.objects.open().filter(kind=CovenantWork.LOOK, subject_type=SUBJECT, subject_id=covenant.pk)
        if not waits.exists():
            write_event(covenant, Act.LOOK, actor=None, now=now, note=flag.code)
            days = selectors.figures(on=reviews.today_of(covenant.pack, now))["look_days"]
            ask(covenant, CovenantWork.LOOK, about=covenant, actor=None, due_at=due(covenant.pack, days, now), role=Role.CA)


def raise_at_night(*, on: dt.date, now: dt.datetime) -> int:
    """How many flags late papers and uncured breaches raised; tests fall due by the way."""
    return nightly(on, now=now)["flags_raised"]
