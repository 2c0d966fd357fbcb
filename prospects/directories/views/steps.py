"""The steps of an import: bring the file, check its columns, start."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.kernel.addresses import url_of
from crm.kernel.errors import Sentence
from crm.kernel.permission import Permission
from crm.web.views import CreateView, OperationView, RecordFragmentView, UpdateView
from crm.web.views.base import wants_fragment
from crm.web.views.operations import UNPROCESSABLE
from prospects.directories import services
from prospects.directories.forms import MappingForm, SheetForm, UploadForm
from prospects.directories.models import Import
from prospects.directories.permissions import can_change, can_import, can_map, can_start
from prospects.directories.tables import VERDICT_TONES

START = "start"
REFUSED, CONFLICT = 400, 409
_RELATED = ("source", "file", "owner")


def steps(now: str) -> list[dict[str, Any]]:
    """The way of an import for the stepper: file, columns, result."""
    labels = {"file": _("File"), "columns": _("Columns"), "result": _("Result")}
    order = list(labels)
    return [
        {"label": label, "state": "now" if name == now else "done" if order.index(name) < order.index(now) else ""}
        for name, label in labels.items()
    ]


class ImportCreate(CreateView):
    """Bring a file. It is read at once; what cannot be read is refused beside the file, and nothing is kept of it."""

    form_class = UploadForm
    title = _("Import a directory")
    submit_label = _("Read the file")
    success_message = _("The file was read. Check what its columns mean.")
    template_name = "directories/import_form.html"

    def permission(self, request: HttpRequest) -> Permission:
        """Those who load directories."""
        return can_import(user=request.user)

    def get_initial(self) -> dict[str, Any]:
        """Today's list, unless one says otherwise."""
        return {"as_of": timezone.localdate()} | super().get_initial()

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Import:
        """Keep it."""
        return services.start_import(actor=self.request.user, now=now, table=data["table"], source_name=data["source"], as_of=data["as_of"])

    def get_success_url(self, result: Import) -> str:
        """On to the columns."""
        return url_of("directories:import_map", result.pk)

    def get_back_url(self) -> str:
        """The list."""
        return url_of("directories:import_list")

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Adds the steps."""
        return super().get_context_data(steps=steps("file"), **context)


class ImportStep(OperationView):
    """A step of an import that may be over meanwhile, in another tab: then its sentence and the way to the import stand in its place."""

    model = Import
    select_related = _RELATED
    allows: Callable[..., Permission] = staticmethod(can_map)

    def permission(self, request: HttpRequest) -> Permission:
        """Its owner and head office."""
        return can_change(user=request.user, directory_import=self.object)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The form, unless the step is over."""
        return self._over() or super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Carry it out; a second click gets the first answer, another tab hears that the step is over."""
        answer = super().post(request, *args, **kwargs)
        if answer.status_code < REFUSED:
            return answer
        self.object.refresh_from_db(fields=["state"])
        return self._over() or answer

    def _over(self) -> HttpResponse | None:
        allowed = self.allows(user=self.request.user, directory_import=self.object)
        if allowed:
            return None
        in_dialog = wants_fragment(self.request)
        context = self.get_context_data(reason=allowed.reason, layout="web/dialog.html" if in_dialog else "web/base.html")
        return self.render("directories/import_over.html", context, status=UNPROCESSABLE if in_dialog else CONFLICT)


class ImportMap(ImportStep, UpdateView):
    """What the columns mean, with what would happen beside them. Saved, it shows the preview anew; or it starts."""

    form_class = MappingForm
    title = _("Check the columns")
    submit_label = _("Save and preview")
    template_name = "directories/import_map.html"

    def get_form_kwargs(self) -> dict[str, Any]:
        """The import."""
        return {"directory_import": self.object}

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Import:
        """Save, and start where that was asked for."""
        actor = self.request.user
        saved = services.set_mapping(
            import_id=self.object.pk,
            mapping=data["mapping"],
            condition=data["condition"],
            as_of=data["as_of"],
            remember=data["remember"],
            version=self.seen,
            actor=actor,
            now=now,
        )
        return services.start(import_id=saved.pk, actor=actor, now=now) if self._starts else saved

    @property
    def _starts(self) -> bool:
        return self.request.POST.get("then") == START

    def get_success_url(self, result: Import) -> str:
        """The result page once it runs; else here again."""
        return result.get_absolute_url() if self._starts else url_of("directories:import_map", result.pk)

    def get_success_message(self, result: Import) -> Sentence:
        """What happens now."""
        return (
            _("Started. You may leave this page; the work goes on.") if self._starts else _("Saved. The preview shows what would happen.")
        )

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Adds the steps and the preview's address."""
        preview_url = url_of("directories:import_preview", self.object.pk)
        return super().get_context_data(steps=steps("columns"), preview_url=preview_url, **context)


class ImportPreview(RecordFragmentView):
    """What would happen with the first rows."""

    model = Import
    select_related = _RELATED
    title = _("What would happen with the first rows")
    template_name = "directories/import_preview.html"

    def permission(self, request: HttpRequest) -> Permission:
        """As the columns."""
        return can_map(user=request.user, directory_import=self.object)

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """The rows, compared as they stand."""
        rows = services.preview(self.object, actor=self.request.user, now=timezone.now()) if self.object.read_as.has_name else []
        shown = [(row, VERDICT_TONES.get(row.verdict, "")) for row in rows]
        return super().get_context_data(rows=shown, **context)


class ImportSheet(ImportStep, UpdateView):
    """Take another sheet of the workbook."""

    form_class = SheetForm
    title = _("Choose another sheet")
    submit_label = _("Read this sheet")
    success_message = _("The sheet was read. Check what its columns mean.")

    def get_form_kwargs(self) -> dict[str, Any]:
        """The import."""
        return {"directory_import": self.object}

    def get_initial(self) -> dict[str, Any]:
        """The sheet that was read."""
        return {"sheet": self.object.sheet}

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Import:
        """Take it."""
        told = {"table": data["table"], "version": self.seen}
        return services.choose_sheet(import_id=self.object.pk, actor=self.request.user, now=now, **told)

    def get_success_url(self, result: Import) -> str:
        """Back to the columns."""
        return url_of("directories:import_map", result.pk)


class ImportStart(ImportStep):
    """Start, or go on after it stopped."""

    allows = staticmethod(can_start)
    title = _("Load this list?")
    submit_label = _("Load it")
    success_message = _("Started. You may leave this page; the work goes on.")

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Import:
        """Hand it to a worker."""
        return services.start(import_id=self.object.pk, actor=self.request.user, now=now)
