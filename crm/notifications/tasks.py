"""Celery entry points of notifications."""

from celery import shared_task
from django.utils import timezone

from crm.notifications import services


@shared_task(name="notifications.send_mails")
def send_mails() -> int:
    """Send mails whose time has come. Runs each minute on beat."""
    return services.send_due(now=timezone.now())


@shared_task(name="notifications.forget_old")
def forget_old() -> int:
    """Remove what is old. Runs every day on beat."""
    return services.forget_old(now=timezone.now())
