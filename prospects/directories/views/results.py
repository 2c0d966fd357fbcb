"""What came of an import: counts, possible duplicates with their decision, refused rows to mend, taking it back."""

import csv
import datetime as dt
import io
from collections.abc import Iterator, Sequence
from typing import Any

from django.http import FileResponse, Http404, HttpRequest
from django.utils.translation import gettext_lazy as _

from crm.companies.models import Company
from crm.kernel.addresses import url_of
from crm.kernel.late import late
from crm.kernel.permission import Permission
from crm.web.exports import MEDIA_TYPES, neutral
from crm.web.paging import paginate
from crm.web.templatetags.ui import when
from crm.web.views import Action, DetailView, Fact, OperationView, ProgressView, RecordFragmentView, RecordPage, Tab
from prospects.directories import permissions, services
from prospects.directories.choices import ImportState, Verdict
from prospects.directories.forms import DecisionForm
from prospects.directories.models import Import, StagedRow
from prospects.directories.selectors import obstacles
from prospects.directories.tables import STATE_TONES, VERDICT_TONES
from prospects.directories.wording import changes_in_words

CURSOR = "after"
ROWS_SHOWN = 50
NAME_CELLS = 3
_RELATED = ("source", "file", "owner", "job")


class ImportDetail(DetailView):
    """How far an import is; then what came of its rows."""

    model = Import
    select_related = _RELATED
    crumb = (_("Directories"), "directories:import_list")
    template_name = "directories/import_detail.html"

    def facts(self) -> Sequence[Fact]:
        """The counts once there are any, and where the list is from."""
        counts = [Fact(verdict.label, f"{count:,}") for verdict, count in zip(Verdict, self.object.counts.values(), strict=True) if count]
        return [Fact(_("Rows"), f"{self.object.read:,}"), *counts, Fact(_("As of"), when(self.object.as_of))]

    def get_tabs(self) -> Sequence[Tab]:
        """Possible duplicates, refused and updated rows where there are some; all rows."""
        if self.object.state not in (ImportState.DONE, ImportState.FAILED, ImportState.REVERTED):
            return ()
        tabs = [
            Tab("duplicates", _("Possible duplicates"), "directories:import_duplicates", self.object.duplicates),
            Tab("refused", _("Refused rows"), "directories:import_refused", self.object.refused),
            Tab("updated", _("Updated"), "directories:import_updated", self.object.updated),
        ]
        return [*(tab for tab in tabs if tab.count), Tab("rows", _("All rows"), "directories:import_rows")]

    def actions(self) -> list[Action]:
        """The next step, or the way back."""
        user, pk = self.request.user, self.object.pk
        if self.object.state in (ImportState.UPLOADED, ImportState.MAPPED):
            refusal = permissions.can_map(user=user, directory_import=self.object).reason
            return [Action(_("Check the columns"), url_of("directories:import_map", pk), primary=True, refusal=refusal)]
        actions = []
        if self.object.state == ImportState.FAILED:
            refusal = permissions.can_start(user=user, directory_import=self.object).reason
            actions.append(Action(_("Go on"), url_of("directories:import_start", pk), primary=True, dialog=True, refusal=refusal))
        if self.object.state != ImportState.REVERTED:
            refusal = permissions.can_revert(user=user, directory_import=self.object).reason
            actions.append(Action(_("Take back"), url_of("directories:import_revert", pk), "undo", dialog=True, refusal=refusal))
        return actions

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Adds the tone of the state, and the job where it is the reader's."""
        return super().get_context_data(**_progress(self.object, self.request.user), **context)


class ImportProgress(ProgressView):
    """How far an import is."""

    model = Import
    select_related = _RELATED
    template_name = "directories/import_progress.html"

    def is_over(self) -> bool:
        """Neither comparing nor loading nor being taken back."""
        return not self.object.is_running

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Adds the tone of the state, and the job where it is the reader's."""
        return super().get_context_data(**_progress(self.object, self.request.user), **context)


def _progress(directory_import: Import, user: Any) -> dict[str, Any]:
    job = directory_import.job
    return {"tone": STATE_TONES.get(ImportState(directory_import.state), ""), "job": job if job and job.owner_id == user.pk else None}


class ImportPart(RecordFragmentView):
    """A tab of the result: one page of rows with these verdicts, in the order of the file."""

    model = Import
    select_related = _RELATED
    verdicts: tuple[Verdict, ...] = ()
    slug = ""

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Adds the rows and the cursor of the next page."""
        rows = StagedRow.objects.visible_to(self.request.user).filter(of_import=self.object, verdict__in=self.verdicts)
        page = paginate(rows.select_related("company"), ("number",), cursor=self.request.GET.get(CURSOR), limit=ROWS_SHOWN)
        return super().get_context_data(
            rows=[self.shown(row) for row in page.rows],
            next=page.next,
            tab=self.slug,
            is_first=CURSOR not in self.request.GET,
            **self.more(page.rows),
            **context,
        )

    def shown(self, row: StagedRow) -> Any:
        """What the template reads of a row."""
        return row

    def more(self, rows: list[StagedRow]) -> dict[str, Any]:
        """What else the template reads."""
        return {}


class ImportDuplicates(ImportPart):
    """Rows that wait for a person, each with the companies that it may be of."""

    title = _("Possible duplicates")
    template_name = "directories/duplicates.html"
    verdicts = (Verdict.DUPLICATE,)
    slug = "duplicates"

    def more(self, rows: list[StagedRow]) -> dict[str, Any]:
        """The candidates by company, with one query, and whether the reader may decide."""
        ids = {candidate["company"] for row in rows for candidate in row.candidates if "company" in candidate}
        companies = Company.objects.visible_to(self.request.user).in_bulk(ids)
        entries = [
            (row, cells_of(row), [(companies.get(one.get("company", 0)), one.get("row"), one["score"]) for one in row.candidates])
            for row in rows
        ]
        return {"entries": entries, "may_decide": permissions.can_decide(user=self.request.user, directory_import=self.object)}


class ImportRefused(ImportPart):
    """Rows that were not taken: line, column, value, reason."""

    title = _("Refused rows")
    template_name = "directories/refused.html"
    verdicts = (Verdict.REFUSED,)
    slug = "refused"


class ImportUpdated(ImportPart):
    """Rows that changed something of a company that was known, with what stood before."""

    title = _("Updated")
    template_name = "directories/updated.html"
    verdicts = (Verdict.UPDATED,)
    slug = "updated"

    def shown(self, row: StagedRow) -> Any:
        """The row, and what it changed."""
        return row, changes_in_words(row.done) if row.done else []


class ImportRows(ImportPart):
    """All rows but those that were not chosen, with what became of each."""

    title = _("All rows")
    template_name = "directories/rows.html"
    verdicts = tuple(verdict for verdict in Verdict if verdict != Verdict.SKIPPED)
    slug = "rows"

    def shown(self, row: StagedRow) -> Any:
        """The row, its tone, its first cells."""
        return row, VERDICT_TONES.get(Verdict(row.verdict), ""), cells_of(row)


def cells_of(row: StagedRow) -> str:
    """The first filled cells of a row: enough to know it by."""
    return " · ".join([cell for cell in row.cells if cell][:NAME_CELLS])[:120]


class RefusedDownload(RecordPage):
    """The refused rows in their own columns with the reasons behind, to be mended and loaded again.

    What a shifted row has beyond its columns stands behind the reason: nothing is lost, and unmended it is refused again.
    """

    model = Import
    select_related = _RELATED

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> FileResponse:
        """CSV or XLSX, as an attachment."""
        file_format = self.kwargs["file_format"]
        if file_format not in MEDIA_TYPES:
            raise Http404
        content = (_csv if file_format == "csv" else _xlsx)([*self.object.columns, str(_("Why it was refused"))], self._lines())
        name = f"{self.object.source.name} {_('Refused rows')}.{file_format}"
        return FileResponse(content, as_attachment=True, filename=name, content_type=MEDIA_TYPES[file_format])

    def _lines(self) -> Iterator[list[str]]:
        width = len(self.object.columns)
        rows = StagedRow.objects.visible_to(self.request.user).filter(of_import=self.object, verdict=Verdict.REFUSED)
        for cells, problems in rows.order_by("number").values_list("cells", "problems").iterator():
            reasons = " ".join(f"{column}: {reason}" if column else reason for column, _value, reason in problems)
            own, beyond = (cells + [""] * width)[:width], cells[width:]
            yield [neutral(cell) for cell in (*own, reasons, *beyond)]


def _csv(header: list[str], lines: Iterator[list[str]]) -> io.BytesIO:
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([neutral(column) for column in header])
    writer.writerows(lines)
    return io.BytesIO(text.getvalue().encode("utf-8-sig"))


def _xlsx(header: list[str], lines: Iterator[list[str]]) -> io.BytesIO:
    book = late("openpyxl").Workbook(write_only=True)
    sheet = book.create_sheet("Rapport")
    sheet.append([neutral(column) for column in header])
    for line in lines:
        sheet.append(line)
    content = io.BytesIO()
    book.save(content)
    content.seek(0)
    return content


class RowDecide(OperationView):
    """Whether a row is a company that we know, or a new one."""

    model = StagedRow
    form_class = DecisionForm
    select_related = ("of_import__source", "of_import__file")
    title = _("Which company is this?")
    submit_label = _("Decide")
    success_message = _("Decided. The next list of this source remembers it.")
    template_name = "directories/row_decide.html"

    def load(self) -> None:
        """A row that waits; of others there is nothing to decide, and the answer is the same as for hidden ones."""
        super().load()
        self.candidates = services.candidates_of(self.object) if self.object.verdict == Verdict.DUPLICATE else {}
        self.companies = Company.objects.visible_to(self.request.user).prefetch_related("identifiers").in_bulk(self.candidates)

    def permission(self, request: HttpRequest) -> Permission:
        """The import's owner and head office."""
        return permissions.can_decide(user=request.user, directory_import=self.object.of_import)

    def get_form_kwargs(self) -> dict[str, Any]:
        """The candidates by name and score."""
        named = [(pk, f"{self.companies[pk]} ({score})") for pk, score in self.candidates.items() if pk in self.companies]
        return {"candidates": named}

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> StagedRow:
        """Decide."""
        return services.decide_duplicate(
            row_id=self.object.pk, same_as=data["same_as"], because=data["because"], actor=self.request.user, now=now
        )

    def get_success_url(self, result: StagedRow) -> str:
        """The other rows that wait."""
        return f"{result.of_import.get_absolute_url()}?tab=duplicates"

    def get_back_url(self) -> str:
        """The rows that wait."""
        return f"{self.object.of_import.get_absolute_url()}?tab=duplicates"

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """The row's cells under their headings, and what we hold of the candidates."""
        pairs = zip(self.object.of_import.columns, self.object.cells, strict=False)
        return super().get_context_data(
            cells=[(heading, cell) for heading, cell in pairs if cell][:20], companies=list(self.companies.values()), **context
        )


class ImportRevert(OperationView):
    """Take an import back, unless somebody has worked on its rows: then the page says who stands against it."""

    model = Import
    select_related = _RELATED
    title = _("Take this import back?")
    submit_label = _("Take it back")
    success_message = _("It is being taken back.")
    tone = "bad"
    template_name = "directories/import_revert.html"

    def permission(self, request: HttpRequest) -> Permission:
        """Its owner and head office, when it is done or has stopped."""
        return permissions.can_revert(user=request.user, directory_import=self.object)

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Import:
        """Hand it to a worker."""
        return services.revert(import_id=self.object.pk, actor=self.request.user, now=now)

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """What stands against it."""
        return super().get_context_data(obstacles=[services.in_words(one) for one in obstacles(self.object)], **context)
