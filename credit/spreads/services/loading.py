"""Statements from a file: read in a confined process, understood, shown, and taken over. A refused cell never stops the others."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from credit.spreads import permissions, rules
from credit.spreads.choices import SpreadAct, UnitOfMoney, UploadState
from credit.spreads.mapping.boards import Board, board_of
from credit.spreads.mapping.taking import Plan, Refusal, Taken, propose, take
from credit.spreads.models import Period, Spread, SpreadUpload
from credit.spreads.reading.guarded import read_grid
from credit.spreads.rules import Check, check_all
from credit.spreads.selectors import bank_figures
from credit.spreads.services.entering import begin_spread, put_period
from credit.spreads.services.traces import figures_changed, found, write_event
from crm.kernel.errors import InvalidTransition, RuleBroken
from crm.kernel.files import StoredFile, store
from crm.staff.choices import Jurisdiction

_CHUNK = 1024 * 1024


@dataclass(frozen=True)
class Reading:
    """A file as it was read for a spread: the sheets, the one that was read, its board, and how it is understood."""

    name: str
    sheets: tuple[str, ...]
    sheet: str
    board: Board
    plan: Plan


@dataclass(frozen=True)
class Loaded:
    """What came of a file: periods and lines that changed, what does not tie, refused cells, labels that mean nothing to us."""

    periods: int
    lines: int
    untied: list[Check]
    refused: list[Refusal]
    unknown: list[str]

    def to_json(self) -> dict[str, Any]:
        """The command's report."""
        return {
            "periods": self.periods,
            "lines": self.lines,
            "untied": [check.to_json() for check in self.untied],
            "refused": [refusal.to_json() for refusal in self.refused],
            "unknown": self.unknown,
        }


def condition(text: str) -> tuple[str, str] | None:
    """`COLUMN=VALUE` in two; None for nothing. RuleBroken for what is neither."""
    if not text.strip():
        return None
    column, mark, value = text.partition("=")
    if not mark or not column.strip() or not value.strip():
        raise rules.refuse("only", _("Write it as COLUMN=VALUE."))
    return column.strip(), value.strip()


def read_statements(
    path: Path,
    name: str,
    *,
    unit: int,
    year_end_month: int = 12,
    sheet: str = "",
    only: str = "",
    missing: str = "",
    own_unit: int | None = None,
) -> Reading:
    """Read a file and propose how to understand it. Outside of any transaction. UnreadableFile; RuleBroken."""
    chosen = condition(only)
    grid = read_grid(path, name, sheet or None)
    board = board_of(grid, only=chosen, year_end_month=year_end_month)
    return Reading(name, grid.sheets, grid.sheet, board, propose(board, unit=unit, missing=missing, own_unit=own_unit))


def bring_file(*, spread_id: int, path: Path, reading: Reading, actor: Any, now: dt.datetime, **said: Any) -> SpreadUpload:
    """Keep a file that was read, with the plan proposed for it. `said`: own_unit, only, missing. Spread.DoesNotExist; NotAllowed."""
    kept = _store(path, reading.name, actor)
    return _keep(spread_id, kept, reading, said, actor=actor, now=now)


@transaction.atomic
def _keep(spread_id: int, kept: StoredFile, reading: Reading, said: Mapping[str, Any], *, actor: Any, now: dt.datetime) -> SpreadUpload:
    spread = found(spread_id, actor)
    permissions.can_enter(user=actor, company=spread.company).require()
    return SpreadUpload.objects.create(
        spread=spread,
        file=kept,
        sheet=reading.sheet,
        layout=reading.board.layout,
        plan=reading.plan.to_json(),
        brought_by=actor,
        brought_at=now,
        own_unit=said.get("own_unit"),
        only=said.get("only", ""),
        missing=said.get("missing", ""),
    )


def _store(path: Path, name: str, actor: Any) -> StoredFile:
    with path.open("rb") as file:
        chunks = iter(lambda: file.read(_CHUNK), b"")
        return store(chunks, name=name, media_type="application/octet-stream", owner=actor)


def reading_of(upload: SpreadUpload) -> Reading:
    """The kept file read anew, with the plan that was set."""
    spread = upload.spread
    read = read_statements(
        upload.file.path,
        upload.file.name,
        unit=spread.unit,
        year_end_month=spread.year_end_month,
        sheet=upload.sheet,
        only=upload.only,
        missing=upload.missing,
        own_unit=upload.own_unit,
    )
    return Reading(read.name, read.sheets, read.sheet, read.board, Plan.from_json(upload.plan))


def preview(reading: Reading, spread: Spread, *, on: dt.date) -> tuple[Taken, list[Check]]:
    """What would be taken over, and what of it does not tie."""
    taken = take(reading.board, reading.plan, unit=spread.unit)
    tolerance = bank_figures(spread.jurisdiction, on=on).tolerance
    return taken, [check for check in check_all([period.figures for period in taken.periods], tolerance=tolerance) if not check.is_tied]


@transaction.atomic
def set_plan(*, upload_id: int, plan: Plan, version: int | None, actor: Any, now: dt.datetime) -> SpreadUpload:
    """Say what labels and periods of a file mean. SpreadUpload.DoesNotExist; NotAllowed; InvalidTransition once it was taken over;
    StaleVersion where `version` is not the one kept.
    """  # fmt: skip
    upload = _upload(upload_id, actor)
    upload.claim(version or 0, shown=("plan",))
    upload.plan = plan.to_json()
    if not upload.hand_back():
        upload.save(update_fields=["plan", "version"])
    return upload


def _upload(upload_id: int, actor: Any) -> SpreadUpload:
    """The file of a spread that is locked first, so that two people never take over one file at once."""
    spread_id = SpreadUpload.objects.visible_to(actor).values_list("spread_id", flat=True).get(pk=upload_id)
    spread = found(spread_id, actor)
    upload = SpreadUpload.objects.select_related("file").get(pk=upload_id)
    upload.spread = spread
    permissions.can_enter(user=actor, company=spread.company).require()
    if upload.state != UploadState.READ:
        raise InvalidTransition(_("This file was taken over already."))
    return upload


@transaction.atomic
def take_over(*, upload_id: int, reading: Reading, actor: Any, now: dt.datetime) -> Loaded:
    """Put what a file holds into its spread, as planned. SpreadUpload.DoesNotExist; NotAllowed; InvalidTransition; RuleBroken for nothing.

    `reading` is `reading_of` the upload, made outside the transaction; what counts is the plan that stands now.
    """
    upload = _upload(upload_id, actor)
    spread = upload.spread
    taken = take(reading.board, Plan.from_json(upload.plan), unit=spread.unit)
    loaded = _put(spread, taken, upload=upload, actor=actor, now=now)
    upload.state = UploadState.LOADED
    upload.save(update_fields=["state"])
    return loaded


def load_file(
    *, company_id: int, path: Path, reading: Reading, actor: Any, now: dt.datetime, begin: Mapping[str, Any], **said: Any
) -> Loaded:
    """Bring a file and take over what it says by itself, in one go (the operator's command). Raises as the steps do.

    A spread that the company has not is begun: `begin` holds its currency and unit, where they are not those of the centre.
    """
    kept = _store(path, reading.name, actor)
    with transaction.atomic():
        spread = _spread_of(company_id, begin, actor=actor, now=now)
        upload = _keep(spread.pk, kept, reading, said, actor=actor, now=now)
        return take_over(upload_id=upload.pk, reading=reading, actor=actor, now=now)


def _spread_of(company_id: int, begin: Mapping[str, Any], *, actor: Any, now: dt.datetime) -> Spread:
    spread = Spread.objects.visible_to(actor).filter(company_id=company_id).first()
    if spread is not None:
        return spread
    centre = actor.actor.centre
    details = {
        "currency": begin.get("currency") or (centre.currency if centre else "HKD"),
        "unit": begin.get("unit") or UnitOfMoney.ONE,
        "jurisdiction": centre.jurisdiction if centre else Jurisdiction.HK,
    }
    return begin_spread(company_id=company_id, actor=actor, now=now, **details)


def _put(spread: Spread, taken: Taken, *, upload: SpreadUpload, actor: Any, now: dt.datetime) -> Loaded:
    if not taken.periods:
        reason = taken.refused[0].reason if taken.refused else _("No period with figures is left.")
        raise RuleBroken(reason, code="nothing_taken")
    periods = lines = 0
    for period in reversed(taken.periods):
        put = put_period(spread, period.heading, period.lines, source=upload.file.name[:200], actor=actor, now=now)
        if put.figures:
            act = SpreadAct.RESTATE if put.is_restated else SpreadAct.LOAD
            write_event(spread, act, actor=actor, now=now, figures=put.figures, period=put.period, upload=upload)
            periods, lines = periods + 1, lines + put.figures
    if lines:
        figures_changed(spread, actor=actor, now=now)
    # What ties is asked of the spread as it stands now: a file may bring the other half of a statement.
    standing = Period.objects.filter(spread=spread).current().prefetch_related("lines")
    tolerance = bank_figures(spread.jurisdiction, on=now.date()).tolerance
    checks = check_all([period.figures for period in standing], tolerance=tolerance)
    return Loaded(periods, lines, [check for check in checks if not check.is_tied], taken.refused, taken.unknown)
