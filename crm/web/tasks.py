"""Background work of the toolkit: large exports, and the end of their files."""

import tempfile
from typing import Any

from celery import shared_task
from django.contrib.auth import get_user_model
from django.urls import resolve
from django.utils import timezone

from crm.kernel import files
from crm.kernel.errors import DomainError
from crm.kernel.files import StoredFile
from crm.kernel.jobs import Job, JobState
from crm.kernel.outbox import outbox_task, prolong
from crm.web import exports
from crm.web.reader import reading_as

READ_BYTES = 1024 * 1024


@outbox_task(exports.TASK, steps=True)
def export(*, actor_id: int, job_id: int) -> None:
    """Make the file of an export job, with what its owner may see at this moment. Run twice, it ends as once."""
    job = Job.objects.get(pk=job_id)
    if job.is_over:
        return
    owner = get_user_model()._default_manager.get(pk=actor_id)
    with reading_as(owner):
        try:
            _make(job, owner)
        except DomainError as error:
            job.fail(now=timezone.now(), note=str(error))


def _make(job: Job, owner: Any) -> None:
    params = job.params
    match = resolve(params["path"])
    view: Any = match.func
    source = view.view_class.for_reader(owner, params["path"], params["query"], **match.kwargs)

    def progress(done: int) -> None:
        job.progress(done)
        prolong(params["outbox_id"])

    job.progress(0, source.found.order_by().count())
    with tempfile.TemporaryFile() as file:
        count = exports.write(file, source, params["format"], progress=progress)
        file.seek(0)
        chunks = iter(lambda: file.read(READ_BYTES), b"")
        name, media_type = exports.file_name(source, params["format"]), exports.MEDIA_TYPES[params["format"]]
        job.file = files.store(chunks, name=name, media_type=media_type, owner=owner, limit=exports.FILE_LIMIT_BYTES)
    now = timezone.now()
    job.done, job.total, job.expires_at = count, count, now + exports.KEEP
    job.save(update_fields=["file", "done", "total", "expires_at"])
    job.finish(now=now, result={"rows": count})


@shared_task(name="web.expire_exports")
def expire_exports() -> int:
    """Drop the files of exports whose time is over; the job row stays as the record. Returns how many."""
    over = Job.objects.filter(kind=exports.KIND, expires_at__lt=timezone.now(), state=JobState.DONE).exclude(file=None)
    dropped = 0
    for job in over:
        stored_id, job.file = job.file_id, None
        job.save(update_fields=["file"])
        StoredFile.objects.filter(pk__in=[stored_id]).delete()
        dropped += 1
    return dropped
