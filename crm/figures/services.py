"""Loads nightly files: all of them are checked first, then each is carried out in chunks that a rerun resumes.

How far a file is stands in `FigureFile.published_through`, written in the transaction of the chunk itself: a row is carried out once.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from crm.clients.models import Client
from crm.figures.choices import FileState
from crm.figures.gateways import CELLS, Delivery, Line, Unusable, open_delivery
from crm.figures.models import MODELS, DailyFigure, FigureFile
from crm.kernel.files import tidy_name
from crm.kernel.querysets import AmongKeys

CHUNK = 2_000
KEPT_REFUSALS = 1_000

Told = Callable[[str, int], Any]


@dataclass(slots=True)
class Report:
    """What came of some files: rows read are loaded, unchanged or refused. `errors` name the file, row, column, value and reason."""

    read: int = 0
    loaded: int = 0
    unchanged: int = 0
    refused: int = 0
    errors: list[dict[str, Any]] = field(default_factory=list)
    totals_match: bool = True

    def to_json(self) -> dict[str, Any]:
        """The shape of the contract."""
        return {name: getattr(self, name) for name in self.__slots__}

    def add(self, file: FigureFile, *, again: bool) -> None:
        """Count a file in. One that was loaded before brought nothing new."""
        self.read += file.read
        self.refused += file.refused
        self.loaded += 0 if again else file.loaded
        self.unchanged += file.unchanged + (file.loaded if again else 0)
        self.errors += [{**refusal, "file": file.name} for refusal in file.refusals]
        self.totals_match = self.totals_match and file.totals_match


def import_figures(
    paths: Sequence[Path], *, as_of: dt.date, now: Callable[[], dt.datetime], told: Told = lambda _name, _done: None
) -> Report:
    """Load the files of one day. Unusable, and nothing is loaded, where one of them is cut, doubled, older or of another day.

    A file that was loaded before changes nothing; one that was broken off goes on after its last whole chunk. `now` is asked when a file
    begins and ends, for the page that says which came late; `told(file, rows)` hears of each chunk.
    """
    deliveries = sorted((open_delivery(path) for path in paths), key=lambda one: (one.kind, one.version, one.name))
    for delivery in deliveries:
        _require_fit(delivery, as_of)
    numbers = dict(Client.objects.values_list("number", "pk"))
    report = Report()
    for delivery in deliveries:
        file = _begun(delivery, now())
        again = file.state == FileState.DONE
        if not again:
            _Loading(file, delivery, numbers).carry_out(told)
            _finish(file, delivery, now())
        report.add(file, again=again)
    return report


def _require_fit(delivery: Delivery, as_of: dt.date) -> None:
    told = {"file": delivery.name, "day": delivery.on.isoformat(), "as_of": as_of.isoformat()}
    if delivery.on != as_of:
        raise Unusable(_("%(file)s: it is of %(day)s, not of %(as_of)s.") % told)
    held = FigureFile.objects.filter(kind=delivery.kind, on=delivery.on)
    mine = held.filter(sha256=delivery.sha256).first()
    if (mine is None or mine.state != FileState.DONE) and held.filter(version__gt=delivery.version).exists():
        raise Unusable(_("%(file)s: a newer statement of %(day)s is loaded already.") % told)


def _begun(delivery: Delivery, now: dt.datetime) -> FigureFile:
    """The row of this very file, made where it is new."""
    told = {"version": delivery.version, "bank": delivery.bank, "name": tidy_name(delivery.name), "started_at": now}
    file, _made = FigureFile.objects.get_or_create(
        kind=delivery.kind, on=delivery.on, sha256=delivery.sha256, defaults={**told, "totals": _blank(delivery)}
    )
    return file


def _blank(delivery: Delivery) -> dict[str, dict[str, int]]:
    return {name: {"stated": total, "loaded": 0, "unchanged": 0, "refused": 0} for name, total in delivery.totals.items()}


@transaction.atomic
def _finish(file: FigureFile, delivery: Delivery, now: dt.datetime) -> None:
    """Close the file, and say whether its totals are those of its rows."""
    file.refresh_from_db()
    tied = all(one["stated"] == one["loaded"] + one["unchanged"] + one["refused"] for one in file.totals.values())
    file.state, file.totals_match, file.finished_at = FileState.DONE, tied and file.read == delivery.count, file.finished_at or now
    file.save(update_fields=["state", "totals_match", "finished_at"])


class _Loading:
    """A file in hand: its rows are compared with what stands of the day, and those that say something new are written."""

    def __init__(self, file: FigureFile, delivery: Delivery, numbers: dict[str, int]) -> None:
        self.file = file
        self.delivery = delivery
        self.numbers = numbers
        self.model = MODELS[file.kind]
        self.columns = [cell.name for cell in CELLS[file.kind]]
        self.seen: set[tuple[Any, ...]] = set()

    def carry_out(self, told: Told) -> None:
        """All rows that are left, in chunks."""
        lines = (self._judged(line) for line in self.delivery.lines())
        done = 0
        while chunk := list(islice(lines, CHUNK)):
            done += len(chunk)
            if chunk[-1][0].number > self.file.published_through:
                self._publish(chunk)
                told(self.file.name, done)

    def _judged(self, line: Line) -> tuple[Line, int | None, tuple[str, str, str] | None]:
        """The row with its client, or with why it is refused."""
        if line.values is None:
            return line, None, (line.column, line.value, line.reason)
        client_id = self.numbers.get(line.customer)
        if client_id is None:
            return line, None, ("customer", line.customer[:60], _("No client has this number."))
        key = self._key(client_id, line.values)
        if key in self.seen:
            return line, None, ("customer", line.customer, _("The file says this twice."))
        self.seen.add(key)
        return line, client_id, None

    def _key(self, client_id: int, values: dict[str, Any]) -> tuple[Any, ...]:
        return (client_id, *(values[name] for name in self.model.KEYS))

    @transaction.atomic
    def _publish(self, chunk: Sequence[tuple[Line, int | None, tuple[str, str, str] | None]]) -> None:
        """Carry out the rows of a chunk that nobody has. Two workers on one file wait for each other here."""
        file = FigureFile.objects.select_for_update(of=("self",)).get(pk=self.file.pk)
        rows = [row for row in chunk if row[0].number > file.published_through]
        standing = self._standing({client_id for _line, client_id, _why in rows if client_id})
        fresh: list[DailyFigure] = []
        replaced: list[int] = []
        for line, client_id, why in rows:
            if why is not None or client_id is None or line.values is None:
                self._count(file, "refused", line)
                _keep(file, line, why or ("", "", ""))
                continue
            held = standing.get(self._key(client_id, line.values))
            if held is not None and held[1] == tuple(line.values[name] for name in self.columns):
                self._count(file, "unchanged", line)
                continue
            self._count(file, "loaded", line)
            replaced += [held[0]] if held else []
            fresh.append(self.model(client_id=client_id, on=file.on, file=file, **line.values))
        if replaced:
            self.model._default_manager.filter(AmongKeys(replaced)).update(is_latest=False)
        self.model._default_manager.bulk_create(fresh)
        if rows:
            file.published_through = rows[-1][0].number
        file.save(update_fields=["read", "loaded", "unchanged", "refused", "totals", "refusals", "published_through"])
        self.file = file

    def _standing(self, client_ids: Iterable[int]) -> dict[tuple[Any, ...], tuple[int, tuple[Any, ...]]]:
        """What stands of the day for some clients, by its key: the row's id and its values."""
        ids = sorted(client_ids)
        if not ids:
            return {}
        names = self.columns
        rows = self.model._default_manager.filter(is_latest=True, on=self.file.on, client__in=ids)
        found = {}
        for pk, client_id, *values in rows.values_list("pk", "client_id", *names):
            by_name = dict(zip(names, values, strict=True))
            found[self._key(client_id, by_name)] = (pk, tuple(values))
        return found

    @staticmethod
    def _count(file: FigureFile, what: str, line: Line) -> None:
        setattr(file, what, getattr(file, what) + 1)
        file.read += 1
        for name, value in line.sums.items():
            file.totals[name][what] += value


def _keep(file: FigureFile, line: Line, why: tuple[str, str, str]) -> None:
    if len(file.refusals) < KEPT_REFUSALS:
        column, value, reason = why
        file.refusals.append({"row": line.number, "column": column, "value": value, "reason": reason})
