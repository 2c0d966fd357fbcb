"""Celery entry points of approvals."""

from celery import shared_task
from django.utils import timezone

from crm.approvals import services


@shared_task(name="approvals.escalate")
def escalate() -> int:
    """Pass up what is late. Runs each minute on beat."""
    return services.escalate_due(now=timezone.now())


@shared_task(name="approvals.send_digests")
def send_digests() -> int:
    """Write the mails of the morning. Runs every five minutes on beat."""
    return services.send_digests(now=timezone.now())
