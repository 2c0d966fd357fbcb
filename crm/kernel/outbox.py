"""Work after commit: a row written with the change itself, handed over until the consumer's transaction says done.

A task sent after commit is lost when the process dies between the two. So a service calls `enqueue`, which writes a row in the
service's own transaction. A relay hands open rows to Celery; the consumer runs and marks the row done in one transaction, or, for
long work that commits in steps, when all steps are done. A row that is not done when its lease is over is handed over again, so every
task must be safe to run twice.
"""

import datetime as dt
import logging
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.module_loading import autodiscover_modules

from crm.kernel.roomy import with_room

log = logging.getLogger(__name__)

Consumer = Callable[..., None]
_consumers: dict[str, tuple[Consumer, bool]] = {}
MAX_ATTEMPTS = 20
RELAY_BATCH = 100


class Outbox(models.Model):
    """One piece of work that a committed change asks for."""

    task = models.CharField(max_length=100)
    args = models.JSONField(default=dict)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)
    created_at = models.DateTimeField(default=timezone.now)
    leased_until = models.DateTimeField(null=True)
    running_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    failure = models.CharField(max_length=200, blank=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["leased_until", "id"], condition=Q(done_at=None), name="kernel_outbox_open")]

    def __str__(self) -> str:
        return f"{self.task} #{self.pk}"


def enqueue(task: str, *, actor: Any = None, **args: Any) -> Outbox:
    """Ask for `task(**args, actor_id=…)` after the surrounding transaction commits. `args` are ids and plain values only."""
    return Outbox.objects.create(task=task, args=args, actor=actor)


def outbox_task(name: str, *, steps: bool = False) -> Callable[[Consumer], Consumer]:
    """Register a consumer `f(*, actor_id, **args)`. `steps=True`: it commits in steps itself and is done when it returns."""

    def register(consumer: Consumer) -> Consumer:
        _consumers[name] = (consumer, steps)
        return consumer

    return register


def lease(row_id: int, *, now: dt.datetime) -> bool:
    """Take the row for this process unless another holds it or it is done."""
    free = Q(leased_until=None) | Q(leased_until__lt=now)
    until = now + dt.timedelta(seconds=settings.OUTBOX_LEASE_SECONDS)
    taken = Outbox.objects.filter(free, pk=row_id, done_at=None).update(leased_until=until, attempts=models.F("attempts") + 1)
    return bool(taken)


def prolong(row_id: int) -> None:
    """Keep a long consumer's lease alive."""
    until = timezone.now() + dt.timedelta(seconds=settings.OUTBOX_LEASE_SECONDS)
    Outbox.objects.filter(pk=row_id, done_at=None).update(leased_until=until, running_until=until)


def _begin(row_id: int) -> bool:
    """Say that this process carries the row out: a row that waited past its lease has two messages, and long work no transaction."""
    now = timezone.now()
    until = now + dt.timedelta(seconds=settings.OUTBOX_LEASE_SECONDS)
    idle = Q(running_until=None) | Q(running_until__lt=now)
    return bool(Outbox.objects.filter(idle, pk=row_id, done_at=None).update(leased_until=until, running_until=until))


@with_room
def run(row_id: int) -> bool:
    """Run a leased row's consumer and mark it done. A failure is kept and the row comes again after its lease."""
    row = Outbox.objects.get(pk=row_id)
    if row.done_at:
        return True
    autodiscover_modules("tasks")
    try:
        consumer, steps = _consumers[row.task]
        if steps:
            if not _begin(row_id):
                return True
            consumer(actor_id=row.actor_id, **row.args)
            Outbox.objects.filter(pk=row_id).update(done_at=timezone.now(), failure="")
        else:
            with transaction.atomic():
                if not Outbox.objects.filter(pk=row_id, done_at=None).update(done_at=timezone.now(), failure=""):
                    return True
                consumer(actor_id=row.actor_id, **row.args)
    except Exception as error:
        log.exception("Outbox row %s (%s) failed", row_id, row.task)
        Outbox.objects.filter(pk=row_id).update(failure=type(error).__name__[:200], running_until=None)
        return False
    return True


def open_rows(*, now: dt.datetime) -> models.QuerySet[Outbox]:
    """Rows that wait for a worker, oldest first."""
    free = Q(leased_until=None) | Q(leased_until__lt=now)
    return Outbox.objects.filter(free, done_at=None, attempts__lt=MAX_ATTEMPTS).order_by("id")


def deliver_pending(*, after_id: int = 0) -> int:
    """Run open rows in this process until none is left; a command does so with what it caused. Returns how many failed."""
    failed: set[int] = set()
    while True:
        waiting = list(
            open_rows(now=timezone.now()).filter(id__gt=after_id).exclude(pk__in=failed).values_list("pk", flat=True)[:RELAY_BATCH]
        )
        if not waiting:
            return len(failed)
        for row_id in waiting:
            if lease(row_id, now=timezone.now()) and not run(row_id):
                failed.add(row_id)
