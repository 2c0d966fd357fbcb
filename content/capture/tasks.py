"""Background work of capture: what somebody brings, and the feeds that are due."""

from celery import shared_task
from django.contrib.auth import get_user_model
from django.utils import timezone, translation

from content.capture import services
from crm.kernel.jobs import Job
from crm.kernel.outbox import outbox_task


@outbox_task(services.CARRY_OUT, steps=True)
def carry_out(*, actor_id: int, job_id: int) -> None:
    """Fetch or read, and add. Reasons are put into words on the way, so in the owner's language."""
    job = Job.objects.get(pk=job_id)
    if job.is_over:
        return
    owner = get_user_model()._default_manager.get(pk=actor_id)
    with translation.override(owner.language):
        services.carry_out(job, now=timezone.now())


@outbox_task(services.COLLECT, steps=True)
def collect(*, actor_id: int | None, source_id: int) -> None:
    """Read one feed."""
    services.collect(source_id, now=timezone.now())


@shared_task(name="capture.collect_feeds")
def collect_feeds() -> int:
    """Ask for the feeds that are due. Runs each minute on beat."""
    return services.ask_for_due_feeds(now=timezone.now())
