"""How a spread is found and locked, and what an operation leaves: its event row, the timeline row, a check that no longer holds."""

import datetime as dt
from typing import Any

from django.utils.translation import override

from credit.spreads.choices import SPREAD_TRANSITIONS, SpreadAct, SpreadState
from credit.spreads.models import Period, Spread, SpreadEvent, SpreadUpload
from credit.spreads.permissions import READERS
from credit.spreads.selectors import covered
from crm.kernel.text import strip_controls
from crm.kernel.workflow import check_transition
from crm.kernel.worklist import TimelineRow

SUBJECT = "spreads.spread"
TIMELINE = "spread"
NOTE_LENGTH = 500


def found(spread_id: int, actor: Any) -> Spread:
    """The spread, locked, with its company's coverage. Spread.DoesNotExist where hidden."""
    locked = Spread.objects.visible_to(actor).select_for_update(of=("self",)).get(pk=spread_id)
    spread = Spread.objects.select_related("company", "prepared_by", "checked_by").get(pk=locked.pk)
    covered(spread.company)
    return spread


def tidy(text: str, length: int = NOTE_LENGTH) -> str:
    """A line of text as it is kept."""
    return " ".join(strip_controls(text).split())[:length]


def write_event(
    spread: Spread,
    act: SpreadAct,
    *,
    actor: Any,
    now: dt.datetime,
    figures: int = 0,
    period: Period | None = None,
    upload: SpreadUpload | None = None,
    note: str = "",
) -> SpreadEvent:
    """The event row."""
    return SpreadEvent.objects.create(
        spread=spread,
        act=act,
        actor=actor,
        post=actor.actor.post(*READERS),
        at=now,
        figures=figures,
        period=period,
        upload=upload,
        note=note,
    )


def write_timeline(spread: Spread, title: Any, *, actor: Any, now: dt.datetime) -> None:
    """A row on the company's timeline, in the scope of whoever looks after the company."""
    with override("en"):
        kept = str(title)[:300]  # said in the reader's language by its kind
    for row in spread.company.current_coverage[:1]:
        TimelineRow.objects.create(
            company_id=spread.company_id,
            kind=TIMELINE,
            at=now,
            actor=actor,
            owner_id=row.owner_id,
            team_id=row.team_id,
            centre_id=row.centre_id,
            title=kept,
            subject_type=SUBJECT,
            subject_id=spread.pk,
        )


def figures_changed(spread: Spread, *, actor: Any, now: dt.datetime, is_claimed: bool = False) -> None:
    """A check held for the figures as they were: it falls, and the version counts up unless it was claimed."""
    if spread.state == SpreadState.CHECKED:
        check_transition(SPREAD_TRANSITIONS, spread.state, SpreadState.OPEN)
    spread.state, spread.checked_by, spread.checked_at = SpreadState.OPEN, None, None
    spread.figures_at = now
    spread.version += 0 if is_claimed else 1
    spread.record(actor=actor, fields=["state", "checked_by", "checked_at", "figures_at", "version"])
