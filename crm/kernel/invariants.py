"""What must hold of the kernel's own tables; `check_invariants` asks, nightly and after each release."""

import datetime as dt
from collections.abc import Iterator

from django.db.models import Q
from django.utils import timezone

from crm.kernel.contributions import Invariant
from crm.kernel.files import StoredFile
from crm.kernel.limits import drifted
from crm.kernel.outbox import MAX_ATTEMPTS, Outbox

_DELIVERY = dt.timedelta(minutes=5)


def undelivered() -> Iterator[str]:
    """Work that a committed change asked for and that nobody has done for five minutes, counted from the time for which it is planned."""
    before = timezone.now() - _DELIVERY
    planned = Q(attempts=0, leased_until__gte=before)
    late = (Q(created_at__lt=before) & ~planned) | Q(attempts__gte=MAX_ATTEMPTS)
    for row in Outbox.objects.filter(late, done_at=None).order_by("id")[:100]:
        yield f"outbox row {row.pk} ({row.task}) is not done since {row.created_at:%Y-%m-%d %H:%M} UTC"


def missing_files() -> Iterator[str]:
    """Rows of files whose content is not there, or not of the size that was written."""
    for file in StoredFile.objects.order_by("id").iterator():
        if not file.path.exists() or file.path.stat().st_size != file.size:
            yield f"stored file {file.pk}: its content is missing or cut"


INVARIANTS = (
    Invariant("kernel.outbox", "Every outbox row is done within five minutes of its time", undelivered),
    Invariant("kernel.files", "Every stored file has its content", missing_files),
    Invariant("kernel.budgets", "Every budget's counter is the sum of its entries", drifted),
)
