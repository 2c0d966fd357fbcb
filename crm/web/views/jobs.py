"""Long work that one started: the list, how far it is, what came of it."""

import datetime as dt
from typing import Any

from django.http import FileResponse, Http404, HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.kernel.addresses import url_of
from crm.kernel.jobs import Job, JobState
from crm.kernel.permission import ALLOWED, Permission, denied
from crm.web import services
from crm.web.tables import ChipColumn, Column, Table, WhenColumn
from crm.web.views.base import RecordPage
from crm.web.views.details import Crumb, DetailView, ProgressView
from crm.web.views.lists import Action, Empty, ListView
from crm.web.views.operations import OperationView

TONES = {JobState.DONE: "jade", JobState.FAILED: "seal", JobState.RUNNING: "indigo", JobState.QUEUED: "amber"}


class JobTable(Table):
    """One's own long work."""

    title = Column(verbose_name=_("What"), orderable=False)
    state = ChipColumn(tones=TONES, orderable=False)
    created_at = WhenColumn(verbose_name=_("Started"), orderable=False)
    finished_at = WhenColumn(verbose_name=_("Finished"), orderable=False)

    class Meta:
        model = Job


class JobList(ListView):
    """`/jobs/`: imports, exports and other long work, newest first."""

    model = Job
    table_class = JobTable
    title = _("Background work")
    exportable = False
    empty = Empty(
        _("No background work yet"),
        _("Imports and large exports run in the background. Here you see how far they are and what came of them."),
    )


class JobDetail(DetailView):
    """How far one's own job is, and what came of it."""

    model = Job
    select_related = ("file",)
    template_name = "web/job_detail.html"

    def actions(self) -> list[Action]:
        """Stop it, as long as it has not begun."""
        return (
            []
            if self.object.is_over or not _can_cancel(self.object)
            else [Action(_("Stop"), url_of("web:job_cancel", self.object.pk), dialog=True)]
        )

    def crumbs(self) -> list[Crumb]:
        """The list."""
        return [Crumb(_("Background work"), url_of("web:job_list"))]


class JobProgress(ProgressView):
    """How far a job is."""

    model = Job
    select_related = ("file",)
    template_name = "web/job_progress.html"

    def is_over(self) -> bool:
        """Done, failed or stopped."""
        return bool(self.object.is_over)


class JobFile(RecordPage):
    """The file that a job made, for its owner, until it expires."""

    model = Job
    select_related = ("file",)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> FileResponse:
        """Send it as an attachment."""
        job = self.object
        if job.file is None or (job.expires_at is not None and job.expires_at < timezone.now()):
            raise Http404
        return FileResponse(job.file.open(), as_attachment=True, filename=job.file.name, content_type=job.file.media_type)


class JobCancel(OperationView):
    """Stop a job that has not begun."""

    model = Job
    submit_label = _("Stop it")
    title = _("Stop this work?")
    success_message = _("Stopped.")

    def permission(self, request: HttpRequest) -> Permission:
        """Its owner, before it begins."""
        return _can_cancel(self.object)

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Job:
        """Stop it."""
        return services.cancel_job(actor=self.request.user, job_id=self.object.pk, now=now)


def _can_cancel(job: Job) -> Permission:
    return ALLOWED if job.state == JobState.QUEUED else denied(_("This has begun already and runs to its end."))
