"""Celery entry points of concessions."""

from celery import shared_task

from crm.concessions import services
from crm.kernel import clock


@shared_task(name="concessions.watch")
def watch() -> int:
    """Escalate, note what is late, end what is over. Runs every ten minutes on beat."""
    return services.watch(now=clock.now())
