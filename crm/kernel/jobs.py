"""Long work as a row: what runs, how far it is, what came of it."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.kernel.addresses import url_of
from crm.kernel.querysets import VisibleQuerySet


class JobState(models.TextChoices):
    """Where a job stands."""

    QUEUED = "queued", _("Waiting")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")
    CANCELLED = "cancelled", _("Stopped")


class JobQuerySet(VisibleQuerySet["Job"]):
    """Jobs."""

    def visible_to(self, user: Any) -> "JobQuerySet":
        """A job is its owner's alone, as long as they hold a post."""
        return self.filter(owner_id=user.pk) if user.pk and user.actor.posts else self.none()


class Job(models.Model):
    """One piece of long work. Seen by the person who started it."""

    kind = models.CharField(_("kind"), max_length=40)
    title = models.CharField(_("title"), max_length=200)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(_("state"), max_length=10, choices=JobState.choices, default=JobState.QUEUED)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    note = models.CharField(_("note"), max_length=300, blank=True)
    params = models.JSONField(default=dict)
    result = models.JSONField(default=dict)
    file = models.ForeignKey("kernel.StoredFile", on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("file"))
    result_url = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(_("started"), auto_now_add=True)
    finished_at = models.DateTimeField(_("finished"), null=True)
    expires_at = models.DateTimeField(_("kept until"), null=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["owner", "-id"], name="kernel_job_owner")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """The job's own page."""
        return url_of("web:job_detail", self.pk)

    @property
    def is_over(self) -> bool:
        """Nothing more will happen."""
        return self.state in {JobState.DONE, JobState.FAILED, JobState.CANCELLED}

    @property
    def percent(self) -> int:
        """0 to 100."""
        return min(100, self.done * 100 // self.total) if self.total else (100 if self.state == JobState.DONE else 0)

    def progress(self, done: int, total: int | None = None, *, note: str = "") -> None:
        """Say how far it is, outside any long transaction."""
        self.state, self.done, self.note = JobState.RUNNING, done, note
        if total is not None:
            self.total = total
        self.save(update_fields=["state", "done", "total", "note"])

    def finish(self, *, now: dt.datetime, result: dict[str, Any] | None = None, note: str = "") -> None:
        """It is done; `result` holds plain values for the result page."""
        self.state, self.finished_at, self.result, self.note = JobState.DONE, now, result or {}, note
        self.save(update_fields=["state", "finished_at", "result", "note"])

    def fail(self, *, now: dt.datetime, note: str) -> None:
        """It could not be done; `note` says why, for the owner to read."""
        self.state, self.finished_at, self.note = JobState.FAILED, now, note[:300]
        self.save(update_fields=["state", "finished_at", "note"])
