"""Exports: exactly what a list shows (same rows, same columns, same sights) as CSV or XLSX, small ones at once, large ones as a job.

Every export leaves a `Job` row of kind "export" that says who took what, with which filters and how many rows.
"""

import csv
import datetime as dt
import io
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import IO, Any, Protocol

from django.db import transaction
from django.http import FileResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.kernel.errors import RuleBroken
from crm.kernel.formulas import LIVE_STARTS
from crm.kernel.jobs import Job, JobState
from crm.kernel.late import late
from crm.kernel.outbox import enqueue
from crm.web.paging import bounded_count, in_order
from crm.web.request import Request
from crm.web.tables import Exported, Table

KIND = "export"
TASK = "web.export"
AT_ONCE = 5_000
KEEP = dt.timedelta(days=7)
CHUNK = 500
FILE_LIMIT_BYTES = 512 * 1024 * 1024
XLSX_ROWS = 1_000_000
CELL_CHARACTERS = 32_000
MEDIA_TYPES = {"csv": "text/csv; charset=utf-8", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}

Progress = Callable[[int], None]


class ListSource(Protocol):
    """What an export reads of a list view."""

    request: Request

    @property
    def blank_table(self) -> Table:
        """The table without rows."""

    @property
    def found(self) -> Any:
        """All rows that were found."""

    @property
    def rows(self) -> Any:
        """The same with all that cells read."""

    @property
    def order(self) -> tuple[str, ...]:
        """The order in force."""

    @property
    def name(self) -> str:
        """The list's lasting name."""

    def get_title(self) -> Any:
        """The list's title."""

    def query_string(self) -> str:
        """Its search, filters and order."""


@dataclass(frozen=True)
class Report:
    """A report that is no list, as a file holds it: its lasting name, its title, the heads of its columns, its lines."""

    name: str
    title: Any
    headers: list[str]
    lines: list[list[Exported]]


def export(source: ListSource, file_format: str) -> FileResponse | Job:
    """The file, for up to 5,000 rows; else a job that makes it in the background. RuleBroken for an unknown format."""
    _check(file_format)
    count = bounded_count(source.found, limit=AT_ONCE)
    if not count.exact:
        return _start_job(source, file_format)
    file = _memory()
    write(file, source, file_format)
    _done(_job_of(source, file_format), count.value)
    return _answer(file, file_name(source, file_format), file_format)


def export_report(report: Report, *, request: Request, file_format: str) -> FileResponse:
    """The file of a report. RuleBroken for an unknown format."""
    _check(file_format)
    file = _memory()
    _WRITERS[file_format](file, report.headers, report.lines)
    job = _job(request, name=report.name, title=report.title, query=request.GET.urlencode(), file_format=file_format)
    _done(job, len(report.lines))
    return _answer(file, f"{report.title} {timezone.localdate().isoformat()}.{file_format}", file_format)


def _check(file_format: str) -> None:
    if file_format not in MEDIA_TYPES:
        raise RuleBroken(_("Lists are exported as CSV or XLSX."), code="unknown_format")


def _memory() -> IO[bytes]:
    return tempfile.SpooledTemporaryFile(max_size=4 * 1024 * 1024)


def _answer(file: IO[bytes], name: str, file_format: str) -> FileResponse:
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=name, content_type=MEDIA_TYPES[file_format])


def _done(job: Job, rows: int) -> None:
    job.state, job.done, job.total, job.finished_at = JobState.DONE, rows, rows, timezone.now()
    job.save()


@transaction.atomic
def _start_job(source: ListSource, file_format: str) -> Job:
    job = _job_of(source, file_format)
    job.save()
    row = enqueue(TASK, actor=job.owner, job_id=job.pk)
    job.params["outbox_id"] = row.pk
    job.save(update_fields=["params"])
    return job


def _job_of(source: ListSource, file_format: str) -> Job:
    return _job(source.request, name=source.name, title=source.get_title(), query=source.query_string(), file_format=file_format)


def _job(request: Request, *, name: str, title: Any, query: str, file_format: str) -> Job:
    params = {"list": name, "path": request.path, "query": query, "format": file_format}
    words = _("%(list)s as %(format)s") % {"list": title, "format": file_format.upper()}
    return Job(kind=KIND, title=words, owner=request.user, params=params)


def file_name(source: ListSource, file_format: str) -> str:
    """The list's title and the day in the reader's zone."""
    return f"{source.get_title()} {timezone.localdate().isoformat()}.{file_format}"


def write(file: IO[bytes], source: ListSource, file_format: str, *, progress: Progress | None = None) -> int:
    """Write all rows of the list to an open file; returns how many. `progress` hears of each 500 rows."""
    table = source.blank_table
    records = in_order(source.rows, source.order).iterator(chunk_size=CHUNK)
    lines = table.export_rows(_counted(records, progress))
    return _WRITERS[file_format](file, table.export_headers, lines)


def neutral(text: str) -> str:
    """Text that no spreadsheet takes for a formula: a live first character gets an apostrophe before it, control characters go."""
    clean = late("openpyxl.cell.cell").ILLEGAL_CHARACTERS_RE.sub("", text)
    # Asked before and after: what goes may itself be live, or may hide what is.
    live = any(said.startswith(LIVE_STARTS) or said.lstrip().startswith(LIVE_STARTS) for said in (text, clean))
    return f"'{clean}" if live else clean


def _counted(records: Iterable[Any], progress: Progress | None) -> Iterator[Any]:
    for number, record in enumerate(records, start=1):
        yield record
        if progress is not None and number % CHUNK == 0:
            progress(number)


def _write_csv(file: IO[bytes], headers: list[str], lines: Iterable[list[Exported]]) -> int:
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="", write_through=True)
    writer = csv.writer(text)
    writer.writerow([neutral(header) for header in headers])
    count = 0
    for line in lines:
        writer.writerow([_as_text(value) for value in line])
        count += 1
    text.detach()
    return count


def _as_text(value: Exported) -> Any:
    if isinstance(value, str):
        return neutral(value)
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dt.datetime):
        return value.isoformat(timespec="seconds")
    return value.isoformat() if isinstance(value, dt.date) else value


def _write_xlsx(file: IO[bytes], headers: list[str], lines: Iterable[list[Exported]]) -> int:
    book = late("openpyxl").Workbook(write_only=True)
    book.properties.creator = "Rapport"
    sheet = book.create_sheet("Rapport")
    sheet.freeze_panes = "A2"
    cell_of = late("openpyxl.cell").WriteOnlyCell
    heads = [cell_of(sheet, neutral(header)) for header in headers]
    for head in heads:
        head.font = late("openpyxl.styles").Font(bold=True)
    sheet.append(heads)
    count = 0
    for line in lines:
        count += 1
        if count > XLSX_ROWS:
            raise RuleBroken(_("A worksheet holds a million rows at most. Export as CSV, or filter first."), code="too_many_rows")
        sheet.append([_as_cell(sheet, value) for value in line])
    book.save(file)
    return count


def _as_cell(sheet: Any, value: Exported) -> Any:
    if isinstance(value, str):
        text = neutral(value)[:CELL_CHARACTERS]
        if not text.startswith("#"):
            return text
        cell = late("openpyxl.cell").WriteOnlyCell(sheet, text)
        cell.data_type = "s"
        return cell
    if isinstance(value, dt.datetime):
        return value.replace(tzinfo=None, microsecond=0)
    return value


_WRITERS = {"csv": _write_csv, "xlsx": _write_xlsx}
