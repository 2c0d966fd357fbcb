"""Celery entry points of the kernel: the relay and the consumer of the outbox, the sweeps of orphaned files and of old drafts."""

from celery import shared_task
from django.utils import timezone

from crm.kernel import drafts
from crm.kernel.files import sweep
from crm.kernel.outbox import RELAY_BATCH, Outbox, lease, open_rows, run


@shared_task(name="kernel.relay_outbox")
def relay_outbox() -> int:
    """Lease open rows and hand each to a worker. Runs every second on beat."""
    now = timezone.now()
    rows = [row_id for row_id in open_rows(now=now).values_list("pk", flat=True)[:RELAY_BATCH] if lease(row_id, now=now)]
    for row_id in rows:
        consume.delay(row_id)
    return len(rows)


@shared_task(name="kernel.consume")
def consume(row_id: int) -> bool:
    """Run one row. Forged or finished ids have no effect: the row itself says what to do, and only once."""
    return Outbox.objects.filter(pk=row_id, done_at=None).exists() and run(row_id)


@shared_task(name="kernel.sweep_files")
def sweep_files() -> int:
    """Remove stored files that no row names, a day after they were written."""
    return sweep(now=timezone.now())


@shared_task(name="kernel.forget_drafts")
def forget_drafts() -> int:
    """Drop drafts that nobody went on with."""
    return drafts.forget_old(now=timezone.now())
