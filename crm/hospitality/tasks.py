"""Celery entry points of hospitality."""

from celery import shared_task
from django.utils import timezone

from crm.hospitality import services


@shared_task(name="hospitality.keep_terms")
def keep_terms() -> int:
    """Held, expired and unclaimed events. Runs every hour on beat."""
    return services.keep_terms(now=timezone.now())
