"""Celery entry points of alerts."""

from celery import shared_task
from django.utils import timezone

from content.alerts import services
from crm.kernel.outbox import outbox_task

FIND = "alerts.find"


@outbox_task(FIND, steps=True)
def find(*, actor_id: int | None, clipping_ids: list[int]) -> None:
    """Clippings became readable."""
    services.find_stories(clipping_ids, now=timezone.now())


@shared_task(name="alerts.tell")
def tell() -> int:
    """Tell what is due. Runs each minute on beat."""
    return services.tell_due(now=timezone.now())
