"""What a worker does with an import that was handed over: in steps that each commit, safe to run again."""

import datetime as dt
import logging
import time
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from crm.kernel.errors import DomainError
from crm.kernel.jobs import Job, JobState
from crm.kernel.outbox import prolong
from prospects.directories.choices import ImportState
from prospects.directories.models import Import
from prospects.directories.permissions import can_import
from prospects.directories.services.importing import today_of
from prospects.directories.services.memory import unmapped
from prospects.directories.services.publishing import publish
from prospects.directories.services.reverting import take_back
from prospects.directories.services.staging import Progress, stage

_TELL_EVERY = 1.0
"""Seconds between two words about how far it is; each is a commit."""

logger = logging.getLogger(__name__)


def carry_out(import_id: int, *, actor: Any) -> None:
    """Compare all rows, then carry them out. What stands against it ends the import with its reason, which its job shows."""
    directory_import = _loaded(import_id)
    if _is_stopped(directory_import, actor=actor) or directory_import.state not in (ImportState.STAGING, ImportState.PUBLISHING):
        return
    now = timezone.now()
    try:
        can_import(user=actor).require()
        if directory_import.published_through:
            _enter_publishing(directory_import, actor=actor)
        with unmapped():
            if directory_import.state == ImportState.STAGING:
                stage(directory_import, actor=actor, on=today_of(actor, now), progress=_progress(directory_import, _("Comparing")))
            publish(directory_import, actor=actor, now=now, progress=_progress(directory_import, _("Loading")))
    except DomainError as error:
        _fail(directory_import, str(error), actor=actor, now=now)
        return
    if job := directory_import.job:
        job.finish(now=timezone.now(), result=_loaded(import_id).counts)


def carry_back(import_id: int, *, actor: Any) -> None:
    """Take the import back."""
    directory_import = _loaded(import_id)
    if directory_import.state != ImportState.REVERTING:
        return
    stayed = take_back(directory_import, actor=actor, now=timezone.now(), progress=_progress(directory_import, _("Taking back")))
    if job := directory_import.job:
        sentence = ngettext("%(count)d company is in use and stays.", "%(count)d companies are in use and stay.", stayed)
        job.finish(now=timezone.now(), note=sentence % {"count": stayed} if stayed else "")


def _loaded(import_id: int) -> Import:
    return Import.objects.select_related("source", "file", "job").get(pk=import_id)


def _is_stopped(directory_import: Import, *, actor: Any) -> bool:
    """Whether the owner stopped the job before it began; then the import waits to be started again."""
    job = directory_import.job
    if job is None or job.state != JobState.CANCELLED:
        return False
    directory_import.state = ImportState.MAPPED
    directory_import.record(actor=actor, fields=["state"])
    return True


def _enter_publishing(directory_import: Import, *, actor: Any) -> None:
    if directory_import.state != ImportState.PUBLISHING:
        directory_import.state = ImportState.PUBLISHING
        directory_import.record(actor=actor, fields=["state"])


def _fail(directory_import: Import, reason: str, *, actor: Any, now: dt.datetime) -> None:
    directory_import.refresh_from_db(fields=["state"])
    directory_import.state = ImportState.FAILED
    directory_import.record(actor=actor, reason=reason[:300], fields=["state"])
    if job := directory_import.job:
        job.fail(now=now, note=reason)


def _progress(directory_import: Import, what: Any) -> Progress:
    """Once a second: tells the job, keeps the lease, and writes a line for whoever watches the log."""
    told = 0.0

    def progress(done: int, total: int) -> None:
        nonlocal told
        if time.monotonic() - told < _TELL_EVERY and done < total:
            return
        told = time.monotonic()
        logger.info("%s: %d / %d", what, done, total)
        if directory_import.outbox_id:
            prolong(directory_import.outbox_id)
        if directory_import.job:
            Job.objects.filter(pk=directory_import.job.pk).update(state=JobState.RUNNING, done=done, total=total, note=str(what))

    return progress
