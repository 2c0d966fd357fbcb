"""The check by a second person (domain 6.6)."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from credit.spreads import permissions, rules
from credit.spreads.choices import SPREAD_TRANSITIONS, SpreadAct, SpreadState
from credit.spreads.models import SpreadEvent
from credit.spreads.selectors import bank_figures, current_periods
from credit.spreads.services.traces import found, tidy, write_event, write_timeline
from crm.kernel.workflow import check_transition


@transaction.atomic
def check_spread(*, spread_id: int, version: int | None, actor: Any, now: dt.datetime, note: str = "") -> SpreadEvent:
    """Say that the figures were compared with the accounts. Spread.DoesNotExist where hidden; NotAllowed for whoever entered any.

    StaleVersion where figures changed since the reader saw them. RuleBroken where something does not tie and no word says why.
    """
    spread = found(spread_id, actor)
    permissions.can_check(user=actor, spread=spread).require()
    spread.claim(version or 0, shown=())
    bank = bank_figures(spread.jurisdiction, on=timezone.localdate(now))
    figures = [period.figures for period in current_periods(spread)]
    untied = [check for check in rules.check_all(figures, tolerance=bank.tolerance) if not check.is_tied]
    note = tidy(note)
    if untied and not note:
        raise rules.refuse("note", _("Figures do not tie in %(count)s places. Say why they may stand.") % {"count": len(untied)}, "untied")
    check_transition(SPREAD_TRANSITIONS, spread.state, SpreadState.CHECKED)
    event = write_event(spread, SpreadAct.CHECK, actor=actor, now=now, figures=sum(len(entry.stated) for entry in figures), note=note)
    spread.state, spread.checked_by, spread.checked_at = SpreadState.CHECKED, actor, now
    spread.record(actor=actor, reason=note[:100], fields=["state", "checked_by", "checked_at", "version"])
    write_timeline(spread, _("Spread checked by a second person"), actor=actor, now=now)
    return event
